"""A measure as a value: what it is called, which way is better, its unit, and what it needs to be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gaitbench.metrics.pictures import flicker, gmsd, psnr, sharpness_ratio, ssim

__all__ = ["FLICKER", "GMSD", "PSNR", "SHARPNESS", "SSIM", "Direction", "Measure", "as_measure"]

#: Which way is better: up, down, the nearer to a number the better, or not said.
Direction = Literal["higher", "lower"] | float | None


@dataclass(frozen=True)
class Measure:
    """A picture measure; calling it calls its function.

    Parameters
    ----------
    name : str
        As suites, records and tables spell it.
    function : callable
        ``function(shown, target, *, region=None)`` with pictures float (N, H, W, 3) in [0, 1] and a bool region
        (N, H, W) or None, to numbers (N,). A temporal one gets consecutive frames (T, H, W, 3) and gives T - 1.
    direction : {"higher", "lower"}, float or None
        A float is the best value (a ratio that is best at 1); None where nothing is said.
    unit : str
        Empty for a number without one.
    temporal : bool
        It reads consecutive frames: a run keeps pairs of neighbouring frames for it.
    undefined : str
        Where it says nothing (NaN, or infinity that is counted and not averaged).
    title : str
        As a table's head; `name` if empty.
    settings : mapping
        What the run passes to the function beyond the pictures.

    Raises
    ------
    ValueError
        If the direction is none of these, or the function cannot be called.

    Examples
    --------
    >>> error = Measure("error", lambda a, b, *, region=None: abs(a - b).mean(axis=(1, 2, 3)), "lower")
    >>> error.better
    'lower is better'
    """

    name: str
    function: Callable[..., Any]
    direction: Direction = None
    unit: str = ""
    temporal: bool = False
    undefined: str = ""
    title: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = self.direction is None or self.direction in ("higher", "lower")
        if not known and (
            isinstance(self.direction, bool | str) or not isinstance(self.direction, int | float)
        ):
            raise ValueError(
                f"measure {self.name!r}: direction is {self.direction!r}; give 'higher', 'lower' or the best value"
            )
        if not callable(self.function):
            raise ValueError(f"measure {self.name!r}: its function cannot be called")

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What the function gives for these arguments and `settings`."""
        return self.function(*arguments, **self.settings, **named)

    @property
    def better(self) -> str:
        """The direction in words; empty where nothing is said."""
        if self.direction is None:
            return ""
        return (
            f"{self.direction} is better"
            if isinstance(self.direction, str)
            else f"{self.direction:g} is best"
        )


def as_measure(name: str, thing: Any) -> Measure:
    """What a registry holds under a name as a measure: a `Measure` as it is, a plain function wrapped.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if isinstance(thing, Measure):
        return thing
    if callable(thing):
        return Measure(name, thing)
    raise ValueError(f"metric {name!r} is a {type(thing).__name__}; register a function or a Measure")


PSNR = Measure("psnr", psnr, "higher", "dB", undefined="infinite for identical pictures", title="PSNR")
SSIM = Measure(
    # Crowns and shoes touch the border of the crop: there, too, every pixel counts.
    "ssim", ssim, "higher", undefined="an empty region", title="SSIM", settings={"border": "mirror"},
)  # fmt: skip
GMSD = Measure("gmsd", gmsd, 0.0, undefined="an empty region", title="GMSD")
SHARPNESS = Measure("sharpness", sharpness_ratio, 1.0, undefined="a flat reference", title="Sharpness")
FLICKER = Measure(
    "flicker",
    flicker,
    0.0,
    temporal=True,
    undefined="no next frame, or no pixel that both share",
    title="Flicker",
)
