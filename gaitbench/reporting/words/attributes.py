"""What is told of people besides their names? In words."""

from __future__ import annotations

from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.selection import unique
from gaitbench.reporting.words.answer import percent
from gaitbench.results.record import Record
from gaitbench.results.schema_pooled import Inference

__all__ = ["attribute_lines"]


def attribute_lines(record: Record, name: str) -> list[str]:
    """One line about an anonymizer: each attribute by the attacker who tells it best, beside the untouched figure."""
    rows: list[Inference] = [
        row for row in record.tables.get("attributes", ()) if row.anonymizer == name and row.after is not None
    ]
    if not rows:
        return []
    parts = []
    for attribute in unique(row.attribute for row in rows):
        best = max((row for row in rows if row.attribute == attribute), key=lambda row: row.after or 0.0)
        interval = ""
        if best.after_ci_low is not None and best.after_ci_high is not None:
            interval = f", {interval_name(record)} {best.after_ci_low:.1f} to {best.after_ci_high:.1f}"
        before = "" if best.before is None else f", untouched {percent(best.before)}"
        parts.append(f"{attribute} {percent(best.after or 0.0)} ({best.attacker}{interval}{before})")
    return [
        f"Besides the name, the strongest attacker tells of {name}: {'; '.join(parts)}. That is balanced accuracy: a "
        "blind guess has 50 %."
    ]
