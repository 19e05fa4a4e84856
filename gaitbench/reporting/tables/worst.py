"""The strongest attacks: each by its worst angle, and the worst case of each system by halves of the test people."""

from __future__ import annotations

from dataclasses import replace

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.selection import attack_of, rate_cell, unique
from gaitbench.reporting.tables.success_parts import OTHER_SENTENCE, caption_of, mean_of, same_counts
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS

__all__ = ["attackers", "worst_case"]

#: The definition where neither N nor chance is a column.
_SHORT = (
    "S: probes the recognizer names correctly before anonymization; M: those of S it names wrongly after; "
    "success = 100 M/|S|, by angle; sum: over the angles."
)


def attackers(record: Record) -> Table | None:
    """One row per attack, the worst for the anonymizer first; only where there are several."""
    cells = unique(
        (row.anonymizer, *attack_of(row)) for row in record.success_rate if row.anonymizer not in CONTROLS
    )
    if len(cells) < 2:
        return None
    found: list[tuple[float, Row]] = []
    for anonymizer, *attack in cells:
        same = (attack[0], attack[1], attack[2], attack[3])
        rows = [r for r in record.success_rate if r.anonymizer == anonymizer and attack_of(r) == same]
        for colorizers, own in same_counts(rows):
            known = sorted((row.rate, row.angle) for row in own if row.rate is not None)
            names = ", ".join(colorizers)
            texts = (Cell(anonymizer), Cell(names), *(Cell(name) for name in same))
            counts = tuple(Cell(sum(getattr(row, key) for row in own)) for key in ("m", "s"))
            undefined = Cell(state=State.UNDEFINED)
            rates = (
                (Cell(known[0][0]), Cell(known[0][1]), mean_of([row.rate for row in own]), Cell(known[-1][0]))
                if known
                else (undefined,) * 4
            )
            labels = {"source": "here"}
            line = Row((*texts, *rates, *counts), "", labels, attacker=same[0])
            found.append((known[0][0] if known else 101.0, line))
    columns = (
        Column("anonymizer", "Anonymizer"), Column("colorizer", "Colorizer"), Column("attacker", "Attacker"),
        Column("recognizer", "Recognizer"), Column("input", "Reads"), Column("gallery", "Gallery", minor=True),
        Column("lowest", "lowest", 2, "Success (%)"), Column("lowest_angle", "at (deg)", 0, "Success (%)"),
        Column("mean", "mean", 2, "Success (%)"), Column("highest", "highest", 2, "Success (%)"),
        Column("m", "M", 0, "Sum"), Column("s", "|S|", 0, "Sum"),
    )  # fmt: skip
    lines: list[Row] = []
    seen: set[tuple[object, ...]] = set()
    for _, line in sorted(found, key=lambda pair: pair[0]):
        who = tuple(cell.value for cell in line.cells[:3])
        lines.append(replace(line, detail=who in seen))
        seen.add(who)
    first = (
        "Ordered by the lowest success at any angle, the strongest attack first. The headline's worst case is the "
        "highest rank-1 over all angles together (Table IV) and may be another attack."
    )
    caption = (*caption_of(record, first, interval=False, definition=_SHORT), OTHER_SENTENCE)
    return Table(
        "table_attacks_by_worst_angle",
        "Attacks by their worst angle, the strongest first",
        caption,
        columns,
        tuple(lines),
        "the strongest attack of every kind of attacker on every system",
    )


_HALVES = (
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
    return Table("table_worst_case", title, caption, _HALVES, tuple(rows))


ATTACKERS = ReportTable("privacy", attackers)
WORST_CASE = ReportTable("privacy", worst_case)
