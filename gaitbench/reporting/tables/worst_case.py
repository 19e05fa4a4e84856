"""The worst case of each system by halves of the test people, beside the plain one."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.selection import rate_cell
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable

__all__ = ["worst_case"]

_COLUMNS = (
    Column("attacks", "Attacks", 0,
           meaning="attacks: how many, each counted under each gallery; none that fails its stranger test"),
    Column("people", "People", 0),
    Column("naive", "Highest rank-1 (%)", 1,
           meaning="highest rank-1: over all people, biased upward by having looked at many attacks"),
    Column("rank1", "By halves (%)", 1, interval=True,
           meaning="by halves: rank-1 of the attack that the other half of the people chose, both ways"),
    Column("chosen", "Chosen by halves", meaning="chosen by halves: how many halves chose each attack"),
)  # fmt: skip


def worst_case(record: Record) -> Table | None:
    """One row a system; None where the record has no such rows (it is older)."""
    rows = []
    for row in record.tables.get("worst_case", ()):
        cells = (
            Cell(row.attacks), Cell(row.people), Cell(row.naive), rate_cell(row.rank1, row.ci_low, row.ci_high),
            Cell(row.chosen),
        )  # fmt: skip
        section = system_text(row.anonymizer, row.colorizer)
        labels = {"source": "here", "anonymizer": row.anonymizer, "colorizer": row.colorizer}
        rows.append(Row(cells, section, labels))
    if not rows:
        return None
    splits = record.tables["worst_case"][0].splits
    caption = (
        f"The strongest attack is chosen on one half of the test people and measured on the other, both ways; mean "
        f"over {splits} random splits. The interval is over people, the choice made anew in each resample.",
        "It corrects for the number of attacks of one system, not for the number of systems.",
    )
    title = "Worst case over all attacks, by halves of the people"
    return Table("table_worst_case", title, caption, _COLUMNS, tuple(rows))


WORST_CASE = ReportTable("privacy", worst_case)
