"""What people thought of the pictures: mean scores, and how far the raters agree."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.intervals import level_text
from gaitbench.reporting.reading.labels import labels_of
from gaitbench.reporting.reading.selection import rate_cell
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema_pictures import Rated

__all__ = ["ratings"]

_COLUMNS = (
    Column("system", "System"), Column("score", "Score", 2, interval=True),
    Column("ordinal", "Alpha, ranks", 3,
           meaning="alpha: agreement beyond chance (Krippendorff), 1 perfect, 0 none; within one system it is lower "
           "where its clips are alike"),
    Column("interval", "Alpha, numbers", 3),
    Column("raters", "Raters", 0), Column("clips", "Clips", 0), Column("n", "Scores", 0),
)  # fmt: skip


def ratings(record: Record) -> Table | None:
    """One row a system, then all together; None where nobody rated."""
    held: tuple[Rated, ...] = record.tables.get("ratings", ())
    if not held:
        return None
    labels = labels_of(record)["anonymizer"]
    rows = []
    for row in held:
        undefined = Cell(state=State.UNDEFINED)
        cells = (
            Cell(labels.get(row.system, row.system)),
            Cell(state=State.NOT_RUN) if row.score is None else rate_cell(row.score, row.ci_low, row.ci_high),
            undefined if row.alpha_ordinal is None else Cell(row.alpha_ordinal),
            undefined if row.alpha_interval is None else Cell(row.alpha_interval),
            Cell(row.raters), Cell(row.clips), Cell(row.n),
        )  # fmt: skip
        rows.append(Row(cells, "", {"source": "here"}))
    known = {row.anonymizer for row in record.success_rate}
    known |= {name for row in record.quality for name in (row.anonymizer, row.colorizer)}
    known |= {system_text(row.anonymizer, row.colorizer) for row in record.quality}
    shown = {row.system: labels.get(row.system, row.system) for row in held if row.score is not None}
    strange = [name for name, label in shown.items() if name not in known and label not in known]
    told = record.provenance.get("ratings", {})
    caption = (
        "Scores as the raters gave them, on their own scale, from a file that was handed in: nothing here is measured "
        "by this program, nor does it know what the raters were shown.",
        f"Brackets: {level_text(record.confidence)} interval over raters and clips, both samples.",
        *([f"Not among the systems of this run: {', '.join(strange)}."] if strange else []),
        *([f"File: SHA-256 {str(told['sha256'])[:12]}, {told['scores']} scores."] if told else []),
    )
    return Table("table_ratings", "What people thought", caption, _COLUMNS, tuple(rows))


RATINGS = ReportTable("quality", ratings)
