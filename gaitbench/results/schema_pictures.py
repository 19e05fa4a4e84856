"""Rows about pictures and gaits beyond PSNR and SSIM: further measures, naturalness, utility, ablations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gaitbench.results.schema import LEAST_TRAININGS, _interval

__all__ = [
    "Ablation", "MarginClaim", "Naturalness", "PictureMeasure", "Rated", "TrainingSpread", "Utility", "UtilityAgain",
]  # fmt: skip


@dataclass(frozen=True)
class PictureMeasure:
    """Mean of a further picture measure (`gmsd`, `sharpness`, `flicker`, a third party's) of one system on one set.

    `title`, `unit` and `better` (the direction in words) are the measure's own (`gaitbench.metrics.measure.Measure`);
    empty where it says nothing, and in records before version 3.

    `gmsd` is 0 for identical pictures; `sharpness` is gradient energy over the reference's, 1 is best; `flicker` is
    the change between frames beyond the reference's own, 0 is best.
    """

    anonymizer: str
    colorizer: str
    set: str
    reference: str
    measure: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    title: str = ""
    unit: str = ""
    better: str = ""

    def __post_init__(self) -> None:
        _interval(self.measure, self.ci_low, self.ci_high)


@dataclass(frozen=True)
class Naturalness:
    """How natural the anonymized gaits look to a measure (see docs/measures.md), mean over sequences.

    `variant` holds settings (``strength=0.1``), or is empty for the system with its own; ``incomplete input``: over the
    probes of the incomplete set alone. (Up to version 0.2 a strength was written ``strength 0.1``.) `convention` says
    by what a measure was taken that hangs on more than its name, such as the embedding of ``frechet``.
    """

    anonymizer: str
    variant: str
    measure: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    convention: str = ""

    def __post_init__(self) -> None:
        _interval(self.measure, self.ci_low, self.ci_high)


@dataclass(frozen=True)
class Ablation:
    """Picture quality of a colorizer with one of its choices changed; `changed` says which (empty: as it is).

    `gain` is its PSNR minus that of the row `after`, paired by picture; None where there is nothing before.
    """

    anonymizer: str
    colorizer: str
    changed: str
    set: str
    reference: str
    psnr: float | None
    psnr_ci_low: float | None
    psnr_ci_high: float | None
    ssim: float | None
    sharpness: float | None
    n: int
    after: str = ""
    gain: float | None = None
    gain_ci_low: float | None = None
    gain_ci_high: float | None = None

    def __post_init__(self) -> None:
        _interval("psnr", self.psnr_ci_low, self.psnr_ci_high)
        _interval("gain", self.gain_ci_low, self.gain_ci_high)


@dataclass(frozen=True)
class TrainingSpread:
    """One system over its trainings: mean, interval over people and trainings, and how far the trainings lie apart.

    `measure` is ``success`` (percent, of an anonymizer's trainings under an attack, at an angle or, None, over all
    probes) or a picture measure (of a colorizer's, on a set under a reference). `sd`, `lowest`, `highest` are over the
    trainings, each a mean over the same people.
    """

    anonymizer: str
    colorizer: str
    attacker: str
    recognizer: str
    input: str
    gallery: str
    measure: str
    set: str
    reference: str
    angle: int | None
    trainings: int
    value: float
    ci_low: float | None
    ci_high: float | None
    sd: float
    lowest: float
    highest: float
    n: int

    def __post_init__(self) -> None:
        _interval(self.measure, self.ci_low, self.ci_high)
        if self.trainings < 2 or self.sd < 0 or not self.lowest <= self.highest:
            raise ValueError(
                f"{self.trainings} trainings from {self.lowest} to {self.highest} with sd {self.sd} contradict "
                "each other"
            )


@dataclass(frozen=True)
class Utility:
    """One measure of utility of one system, mean over sequences, interval over people.

    Parameters
    ----------
    anonymizer, variant : str
        As registered, and its settings (empty: its own). ``original`` is the ceiling, ``constant`` the floor.
    measure : str
        As registered, or ``direction``, ``pose``.
    condition : str
        Walking condition; ``all`` over all of them.
    value, ci_low, ci_high : float or None
    n : int
        Sequences of which something can be said.
    title, unit : str
    direction : str
        Which way is better: ``higher`` or ``lower``.
    """

    anonymizer: str
    variant: str
    measure: str
    condition: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    title: str
    unit: str
    direction: Literal["higher", "lower"]

    def __post_init__(self) -> None:
        _interval(self.measure, self.ci_low, self.ci_high)


@dataclass(frozen=True)
class UtilityAgain(Utility):
    """A measure of utility of silhouettes that were extracted again out of painted pictures.

    Parameters
    ----------
    painter : str
        Who painted them; ``none``: the untouched people in their own colours, extracted in the same way (the ceiling).
    frames : int
        Of a walk, evenly spread: as many as attackers of pictures see.
    """

    painter: str
    frames: int


@dataclass(frozen=True)
class MarginClaim:
    """A claim of non-inferiority: over one anonymizer, `a` is not worse than `b` by more than `margin`.

    Parameters
    ----------
    anonymizer, a, b : str
        `a` and `b` are colorizers.
    set, reference, measure : str
        `set` is ``all`` for all pictures together.
    margin : float
        In the unit of the measure, above 0.
    title, unit : str
        Of the measure.
    difference : float
        ``a`` minus ``b``, turned so that more is better.
    low, high : float or None
        One-sided bounds of the difference, each at the suite's confidence; None from fewer than two people.
    p_value : float or None
        One-sided, for "worse by the margin or more".
    smallest : float or None
        The smallest margin that a study of this size shows four times in five, where both are equally good.
    n, people : int
        Pictures of both, and whose.
    trainings_a, trainings_b : int
        Of the two; 0 where nothing is learnt.
    """

    anonymizer: str
    a: str
    b: str
    set: str
    reference: str
    measure: str
    margin: float
    title: str
    unit: str
    difference: float
    low: float | None
    high: float | None
    p_value: float | None
    smallest: float | None
    n: int
    people: int
    trainings_a: int
    trainings_b: int

    def __post_init__(self) -> None:
        _interval("the difference", self.low, self.high)
        if not self.margin > 0:
            raise ValueError(f"the margin is {self.margin}; it is greater than 0")

    @property
    def few_trainings(self) -> bool:
        """Whether one that learns was trained fewer than `LEAST_TRAININGS` times: how far they lie apart is unknown."""
        return any(0 < count < LEAST_TRAININGS for count in (self.trainings_a, self.trainings_b))

    @property
    def verdict(self) -> Literal["holds", "does not hold", "cannot be told"]:
        """What the bounds say; nothing from one or two trainings, as with differences."""
        if self.low is None or self.high is None or self.few_trainings:
            return "cannot be told"
        if self.low > -self.margin:
            return "holds"
        return "does not hold" if self.high < -self.margin else "cannot be told"


@dataclass(frozen=True)
class Rated:
    """What people thought of a system, from a file of ratings; or their agreement over all systems together.

    Parameters
    ----------
    system : str
        As the file spells it.
    score, ci_low, ci_high : float or None
        Mean on the raters' own scale, interval over raters and clips; None over all systems together.
    n, raters, clips : int
        Scores, people, and clips (one that several systems show counts once for each).
    alpha_ordinal, alpha_interval : float or None
        Krippendorff's alpha of ranks and of numbers; None where nothing can be said.
    """

    system: str
    score: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    raters: int
    clips: int
    alpha_ordinal: float | None
    alpha_interval: float | None

    def __post_init__(self) -> None:
        _interval("the score", self.ci_low, self.ci_high)
        if min(self.n, self.raters, self.clips) < 1:
            raise ValueError(
                f"n = {self.n}, raters = {self.raters}, clips = {self.clips}: each is 1 at least"
            )
