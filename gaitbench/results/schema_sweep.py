"""Rows of a sweep: privacy and quality of one system over its settings, and quality at equal success."""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.results.schema import _interval, _percent

__all__ = ["SWEPT_MEASURES", "EqualSuccess", "Swept"]

#: `success` and `rank1` in percent under the slides' attacker, `worst_rank1` under the strongest attack of the sweep,
#: `attack_rank1` under each of its attacks (one row each; none in records of before),
#: `iou` with the original's silhouette in 0..1 on the frames that are painted, `psnr` in dB and `ssim` under reference
#: ``original``, `nearest` (distance to the nearest real silhouette over the usual one, 1 is best) of naturalness.
SWEPT_MEASURES: tuple[str, ...] = (
    "success", "rank1", "worst_rank1", "attack_rank1", "iou", "nearest", "psnr", "ssim",
)  # fmt: skip


@dataclass(frozen=True)
class Swept:
    """One measure of an anonymizer under one choice of settings.

    Parameters
    ----------
    anonymizer : str
        As registered.
    variant : str
        The settings (``strength=0.5``); empty: its own.
    colorizer : str
        Who painted it; ``none`` where no picture is read.
    attack : str
        Attacker and recognizer, for rank-1 and success; empty else.
    measure : str
        One of `SWEPT_MEASURES`.
    value, ci_low, ci_high : float or None
        Mean over probes or pictures, interval over people.
    n : int
        Probes or pictures; of `success` those named before.
    curve : str
        The system with those settings that stay the same along its curve: ``deform[heights=4]``.
    at : float or None
        Where on the curve it stands: the value of the setting that changes; None where that is no number.
    """

    anonymizer: str
    variant: str
    colorizer: str
    attack: str
    measure: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    curve: str = ""
    at: float | None = None

    def __post_init__(self) -> None:
        _interval(self.measure, self.ci_low, self.ci_high)
        if self.measure in ("success", "rank1", "worst_rank1", "attack_rank1"):
            _percent("a rate", self.value, self.ci_low, self.ci_high)


@dataclass(frozen=True)
class EqualSuccess:
    """Quality of an anonymizer where its success under the slides' attacker is `success`, between two settings.

    `anonymizer` is the curve: the system with those settings that stay the same along it. `value` is linear between two
    neighbours on the curve; None where it crosses that success not at all or more than once (`crossings`); its settings
    reach from `lowest` to `highest` percent. The interval is over people, success and quality drawn together; None
    where more than one resample in twenty has no single crossing.
    """

    success: float
    anonymizer: str
    colorizer: str
    measure: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    lowest: float
    highest: float
    settings: int
    crossings: int

    def __post_init__(self) -> None:
        _interval(self.measure, self.ci_low, self.ci_high)
        _percent("a success", self.success, self.lowest, self.highest)
