"""An answer of the summary, and how its lines write a share."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LINES", "Answer", "percent"]

#: Lines of one kind in an answer: the others stand in a table.
LINES = 5


@dataclass(frozen=True)
class Answer:
    """An answer: `mark` is good, mixed, bad or unknown; `short` one line; `lines` the evidence."""

    mark: str
    short: str
    lines: tuple[str, ...]


def percent(value: float) -> str:
    """A share in percent with one decimal."""
    return f"{value:.1f} %"
