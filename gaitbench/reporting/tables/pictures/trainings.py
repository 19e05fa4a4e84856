"""Table of the trainings: how far several trainings of one system lie apart."""

from __future__ import annotations

from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import REFERENCE_ORDER, data_sentence, display, ordered
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema_pictures import TrainingSpread

__all__ = ["TRAININGS", "trainings"]


def trainings(record: Record) -> Table | None:
    """Mean, interval over people and trainings, and spread of every system that was trained more than once."""
    if not record.trainings:
        return None
    references = ordered((row.reference for row in record.trainings), ("", *REFERENCE_ORDER))
    rows = [
        _row(row, references) for row in sorted(record.trainings, key=lambda r: references.index(r.reference))
    ]
    columns = (
        Column("system", "System"), Column("measure", "Measure"), Column("where", "Over"),
        Column("trainings", "Trainings", 0), Column("value", "Mean", 3, interval=True), Column("sd", "SD", 4),
        Column("lowest", "Lowest", 3), Column("highest", "Highest", 3), Column("n", "n", 0),
    )  # fmt: skip
    caption = (
        "Success of an anonymizer in percent under the slides' attacker (other attackers met its first training); "
        "pictures of a colorizer over the first training of the anonymizer that it paints, and of its teacher.",
        "SD, lowest and highest: over the trainings, each a mean over the same people.",
        brackets(record, " and trainings, both drawn anew (two-way bootstrap, Student's t)"),
        "Intervals from two trainings are too narrow.",
        data_sentence(record), "The slides tell of one training.",
    )  # fmt: skip
    return Table(
        "table_trainings", "Trainings of one system", caption, columns, tuple(rows), "the first reference"
    )


def _row(row: TrainingSpread, references: list[str]) -> Row:
    success = row.measure == "success"
    angle = "all angles" if row.angle is None else degrees(row.angle, " degrees")
    where = f"{row.recognizer}, {angle}" if success else row.set
    system = row.anonymizer if success else f"{row.anonymizer}, {row.colorizer}"
    mean = Cell(row.value, row.ci_low, row.ci_high)
    cells = (
        Cell(system), Cell(display(row.measure)), Cell(where), Cell(row.trainings), mean, Cell(row.sd),
        Cell(row.lowest), Cell(row.highest), Cell(row.n) if row.n else Cell(state=State.NOT_RUN),
    )  # fmt: skip
    section = "Success" if success else f"Reference {row.reference}"
    detail = row.reference not in ("", next((r for r in references if r), ""))
    labels = {"source": "here", "reference": row.reference}
    return Row(cells, section, labels, angle=row.angle, set=row.set, detail=detail)


TRAININGS = ReportTable("quality", trainings)
