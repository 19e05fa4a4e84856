"""What the tables of the success rate share: means, captions, and colorizers whose counts are equal."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.reporting.formats.table import Cell, State
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import data_sentence, unique
from gaitbench.results.record import Record
from gaitbench.results.schema import SuccessRate

__all__ = ["OTHER_SENTENCE", "AttackKey", "caption_of", "mean_of", "same_counts"]

_DEFINITION = (
    "S: probes the recognizer names correctly before anonymization; M: those of S it names wrongly after; "
    "N: all probes; success = 100 M/|S|; chance: success of a blind guess."
)
_REST = "; figures without brackets (means, too) have none"
_NO_INTERVAL = (
    "No figure here has an interval; the cells they are taken from have theirs in the tables by angle."
)
OTHER_SENTENCE = (
    "The slides run one attack only, that of Table III: no figure here may be set beside their range over "
    "the angles."
)
#: Attacker, recognizer, input, gallery.
AttackKey = tuple[str, str, str, str]


def same_counts(rows: Sequence[SuccessRate]) -> list[tuple[list[str], list[SuccessRate]]]:
    """Colorizers whose counts are equal at every angle, together: [(colorizers, rows of the first)]."""
    found: dict[tuple[tuple[int, int, int, int], ...], tuple[list[str], list[SuccessRate]]] = {}
    for colorizer in unique(row.colorizer for row in rows):
        own = sorted((row for row in rows if row.colorizer == colorizer), key=lambda row: row.angle)
        counts = tuple((row.angle, row.n, row.s, row.m) for row in own)
        found.setdefault(counts, ([], own))[0].append(colorizer)
    return list(found.values())


def mean_of(values: Sequence[float | None]) -> Cell:
    """Unweighted mean of the values that are there; undefined where there is none."""
    known = [value for value in values if value is not None]
    return Cell(sum(known) / len(known)) if known else Cell(state=State.UNDEFINED)


def caption_of(
    record: Record, *sentences: str, interval: bool = True, definition: str = _DEFINITION
) -> tuple[str, ...]:
    """Own sentences of a table, then the definition, what stands in brackets, and the data."""
    return (
        *sentences,
        definition,
        brackets(record, _REST) if interval else _NO_INTERVAL,
        data_sentence(record),
    )
