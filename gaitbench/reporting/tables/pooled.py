"""Tables of attackers who have more than one video of a person, or know that all videos show different people."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import is_slides_cell, system_text, worst_rows
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import data_sentence, rate_cell, unique
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema_pooled import Assigned, Criterion, Pooled

__all__ = ["BRIEF", "SYSTEM", "assigned", "attack_key", "attack_texts", "main_attacks", "pooled"]

SYSTEM = (
    Column("system", "System"), Column("attacker", "Attacker"), Column("recognizer", "Recognizer"),
    Column("input", "Reads"),
)  # fmt: skip
AttackKey = tuple[str, str, str, str, str]
BRIEF = "the strongest attack on each system by one video, the slides' cell, and untouched probes"


def attack_key(row: Pooled | Assigned | Criterion) -> AttackKey:
    """Anonymizer, colorizer and attack of a row."""
    return row.anonymizer, row.colorizer, row.attacker, row.recognizer, row.input


def main_attacks(record: Record) -> set[AttackKey]:
    """What a long table shows."""
    rows = [*worst_rows(record).values(), *(row for row in record.identification if is_slides_cell(row))]
    found = {(r.anonymizer, r.colorizer, r.attacker, r.recognizer, r.input) for r in rows}
    return found | {
        attack_key(r) for r in record.tables["pooled"] if r.anonymizer in ("original", "constant")
    }


def attack_texts(key: AttackKey) -> tuple[Cell, ...]:
    """Cells of `SYSTEM`."""
    return (Cell(system_text(key[0], key[1])), *map(Cell, key[2:]))


def pooled(record: Record) -> Table | None:
    """Identification by k sequences together, one row an attack and a way of pooling."""
    own: tuple[Pooled, ...] = record.tables["pooled"]
    if not own:
        return None
    sizes = sorted({row.k for row in own})
    found = {(attack_key(row), row.over, row.k): row for row in own}
    main = main_attacks(record)
    rows = []
    for over in unique(row.over for row in own):
        for key in unique(attack_key(row) for row in own if row.over == over):
            cells = []
            for size in sizes:
                row = found.get((key, over, size))
                cells.append(
                    rate_cell(row.rank1, row.ci_low, row.ci_high) if row else Cell(state=State.NOT_RUN)
                )
            chance = Cell(next(r.chance for r in own if attack_key(r) == key))
            detail = key not in main or over != own[0].over
            labels = {"source": "here", "over": over}
            rows.append(
                Row((*attack_texts(key), *cells, chance), f"Pooled over {over}", labels, attacker=key[2], detail=detail)
            )  # fmt: skip
    columns = (
        *SYSTEM,
        *(
            Column(f"k_{size}", f"{size}", 1, "Rank-1 (%), sequences together", interval=True)
            for size in sizes
        ),
        Column("chance", "Chance (%)", 1),
    )
    draws = " or ".join(str(n) for n in sorted({row.draws for row in own}))
    caption = (
        "Share of people who are named rightly when k of their anonymized sequences are known to show one person; "
        "each sequence's distances are taken over their mean, and added up.",
        f"{draws} pools of each person and size, the same walks and views for everybody; sizes that nobody has are "
        "left out.",
        brackets(record),
        "An anonymizer that draws its noise anew for every sequence averages out as k grows.",
        data_sentence(record),
        "The slides attack single videos only.",
    )
    title = "More than one video of a person"
    return Table("table_pooled", title, caption, columns, tuple(rows), BRIEF)


def assigned(record: Record) -> Table | None:
    """One-to-one assignment beside naming one by one."""
    own: tuple[Assigned, ...] = record.tables["assigned"]
    if not own:
        return None
    main = main_attacks(record)
    rows = [
        Row(
            (*attack_texts(attack_key(row)), rate_cell(row.alone), rate_cell(row.assigned, row.ci_low, row.ci_high),
             Cell(row.n), Cell(row.blocks), Cell(row.people)),
            "", {"source": "here"}, attacker=row.attacker, detail=attack_key(row) not in main,
        )
        for row in own
    ]  # fmt: skip
    columns = (
        *SYSTEM, Column("alone", "One by one (%)", 1), Column("assigned", "Together (%)", 1, interval=True),
        Column("n", "n", 0), Column("blocks", "Blocks", 0), Column("people", "People", 0),
    )  # fmt: skip
    caption = (
        "Share of probes named rightly by an attacker who knows that the probes of one walk and angle show different "
        "people, and assigns them one to one (least sum of distances).",
        "A block is the probes of one walk and angle, one of each enrolled person.",
        brackets(record),
        data_sentence(record),
        "The slides name probes one by one.",
    )
    title = "Probes that are named together, each person once"
    return Table("table_assigned", title, caption, columns, tuple(rows), BRIEF)


POOLED = ReportTable("privacy", pooled)
ASSIGNED = ReportTable("privacy", assigned)
