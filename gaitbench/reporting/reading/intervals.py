"""How sure the intervals of a record are, in words: the one place where their level is told."""

from __future__ import annotations

from statistics import NormalDist

from gaitbench.results.record import Record

__all__ = ["POWER", "SEEN_SENTENCE", "brackets", "could_have_seen", "interval_name", "level_text"]

#: Share of studies that find a difference of the size that `could_have_seen` gives.
POWER = 0.8
SEEN_SENTENCE = (
    f"Could have seen: the smallest difference that a study with this interval finds in {100 * POWER:.0f} % of all "
    "trials; a smaller one would often go unseen."
)


def level_text(confidence: float) -> str:
    """A level of confidence as people write it.

    Examples
    --------
    >>> level_text(0.95), level_text(0.999)
    ('95 %', '99.9 %')
    """
    return f"{100 * confidence:.6g} %"


def interval_name(record: Record) -> str:
    """What an interval of the record is called, such as ``95 % interval``."""
    return f"{level_text(record.confidence)} interval"


def brackets(record: Record, rest: str = "") -> str:
    """The sentence about the brackets of a table; `rest` goes on after its last word."""
    return f"Brackets: {interval_name(record)} over subjects{rest}."


def could_have_seen(low: float | None, high: float | None, confidence: float) -> float | None:
    """Smallest difference that a study of this size finds four times in five, from the width of its interval.

    A normal estimate with the standard error that the interval tells: half its width over ``z(confidence)``, times
    ``z(confidence) + z(POWER)`` (Cohen 1988). The interval "finds" a difference where it excludes zero.

    Parameters
    ----------
    low, high : float or None
        The interval, in the unit of the difference.
    confidence : float
        Its level, in (0, 1).

    Examples
    --------
    >>> round(could_have_seen(-1.0, 1.0, 0.95), 2)
    1.43
    """
    if low is None or high is None:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    return (high - low) / 2 / z * (z + NormalDist().inv_cdf(POWER))
