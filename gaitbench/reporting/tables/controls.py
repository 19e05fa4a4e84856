"""Tables of the controls: what the measure says of known answers, over the angles and at each."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.selection import (
    attack_of,
    attack_text,
    failed_or_not_run,
    headline_attack,
    ordered,
    rate_cell,
)
from gaitbench.reporting.tables.success_parts import AttackKey, caption_of, mean_of
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS, SuccessRate

__all__ = ["controls", "controls_by_angle"]

_CONTROLS_SENTENCE = "The slides have no controls: there is nothing to compare with."
_EXPECTED = {
    "original": "0",
    "someone-else": "chance",
    "constant": "near chance",
    "oracle": "not known",
}


def controls(record: Record) -> Table | None:
    """The controls under the headline attack, one row each, with what must come out."""
    attack = headline_attack(record)
    if attack is None:
        return None
    failed = {failure.parts.get("anonymizer", "") for failure in record.failures}
    names = ordered((row.anonymizer for row in record.success_rate), CONTROLS)
    rows = []
    for name in [control for control in CONTROLS if control in names or control in failed]:
        own = [r for r in record.success_rate if r.anonymizer == name and attack_of(r) == attack]
        colorizer = own[0].colorizer if own else "none"
        own = [row for row in own if row.colorizer == colorizer]
        rows.append(
            Row(_control_cells(record, name, own, attack), "", {"source": "here"}, attacker=attack[0])
        )
    if not rows:
        return None
    columns = (
        Column("control", "Control"), Column("expected", "Expected success (%)"),
        Column("m", "M", 0, "Sum over angles"), Column("s", "|S|", 0, "Sum over angles"),
        Column("n", "N", 0, "Sum over angles"), Column("lowest", "lowest", 2, "Success (%)"),
        Column("mean", "mean", 2, "Success (%)"), Column("highest", "highest", 2, "Success (%)"),
        Column("chance", "Chance (%)", 2), Column("rank1_before", "before", 2, "Rank-1 (%)"),
        Column("rank1_after", "after", 2, "Rank-1 (%)"),
    )  # fmt: skip
    trust = "A measure is to be trusted where these hold."
    caption = caption_of(record, f"Attack: {attack_text(attack)}.", trust, interval=False)
    caption = (*caption, _CONTROLS_SENTENCE)
    return Table(
        "table_controls", "Controls: what the measure says of known answers", caption, columns, tuple(rows)
    )


def _control_cells(
    record: Record, name: str, rows: Sequence[SuccessRate], attack: AttackKey
) -> tuple[Cell, ...]:
    texts = (Cell(name), Cell(_EXPECTED[name]))
    if not rows:
        names = dict(zip(("attacker", "recognizer", "input", "gallery"), attack, strict=True))
        missing = failed_or_not_run(record, anonymizer=name, colorizer="none", **names)
        return (*texts, *(missing,) * 9)
    known = [row.rate for row in rows if row.rate is not None]
    undefined = Cell(state=State.UNDEFINED)
    return (
        *texts,
        *(Cell(sum(getattr(row, key) for row in rows)) for key in ("m", "s", "n")),
        Cell(min(known)) if known else undefined,
        mean_of(known),
        Cell(max(known)) if known else undefined,
        mean_of([row.chance for row in rows]),
        mean_of([row.rank1_before for row in rows]),
        mean_of([row.rank1_after for row in rows]),
    )


def controls_by_angle(record: Record) -> Table | None:
    """Success of every control at every angle under the headline attack."""
    attack = headline_attack(record)
    if attack is None:
        return None
    own = [r for r in record.success_rate if r.anonymizer in CONTROLS and attack_of(r) == attack]
    names = ordered((row.anonymizer for row in own), CONTROLS)
    if not names:
        return None
    cells: dict[tuple[str, int], SuccessRate] = {}
    for row in own:
        cells.setdefault((row.anonymizer, row.angle), row)
    rows = []
    for angle in sorted({row.angle for row in own}):
        line = [Cell(angle)]
        for name in names:
            cell = cells.get((name, angle))
            if cell is None:
                parts = dict(zip(("attacker", "recognizer", "input", "gallery"), attack, strict=True))
                line += [failed_or_not_run(record, anonymizer=name, angle=angle, **parts)] * 2
            else:
                line += [Cell(f"{cell.m}/{cell.s}"), rate_cell(cell.rate, cell.ci_low, cell.ci_high)]
        rows.append(Row(tuple(line), "", {"source": "here"}, angle=angle, attacker=attack[0]))
    columns = [Column("angle", "Angle (deg)", 0)]
    for name in names:
        columns.append(Column(f"{name}_m_s", "M/|S|", None, name))
        columns.append(Column(f"{name}_rate", "Success (%)", 1, name, interval=True))
    caption = (*caption_of(record, f"Attack: {attack_text(attack)}."), _CONTROLS_SENTENCE)
    return Table("table_controls_by_angle", "Controls by viewing angle", caption, tuple(columns), tuple(rows))


CONTROLS_MEAN = ReportTable("privacy", controls)
CONTROLS_BY_ANGLE = ReportTable("details", controls_by_angle)
