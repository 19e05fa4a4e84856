"""What stays useful: every measure of every system beside its ceiling (untouched) and its floor (`constant`)."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.labels import labels_of
from gaitbench.reporting.reading.selection import data_sentence, display, rate_cell, unique
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_pictures import Utility, UtilityAgain

__all__ = ["utility", "utility_again"]

_COLUMNS = (
    Column("anonymizer", "Anonymizer"), Column("setting", "Setting"), Column("condition", "Walks"),
    Column("value", "Value", 2, interval=True), Column("n", "n", 0),
)  # fmt: skip
_AGAIN = (
    Column("anonymizer", "Anonymizer"), Column("painter", "Painted by"), Column("condition", "Walks"),
    Column("value", "Value", 2, interval=True), Column("n", "n", 0),
)  # fmt: skip


def utility(record: Record) -> Table | None:
    """One block a measure; None where utility was not measured."""
    held: tuple[Utility, ...] = record.tables.get("utility", ())
    if not held:
        return None
    labels, rows = labels_of(record)["anonymizer"], []
    for measure in unique(r.measure for r in held):
        own = [r for r in held if r.measure == measure]
        systems = unique((r.anonymizer, r.variant) for r in own)
        systems.sort(key=lambda s: (s[0] != "original", s[0] in CONTROLS and s[0] != "original"))
        head = f"{own[0].title} ({own[0].unit}; {own[0].direction} is better)"
        for system in systems:
            for row in [r for r in own if (r.anonymizer, r.variant) == system]:
                setting = labels.get(f"{row.anonymizer}[{row.variant}]", row.variant) or "as run"
                what = {"original": "original (ceiling)", "constant": "constant (floor)"}.get(row.anonymizer)
                walks = "all" if row.condition == "all" else display(row.condition)
                cells = (
                    Cell(what or row.anonymizer), Cell(setting), Cell(walks),
                    rate_cell(row.value, row.ci_low, row.ci_high), Cell(row.n),
                )  # fmt: skip
                rows.append(
                    Row(cells, head, {"source": "here", "measure": measure}, detail=row.condition != "all")
                )
    caption = (
        "Of silhouettes. Direction and joints are told by readers that learnt from untouched walks of other people; "
        "cadence and symmetry take the true cycle where it is known, else the original's own.",
        "`constant` shows everybody the same gait, but from the probe's own direction: of direction it is no floor.",
        "n: sequences of which something can be said.",
        brackets(record),
        data_sentence(record),
        "The slides measure nothing of this.",
    )
    title = "What stays useful"
    return Table("table_utility", title, caption, _COLUMNS, tuple(rows), "all walking conditions together")


def utility_again(record: Record) -> Table | None:
    """Of silhouettes out of painted pictures; None where nothing was extracted again."""
    held: tuple[UtilityAgain, ...] = record.tables.get("utility_again", ())
    if not held:
        return None
    rows = []
    for measure in unique(r.measure for r in held):
        own = [r for r in held if r.measure == measure]
        head = f"{own[0].title} ({own[0].unit}; {own[0].direction} is better)"
        for row in own:
            ceiling = row.anonymizer == "original" and row.painter == "none"
            label = f"{row.anonymizer}[{row.variant}]" if row.variant else row.anonymizer
            label += " (floor)" if row.anonymizer == "someone-else" else ""
            cells = (
                Cell("original (ceiling)" if ceiling else label),
                Cell("own colours" if row.painter == "none" else row.painter),
                Cell("all" if row.condition == "all" else display(row.condition)),
                rate_cell(row.value, row.ci_low, row.ci_high), Cell(row.n),
            )  # fmt: skip
            rows.append(
                Row(cells, head, {"source": "here", "measure": measure}, detail=row.condition != "all")
            )
    caption = (
        f"Of silhouettes that were extracted again out of painted pictures, {held[0].frames} frames of each walk, "
        "spread over all of it: what a user of the film has.",
        "The ceiling is the untouched people, put over the same empty scene and extracted in the same way; "
        "`someone-else` is the floor, but of direction.",
        "A walk in which nobody stands out of the pictures tells no opening (0) and no direction; its joints are not "
        "counted.",
        "Cadence and symmetry want frames that follow each other: they are not measured here.",
        brackets(record),
        data_sentence(record),
        "The slides measure nothing of this.",
    )
    title = "What stays useful of painted pictures"
    return Table(
        "table_utility_again", title, caption, _AGAIN, tuple(rows), "all walking conditions together"
    )


UTILITY = ReportTable("quality", utility)
UTILITY_AGAIN = ReportTable("quality", utility_again)
