"""Who is hidden less: women or men, the tall or the short."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.intervals import SEEN_SENTENCE, brackets
from gaitbench.reporting.reading.selection import data_sentence, rate_cell, seen_cell, unique
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema_pooled import Gap

__all__ = ["gaps"]

_COLUMNS = (
    Column("system", "System"), Column("attack", "Attack"), Column("role", "Is"),
    Column("first", "First", 1, "Rank-1 (%)", interval=True),
    Column("second", "Second", 1, "Rank-1 (%)", interval=True),
    Column("difference", "Difference", 1, interval=True), Column("could_have_seen", "Could have seen", 1),
    Column("p_value", "p", 4, minor=True), Column("p_holm", "p (Holm)", 4),
    Column("first_success", "First", 1, "Success (%)", minor=True),
    Column("second_success", "Second", 1, "Success (%)", minor=True),
    Column("people", "People"),
)  # fmt: skip


def gaps(record: Record) -> list[Table]:
    """One table of all groups, a section each; none where the data do not know their people."""
    own: tuple[Gap, ...] = record.tables["gaps"]
    if not own:
        return []
    rows = [_row(record, row) for row in own]
    why = [f"{row.what} ({row.why})" for row in record.tables["left_out"] if row.table == "gaps"]
    groups = unique(f"{row.first} and {row.second}" for row in own)
    caption = [
        f"Share of probes named rightly after anonymization, of {' and of '.join(groups)}: first and second, as the "
        "section names them; the difference is first minus second, in points. Who has the higher rank-1 is hidden "
        "less. Beside it the success rate of each.",
        *(["Tall: above the median stature of the tested people, as the data know it (not told from pixels)."]
          if any(row.first == "tall" for row in own) else []),
        "untouched: nothing was done, so that a gap there is the recognizer's, not the system's. The groups overlap "
        "(women are shorter): two gaps may be one.",
        "The groups are different people: their intervals are put together (MOVER), p is one minus the level at which "
        "the interval reaches 0; Holm: corrected over all rows of this table.",
        SEEN_SENTENCE,
        *([f"Left out: {'; '.join(why)}."] if why else []),
        brackets(record),
        data_sentence(record),
        "The slides give no such figures.",
    ]  # fmt: skip
    return [Table("table_gaps", "Who is hidden less", tuple(caption), _COLUMNS, tuple(rows))]


def _row(record: Record, row: Gap) -> Row:
    known = row.difference is not None
    labels = {"source": "here", "first_group": row.first, "second_group": row.second, "colorizer": row.colorizer,
              "gallery": row.gallery}  # fmt: skip
    return Row(
        (
            Cell(system_text(row.anonymizer, row.colorizer)),
            Cell(f"{row.attacker}, {row.recognizer}, {row.input}, {row.gallery}"), Cell(row.role),
            rate_cell(row.first_rank1, row.first_ci_low, row.first_ci_high),
            rate_cell(row.second_rank1, row.second_ci_low, row.second_ci_high),
            Cell(row.difference, row.ci_low, row.ci_high) if known else Cell(state=State.UNDEFINED),
            seen_cell(record, row.ci_low, row.ci_high), rate_cell(row.p_value), rate_cell(row.p_holm),
            rate_cell(row.first_success), rate_cell(row.second_success),
            Cell(f"{row.first_people} and {row.second_people}"),
        ),
        f"{row.first.capitalize()} (first) and {row.second} (second)", labels, attacker=row.attacker,
    )  # fmt: skip


GAPS = ReportTable("privacy", gaps)
