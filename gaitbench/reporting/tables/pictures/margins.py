"""Claims of non-inferiority: what was claimed, the difference with its one-sided bounds, and whether it holds."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.intervals import level_text
from gaitbench.reporting.reading.selection import data_sentence, rate_cell
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import LEAST_TRAININGS
from gaitbench.results.schema_pictures import MarginClaim

__all__ = ["margins"]

_COLUMNS = (
    Column("anonymizer", "Anonymizer"), Column("set", "Pictures"), Column("reference", "Reference"),
    Column("margin", "Margin"),
    Column("difference", "Difference", 3, interval=True,
           meaning="difference: first minus second, turned so that more is better"),
    Column("verdict", "Claim"),
    Column("p", "p", 4, meaning="p: one-sided, for a difference of the margin or more"),
    Column("smallest", "Could have shown", 3,
           meaning="could have shown: the smallest margin that a study of this size shows four times in five, of two "
           "that are equally good"),
    Column("people", "People", 0), Column("n", "n", 0),
)  # fmt: skip


def margins(record: Record) -> Table | None:
    """One block a claim, one row an anonymizer; None where the suite claims nothing."""
    held: tuple[MarginClaim, ...] = record.tables.get("margins", ())
    if not held:
        return None
    rows = []
    for row in held:
        unit = f" {row.unit}" if row.unit else ""
        head = f"{row.a} is not worse than {row.b} by more than {row.margin:g}{unit} ({row.title})"
        few = f" (fewer than {LEAST_TRAININGS} trainings)" if row.few_trainings else ""
        undefined = Cell(state=State.UNDEFINED)
        cells = (
            Cell(row.anonymizer), Cell(row.set), Cell(row.reference), Cell(f"{row.margin:g}{unit}"),
            rate_cell(row.difference, row.low, row.high), Cell(row.verdict + few),
            undefined if row.p_value is None else Cell(row.p_value),
            undefined if row.smallest is None else Cell(row.smallest), Cell(row.people), Cell(row.n),
        )  # fmt: skip
        rows.append(Row(cells, head, {"source": "here", "a": row.a, "b": row.b, "measure": row.measure}))
    caption = (
        "A claim holds where the lower bound of the difference lies above minus its margin, and does not hold where "
        "the upper bound lies below; between the two it cannot be told, which is no proof of either.",
        "The margins stand in the suite, before the run; each claim is judged by itself, without a correction for "
        "their number.",
        f"Brackets: one-sided {level_text(record.confidence)} bounds, each by itself, over subjects, and over "
        "trainings where there are several.",
        data_sentence(record),
    )
    return Table("table_margins", "Not worse by more than a margin", caption, _COLUMNS, tuple(rows))


MARGINS = ReportTable("quality", margins)
