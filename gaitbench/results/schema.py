"""The record's schema, version 4: one frozen dataclass per kind of row.

Conventions: rates, chances and rank-1 are in percent (0..100), angles in degrees, PSNR in decibels, SSIM is
dimensionless. ``None`` (JSON ``null``) means *undefined*: a rate with ``s == 0``, a mean PSNR of pictures
that are all identical to their reference. Nothing undefined is ever written as 0 or 100.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gaitbench.protocol import (
    ATTACKERS,
    BROKEN,
    CONTROLS,
    EXTRAPOLATION,
    GALLERIES,
    LITTLE_LOSS,
    SLIDES_HIGHEST,
    SLIDES_LOWEST,
    SLIDES_SYSTEM,
)
from gaitbench.results.files.own_files import safe_relative

__all__ = [
    "ATTACKERS", "BROKEN", "CONTROLS", "EXTRAPOLATION", "GALLERIES", "LEAST_TRAININGS", "LITTLE_LOSS",
    "SCHEMA_VERSION",
    "SCORE_COLUMNS", "SLIDES_HIGHEST", "SLIDES_LOWEST", "SLIDES_SYSTEM", "Check", "Competence", "Failure", "Quality",
    "QualityDifference", "Sample", "SetShare", "Stage", "SuccessRate",
]  # fmt: skip

#: Version that this code writes. Older ones are migrated on reading, newer ones refused.
SCHEMA_VERSION = 4

#: Trainings of a system from which a difference to it can be told; intervals from two are too narrow.
LEAST_TRAININGS = 3

#: Columns of ``scores.parquet`` and their pandas types; one row per sequence and measure.
SCORE_COLUMNS: dict[str, str] = {
    "kind": "str",  # identification | quality
    "key": "str",
    "subject": "str",
    "walk": "str",
    "condition": "str",
    "angle": "int",
    "anonymizer": "str",
    "colorizer": "str",
    "attacker": "str",
    "recognizer": "str",
    "input": "str",
    "gallery": "str",
    "set": "str",
    "reference": "str",
    "measure": "str",  # correct_before | correct_after | psnr | ssim
    "value": "float",
    "named": "str",
}


def _percent(name: str, *values: float | None) -> None:
    for value in values:
        if value is not None and not -1e-9 <= value <= 100 + 1e-9:
            raise ValueError(f"{name} is {value}, not a percentage between 0 and 100")


def _interval(name: str, low: float | None, high: float | None) -> None:
    if (low is None) != (high is None):
        raise ValueError(f"the interval of {name} has one end only")
    if low is not None and high is not None and low > high:
        raise ValueError(f"the interval of {name} is upside down: [{low}, {high}]")


@dataclass(frozen=True)
class SuccessRate:
    """One cell of the success-rate table: one system, one attack, one angle.

    Raises
    ------
    ValueError
        If the counts contradict each other or the rate (``100 m / s``; `None` exactly when ``s == 0``).
        The gallery ``cross-view`` averages over gallery angles: its rate need not be ``100 m / s``.
    """

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    angle: int
    n: int
    s: int
    m: int
    rate: float | None
    ci_low: float | None
    ci_high: float | None
    chance: float
    rank1_before: float | None
    rank1_after: float | None

    def __post_init__(self) -> None:
        if not 0 <= self.m <= self.s <= self.n:
            raise ValueError(f"m = {self.m}, s = {self.s}, n = {self.n} contradict 0 <= m <= s <= n")
        if (self.rate is None) != (self.s == 0):
            raise ValueError(f"rate is {self.rate} with s = {self.s}; it is null exactly when s is 0")
        if (
            self.rate is not None
            and self.gallery != "cross-view"
            and abs(self.rate - 100 * self.m / self.s) > 1e-3
        ):
            raise ValueError(f"rate is {self.rate}, but 100 m / s = {100 * self.m / self.s}")
        _percent(
            "a rate", self.rate, self.ci_low, self.ci_high, self.chance, self.rank1_before, self.rank1_after
        )
        _interval("the rate", self.ci_low, self.ci_high)


@dataclass(frozen=True)
class Quality:
    """Mean picture quality of one system on one set under one reference; `infinite` pictures had no error.

    `trainings`: how often the colorizer was trained; 0 where it learns nothing. Means are over them, and so are the
    intervals of several. None in older records, which do not say (everything was trained once).
    """

    anonymizer: str
    colorizer: str
    set: str
    reference: str
    psnr: float | None
    psnr_ci_low: float | None
    psnr_ci_high: float | None
    ssim: float | None
    ssim_ci_low: float | None
    ssim_ci_high: float | None
    n: int
    infinite: int = 0
    trainings: int | None = None

    def __post_init__(self) -> None:
        if self.n < 0 or self.infinite < 0:
            raise ValueError(f"n = {self.n}, infinite = {self.infinite}: a count cannot be negative")
        _interval("psnr", self.psnr_ci_low, self.psnr_ci_high)
        _interval("ssim", self.ssim_ci_low, self.ssim_ci_high)


@dataclass(frozen=True)
class QualityDifference:
    """Paired difference `a` minus `b` of two colorizers on the same sequences.

    `p_value` is two-sided (Student's t over subjects); `p_holm` is corrected over all differences of the record (Holm).
    `trainings_a` and `trainings_b` as in `Quality`; of several, interval and p are over subjects and trainings, and
    `lowest` and `highest` are the extremes over all pairs of a training of `a` and one of `b`.
    """

    anonymizer: str
    a: str
    b: str
    set: str
    reference: str
    measure: str
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    p_value: float | None = None
    p_holm: float | None = None
    trainings_a: int | None = None
    trainings_b: int | None = None
    lowest: float | None = None
    highest: float | None = None

    def __post_init__(self) -> None:
        if self.measure not in ("psnr", "ssim"):
            raise ValueError(f"measure is {self.measure!r}, not 'psnr' or 'ssim'")
        _interval("the difference", self.ci_low, self.ci_high)

    @property
    def few_trainings(self) -> bool:
        """Whether one that learns was trained fewer than `LEAST_TRAININGS` times, or nobody knows how often."""
        return any(
            count is None or 0 < count < LEAST_TRAININGS for count in (self.trainings_a, self.trainings_b)
        )

    @property
    def winner(self) -> str | None:
        """The better of the two where the interval excludes zero, else `None` (higher is better).

        Nobody wins by one or two trainings: how far trainings lie apart is not known from them.
        """
        if self.few_trainings:
            return None
        if self.ci_low is not None and self.ci_low > 0:
            return self.a
        if self.ci_high is not None and self.ci_high < 0:
            return self.b
        return None


@dataclass(frozen=True)
class Competence:
    """Rank-1 of a recognizer on untouched probes; `angle` is None for the mean over the angles."""

    recognizer: str
    gallery: str
    condition: str
    angle: int | None
    n: int
    rank1: float | None
    ci_low: float | None
    ci_high: float | None

    def __post_init__(self) -> None:
        _percent("rank-1", self.rank1, self.ci_low, self.ci_high)
        _interval("rank-1", self.ci_low, self.ci_high)


@dataclass(frozen=True)
class SetShare:
    """How many test sequences a set holds; `share` in percent."""

    set: str
    sequences: int
    share: float


@dataclass(frozen=True)
class Stage:
    """What one stage of the run took."""

    name: str
    seconds: float
    peak_memory_mb: float | None
    cached: bool


@dataclass(frozen=True)
class Check:
    """Something that was looked at after the run.

    Parameters
    ----------
    name : str
        What should hold.
    passed : bool or None
        None where it cannot be told.
    detail : str
        The figures.
    kind : str
        ``control``: a known answer; where it is not given, the figures of the run are to be distrusted.
        ``finding``: about a system or a recognizer, part of the verdict on it. ``claim``: of the slides.
    """

    name: str
    passed: bool | None
    detail: str
    kind: Literal["control", "finding", "claim"]


@dataclass(frozen=True)
class Failure:
    """Something that did not work. `cell` is ``"name=value, name=value"`` in the terms of the tables.

    Examples
    --------
    >>> Failure("colorizers", "anonymizer=model-2, colorizer=proposed", "out of memory").parts
    {'anonymizer': 'model-2', 'colorizer': 'proposed'}
    >>> Failure("quality", "anonymizer=deform[heights=6,strength=0.1], set=plain", "empty").parts["anonymizer"]
    'deform[heights=6,strength=0.1]'
    """

    stage: str
    cell: str
    message: str

    @property
    def parts(self) -> dict[str, str]:
        """The cell as names and values; empty where it is free text."""
        # the text of a system, model-2[strength=0.5,width=8], has commas, but none before a space
        pairs = [part.partition("=") for part in self.cell.split(", ")]
        return {name.strip(): value.strip() for name, sign, value in pairs if sign}

    def covers(self, **coordinates: object) -> bool:
        """Whether every part of the failed cell is among `coordinates` with that value.

        The key of a single sequence is passed over: a table cell that has no row at all, and whose system failed
        on sequences, is a failed cell.
        """
        parts = {name: value for name, value in self.parts.items() if name != "key"}
        return bool(parts) and all(
            name in coordinates and str(coordinates[name]) == value for name, value in parts.items()
        )


@dataclass(frozen=True)
class Sample:
    """A test sequence whose pictures are stored beside the record.

    `strips` maps a system (``original``, ``silhouette``, ``anonymized`` or a colorizer) to a PNG with the
    `frames` frames of `height` x `width` pixels side by side; `gei` maps ``before`` and ``after`` to a PNG.
    Paths are relative to the run's folder, with forward slashes.
    """

    key: str
    angle: int
    condition: str
    sets: tuple[str, ...]
    frames: int
    height: int
    width: int
    strips: Mapping[str, str]
    gei: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if min(self.frames, self.height, self.width) < 1:
            raise ValueError("frames, height and width of a sample must be at least 1")
        for path in (*self.strips.values(), *self.gei.values()):
            if not safe_relative(path):
                raise ValueError(f"the picture {path!r} of {self.key} does not lie in the folder of the run")
