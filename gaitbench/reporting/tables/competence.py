"""The recognizer's rank-1 on untouched gaits: an attacker that knows nobody is not fooled."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import (
    data_sentence,
    display,
    failed_or_not_run,
    ordered,
    rate_cell,
    unique,
)
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable

__all__ = ["CONDITION_ORDER", "competence"]

CONDITION_ORDER = ("nm", "bg", "cl")


def competence(record: Record) -> Table | None:
    """Rank-1 per angle and walking condition, the mean over the angles last."""
    if not record.competence:
        return None
    conditions = ordered((row.condition for row in record.competence), CONDITION_ORDER)
    cells = {(row.recognizer, row.gallery, row.condition, row.angle): row for row in record.competence}
    rows = []
    for recognizer, gallery in unique((row.recognizer, row.gallery) for row in record.competence):
        own = [r for r in record.competence if (r.recognizer, r.gallery) == (recognizer, gallery)]
        angles: list[int | None] = [*sorted({row.angle for row in own if row.angle is not None})]
        if any(row.angle is None for row in own):
            angles.append(None)
        for angle in angles:
            line = [Cell("mean") if angle is None else Cell(angle)]
            for condition in conditions:
                row = cells.get((recognizer, gallery, condition, angle))
                if row is None:
                    where = {"recognizer": recognizer, "gallery": gallery, "condition": condition}
                    line += [failed_or_not_run(record, angle=angle, **where)] * 2
                else:
                    line += [Cell(row.n), rate_cell(row.rank1, row.ci_low, row.ci_high)]
            labels = {"source": "here", "recognizer": recognizer, "gallery": gallery}
            rows.append(Row(tuple(line), f"{recognizer}, gallery {gallery}", labels, angle=angle))
    columns = [Column("angle", "Angle (deg)", 0)]
    for condition in conditions:
        columns.append(Column(f"{condition}_n", "n", 0, display(condition)))
        columns.append(Column(f"{condition}_rank1", "Rank-1 (%)", 1, display(condition), interval=True))
    caption = (
        "Rank-1 of the recognizer on untouched probes: normal walking (nm), with a bag (bg), in a coat (cl).",
        brackets(record),
        "A success rate means little where this is low.",
        data_sentence(record),
        "The slides do not say how well their recognizer knows untouched gaits: there is nothing to compare with.",
    )
    title = "Competence of the attacker on untouched gaits"
    return Table("table_competence", title, caption, tuple(columns), tuple(rows))


COMPETENCE = ReportTable("privacy", competence)
