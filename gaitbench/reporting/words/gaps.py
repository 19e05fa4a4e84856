"""Is somebody hidden less than others? In words, where the table of gaps says so beyond chance."""

from __future__ import annotations

from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.words.answer import percent
from gaitbench.results.record import Record
from gaitbench.results.schema_pooled import Gap

__all__ = ["gap_lines"]


def gap_lines(record: Record, name: str) -> list[str]:
    """A line a pair of groups between which the worst case of this anonymizer differs after Holm's correction.

    Of the worst cases of an anonymizer that many colorizers paint, the one with the largest difference speaks.
    """
    every: tuple[Gap, ...] = record.tables.get("gaps", ())
    found: dict[str, Gap] = {}
    for row in every:
        if row.anonymizer != name or row.role != "worst case" or not _told(record, row):
            continue
        best = found.get(row.first)
        if best is None or abs(row.difference or 0.0) > abs(best.difference or 0.0):
            found[row.first] = row
    return [_line(record, row, len(every)) for row in found.values()]


def _told(record: Record, row: Gap) -> bool:
    """Whether the interval leaves out 0, corrected over the table too."""
    if row.p_holm is None or row.ci_low is None or row.ci_high is None:
        return False
    return row.p_holm < 1.0 - record.confidence and (row.ci_low > 0 or row.ci_high < 0)


def _line(record: Record, row: Gap, tests: int) -> str:
    groups = [(row.first_rank1 or 0.0, row.first), (row.second_rank1 or 0.0, row.second)]
    (more, who), (less, others) = sorted(groups, reverse=True)
    low, high = sorted((abs(row.ci_low or 0.0), abs(row.ci_high or 0.0)))
    subject = who.capitalize() if who in ("women", "men") else f"The {who}"
    rest = others if others in ("women", "men") else f"the {others}"
    return (
        f"{subject} are hidden less than {rest} by {system_text(row.anonymizer, row.colorizer)}: in the worst case "
        f"{percent(more)} of their probes are named rightly, {percent(less)} of the others' (difference "
        f"{abs(row.difference or 0.0):.1f} points, {interval_name(record)} {low:.1f} to {high:.1f}; holds after "
        f"correction for {tests} comparisons)."
    )
