"""What a gait tells of a person besides the name: sex, bag, coat, before and after anonymization."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import data_sentence, rate_cell, unique
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_pooled import Inference, LeftOut

__all__ = ["attributes"]

_COLUMNS = (
    Column("attribute", "Attribute"), Column("system", "System"), Column("attacker", "Attacker"),
    Column("before", "Before (%)", 1, interval=True), Column("after", "After (%)", 1, interval=True),
    Column("n", "n", 0), Column("n_of", "of them", 0, meaning="\"of them\": probes of the first of the two kinds"),
    Column("people", "People", 0, minor=True), Column("learnt", "Learnt from", 0, minor=True),
)  # fmt: skip


def attributes(record: Record) -> Table | None:
    """One row an attribute, a system and an attacker who learns; a row without figures for what is left out."""
    own: tuple[Inference, ...] = record.tables["attributes"]
    left: list[LeftOut] = [row for row in record.tables["left_out"] if row.table == "attributes"]
    if not own and not left:
        return None
    rows = [_row(row) for row in own]
    nothing = Cell(state=State.NOT_RUN)
    rows += [
        Row((Cell(row.what), *(nothing,) * (len(_COLUMNS) - 1)), "", {"source": "here", "of": "", "against": ""})
        for row in left
    ]  # fmt: skip
    kinds = unique(f"{row.attribute}: {row.of} or {row.against}" for row in own)
    caption = [
        "Balanced accuracy: mean of the two shares told rightly, by a classifier that learnt from other people "
        "(logistic regression on principal components of GEIs); a blind guess has 50.",
        *([f"{'; '.join(kinds)}."] if kinds else []),
        "Before: untouched probes, learnt from untouched gaits. After: the probes as the system shows them; ignorant "
        "learns from untouched gaits, semi-informed from anonymized ones. Attackers who would learn from the same "
        "gaits are one row. A probe that could not be anonymized counts as told rightly. Only silhouettes are read: "
        "colours may tell more.",
        "Inference in the sense of the Article 29 working party's opinion 05/2014; a measured risk, and no judgement "
        "in the sense of any law. A lower bound: a better classifier may tell more.",
        "someone-else shows another person's walk drawn at random: what it has above or below 50 is luck. What a "
        "system keeps of bag and coat may be wanted (use) or not (privacy).",
    ]
    if left:
        caption.append(f"Left out: {'; '.join(f'{row.what} ({row.why})' for row in left)}.")
    caption += [brackets(record), data_sentence(record), "The slides give no such figures."]
    return Table("table_attributes", "What a gait tells besides the name", tuple(caption), _COLUMNS, tuple(rows),
                 "the systems under test and what is left untouched")  # fmt: skip


def _row(row: Inference) -> Row:
    detail = row.anonymizer in CONTROLS and row.anonymizer != "original"
    return Row(
        (
            Cell(row.attribute), Cell(row.anonymizer), Cell(row.attacker),
            rate_cell(row.before, row.before_ci_low, row.before_ci_high),
            rate_cell(row.after, row.after_ci_low, row.after_ci_high),
            Cell(row.n), Cell(row.n_of), Cell(row.people), Cell(row.learnt),
        ),
        "", {"source": "here", "of": row.of, "against": row.against}, attacker=row.attacker, detail=detail,
    )  # fmt: skip


ATTRIBUTES = ReportTable("privacy", attributes)
