"""Release gates: a condition on a figure of the record, written as text, such as ``worst.rank1 <= 10``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from gaitbench.errors import ConfigError
from gaitbench.nearest import nearest

__all__ = ["FIGURES", "Gate", "GateResult", "parse_gate"]

#: What a gate may ask for, and what it is. Percent where nothing else is said.
FIGURES: dict[str, str] = {
    "worst.rank1": "rank-1 of the strongest attack",
    "worst.rank1.high": "upper end of its interval",
    "worst.over_chance": "points of it above a blind guess",
    "gait.rank1": "rank-1 of the strongest attack that reads silhouettes alone",
    "gait.rank1.high": "upper end of its interval",
    "slides.success": "success M/|S| under the slides' attacker, all angles together",
    "slides.success.lowest": "the same at its worst angle",
    "picture.psnr": "PSNR in dB, worst set, best colorizer, the report's first reference",
    "picture.ssim": "SSIM, likewise",
    "controls.broken": "controls that did not give their known answer",
    "failures": "cells that could not be computed",
}
#: Figures of the run, not of a system.
OF_THE_RUN = ("controls.broken", "failures")

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip
_FORM = re.compile(r"^(?:(?P<system>.+):)?(?P<figure>[a-z0-9_.]+)(?P<sign><=|>=|<|>)(?P<bound>[^<>=]+)$")


@dataclass(frozen=True)
class GateResult:
    """What came of a gate.

    Parameters
    ----------
    text : str
        The gate as it was given.
    passed : bool
        A figure that was not measured passes no gate.
    detail : str
        The figure of each system that it was held against.
    """

    text: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class Gate:
    """``[SYSTEM:]FIGURE SIGN NUMBER``.

    Parameters
    ----------
    text : str
    system : str
        An anonymizer of the run; empty: every one must pass.
    figure : str
        One of `FIGURES`.
    sign : str
        ``<=``, ``<``, ``>=`` or ``>``.
    bound : float
    """

    text: str
    system: str
    figure: str
    sign: str
    bound: float

    def judge(self, figures: Mapping[str, Mapping[str, float | None]]) -> GateResult:
        """Hold the gate against figures by system (the run's own under ``""``).

        Parameters
        ----------
        figures : mapping of str to mapping of str to float or None
            System -> figure -> value; None: undefined.
        """
        whose: Iterable[str] = [""] if self.figure in OF_THE_RUN else [s for s in figures if s]
        if self.system:
            whose = [s for s in whose if s == self.system]
        values = {system: figures.get(system, {}).get(self.figure) for system in whose}
        if not values:
            who = f"system {self.system}" if self.system else "figure"
            return GateResult(self.text, False, f"no such {who} in this run")
        passed = all(v is not None and _COMPARE[self.sign](v, self.bound) for v in values.values())
        told = (
            f"{name + ': ' if name else ''}{'not measured' if v is None else f'{v:.6g}'}"
            for name, v in values.items()
        )
        return GateResult(self.text, passed, "; ".join(told))


def parse_gate(text: str) -> Gate:
    """Read a gate.

    Raises
    ------
    ConfigError
        If it has another form, or asks for a figure that does not exist.

    Examples
    --------
    >>> gate = parse_gate("model-2: worst.rank1 <= 10")
    >>> gate.system, gate.figure, gate.sign, gate.bound
    ('model-2', 'worst.rank1', '<=', 10.0)
    >>> gate.judge({"model-2": {"worst.rank1": 41.5}}).detail
    'model-2: 41.5'
    """
    found = _FORM.match("".join(text.split()))
    bound = _number(found["bound"]) if found else None
    if found is None or bound is None:
        raise ConfigError(
            f"--require {text!r} is no gate; write [SYSTEM:]FIGURE <= NUMBER (or <, >=, >), such as "
            f"'worst.rank1 <= 10'; figures: {', '.join(FIGURES)}"
        )
    if found["figure"] not in FIGURES:
        raise ConfigError(
            f"--require {text!r}: there is no figure {found['figure']!r}{nearest(found['figure'], list(FIGURES))}"
        )
    if found["system"] and found["figure"] in OF_THE_RUN:
        raise ConfigError(
            f"--require {text!r}: {found['figure']} is a figure of the run; leave {found['system']}: out"
        )
    return Gate(text, found["system"] or "", found["figure"], found["sign"], bound)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None
