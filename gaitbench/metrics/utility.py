"""What a gait is still good for: measures of one anonymized sequence beside the original (all ours).

Each is a value with a name, a direction and a title, called with the silhouettes after and before and the true cycle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["UtilityMeasure", "asymmetry", "leg_opening"]

Masks = NDArray[np.bool_]

#: Part of the picture's rows, from below, in which legs open.
_LEGS = 0.3


@dataclass(frozen=True)
class UtilityMeasure:
    """A measure of what stays useful.

    Parameters
    ----------
    name : str
    function : callable
        ``function(after, before, *, period, fps)`` with silhouettes bool (T, h, w), the true frames a cycle (NaN where
        nobody knows them) and the frames a second, to a number; NaN where nothing can be said.
    direction : {"higher", "lower"}
    title : str
        Head of its rows.
    unit : str

    Raises
    ------
    ValueError
        If the direction is another, or the function cannot be called.
    """

    name: str
    function: Callable[..., float]
    direction: Literal["higher", "lower"]
    title: str
    unit: str = ""

    def __post_init__(self) -> None:
        if self.direction not in ("higher", "lower") or not callable(self.function):
            raise ValueError(f"utility {self.name!r}: give a function, and 'higher' or 'lower'")

    def __call__(self, after: Masks, before: Masks, *, period: float, fps: float) -> float:
        """The value of one sequence."""
        return float(self.function(after, before, period=period, fps=fps))


def leg_opening(silhouettes: Masks) -> NDArray[np.float64]:
    """Width of the silhouette in its lower three tenths over its height, for each frame.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
        Aligned, so that the person fills the rows.

    Returns
    -------
    float64 array (T,)
        0 where there is nothing.

    Examples
    --------
    >>> frames = np.zeros((1, 10, 8), bool)
    >>> frames[0, :, 3] = frames[0, 8, 1:6] = True
    >>> leg_opening(frames).tolist()
    [0.5]
    """
    rows = silhouettes.shape[1]
    seen = np.any(silhouettes[:, rows - round(_LEGS * rows) :], axis=1)
    first, last = seen.argmax(axis=1), seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    width = np.where(seen.any(axis=1), last - first + 1, 0)
    return np.asarray(width / rows, dtype=np.float64)


def asymmetry(opening: NDArray[np.float64], period: float) -> float:
    """How unlike a person's two steps are: the swing of one cycle over that of one step, from 0 (alike).

    Sines and cosines of one and two swings a cycle are fitted to the opening; NaN where the steps do not swing, or
    there are fewer frames than a cycle has.

    Parameters
    ----------
    opening : float64 array (T,)
    period : float
        Frames a cycle.
    """
    if not np.isfinite(period) or len(opening) < period:
        return float("nan")
    phase = 2 * np.pi * np.arange(len(opening)) / period
    waves = np.stack(
        [np.ones(len(opening)), *(f(h * phase) for h in (1, 2) for f in (np.cos, np.sin))], axis=1
    )
    fitted = np.linalg.lstsq(waves, opening, rcond=None)[0]
    cycle, step = np.hypot(*fitted[1:3]), np.hypot(*fitted[3:5])
    return float(cycle / step) if step > 1e-3 else float("nan")
