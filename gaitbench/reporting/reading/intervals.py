"""How sure the intervals of a record are, in words: the one place where their level is told."""

from __future__ import annotations

from gaitbench.results.record import Record

__all__ = ["brackets", "interval_name", "level_text"]


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
