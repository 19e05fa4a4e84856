"""What the page opens with besides words: one bar from nobody to everybody."""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.reporting.reading.verdicts import broken_controls, headline_verdict
from gaitbench.reporting.words.verdicts import LEVELS, of_100
from gaitbench.results.record import Record

__all__ = ["Bar", "bar_of"]


@dataclass(frozen=True)
class Bar:
    """Percent of the walks that are still named, between a guess and the untouched walks, and the same in words."""

    mark: str
    named: float
    low: float | None
    high: float | None
    chance: float
    untouched: float | None
    text: str


def bar_of(record: Record) -> Bar | None:
    """The bar of the anonymizer that the sentence speaks of; None where no ladder was run."""
    one = headline_verdict(record)
    if one is None:
        return None
    worst, untouched = one.worst, one.untouched
    text = (
        f"0 to 100 of 100 walks named: a blind guess {of_100(one.chance)}, {one.system} {of_100(one.named)}"
    )
    if untouched is not None:
        text += f", untouched {of_100(untouched)}"
    mark = LEVELS["unknown" if broken_controls(record) else one.level][0]
    return Bar(mark, one.named, worst.rank1_ci_low, worst.rank1_ci_high, one.chance, untouched, f"{text}.")
