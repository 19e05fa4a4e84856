"""Tables of the success rate by angle: the headline attack, and all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.selection import (
    attack_of,
    attack_text,
    failed_or_not_run,
    headline_attack,
    ordered,
    rate_cell,
    unique,
)
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM, SUCCESS_HIGH, SUCCESS_LOW, SUCCESS_SENTENCE
from gaitbench.reporting.reading.trainings import anonymizer_sentences
from gaitbench.reporting.tables.success_parts import (
    OTHER_SENTENCE,
    AttackKey,
    caption_of,
    mean_of,
    same_counts,
)
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS, SuccessRate

__all__ = ["success_by_angle", "success_other"]

_COLUMNS = (
    Column("angle", "Angle (deg)", 0),
    Column("m", "M", 0),
    Column("s", "|S|", 0),
    Column("n", "N", 0),
    Column("rate", "Success (%)", 2, interval=True),
    Column("chance", "Chance (%)", 2),
    Column("rank1_before", "before", 2, group="Rank-1 (%)"),
    Column("rank1_after", "after", 2, group="Rank-1 (%)"),
)


def _labels(source: str, anonymizer: str, colorizers: str, attack: AttackKey) -> dict[str, str]:
    names = ("source", "anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery")
    return dict(zip(names, (source, anonymizer, colorizers, *attack), strict=True))


def _slides_row() -> Row:
    nothing = Cell(state=State.NOT_RUN)
    text = f"{SUCCESS_LOW}-{SUCCESS_HIGH}"
    cells = (Cell("0-180"), nothing, nothing, nothing, Cell(text), nothing, nothing, nothing)
    anonymizer, *attack = SLIDES_SYSTEM
    labels = _labels("slides", anonymizer, "baseline, proposed", (attack[0], attack[1], attack[2], ""))
    return Row(
        cells, "Slides: range over the angles, the same for baseline and proposed", labels, slides=True
    )


def _block(record: Record, anonymizer: str, attack: AttackKey) -> list[Row]:
    rows = [row for row in record.success_rate if row.anonymizer == anonymizer and attack_of(row) == attack]
    angles = sorted({row.angle for row in record.success_rate})
    block = []
    for colorizers, own in same_counts(rows):
        painted = [name for name in colorizers if name != "none"]
        by = f"any of {len(painted)} colorizers" if len(painted) > 3 else " and ".join(painted)
        who = f"{anonymizer}, colour by {by}" if painted else anonymizer
        equal = " (equal counts)" if len(colorizers) > 1 else ""
        section = f"{who}{equal}: {attack_text(attack)}"
        labels = _labels("here", anonymizer, ", ".join(colorizers), attack)
        by_angle = {row.angle: row for row in own}
        for angle in angles:
            block.append(_angle_row(record, by_angle.get(angle), angle, section, labels))
        block.append(_mean_row(own, section, labels))
    return block


def _angle_row(
    record: Record, row: SuccessRate | None, angle: int, section: str, labels: dict[str, str]
) -> Row:
    cells: tuple[Cell, ...]
    if row is None:
        first = labels["colorizer"].split(", ")[0]
        missing = failed_or_not_run(record, **(labels | {"colorizer": first, "angle": angle}))
        cells = (Cell(angle), *(missing for _ in _COLUMNS[1:]))
    else:
        counts = (Cell(row.m), Cell(row.s), Cell(row.n))
        ranks = (rate_cell(row.rank1_before), rate_cell(row.rank1_after))
        rate = rate_cell(row.rate, row.ci_low, row.ci_high)
        cells = (Cell(angle), *counts, rate, Cell(row.chance), *ranks)
    return Row(cells, section, labels, angle=angle, attacker=labels["attacker"])


def _mean_row(rows: Sequence[SuccessRate], section: str, labels: dict[str, str]) -> Row:
    """Unweighted mean over the angles; the counts are sums, so that nobody takes them for one angle's."""
    cells = (
        Cell("mean"),
        *(Cell(sum(getattr(row, name) for row in rows)) for name in ("m", "s", "n")),
        mean_of([row.rate for row in rows]),
        mean_of([row.chance for row in rows]),
        mean_of([row.rank1_before for row in rows]),
        mean_of([row.rank1_after for row in rows]),
    )
    return Row(cells, section, labels, attacker=labels["attacker"])


def success_by_angle(record: Record) -> Table | None:
    """Table III: every anonymizer that is no control under the headline attack."""
    attack = headline_attack(record)
    if attack is None:
        return None
    names = ordered((row.anonymizer for row in record.success_rate), (SLIDES_SYSTEM[0],))
    rows = [row for name in names if name not in CONTROLS for row in _block(record, name, attack)]
    first = {name: next((r.section for r in rows if r.labels["anonymizer"] == name), "") for name in names}
    rows = [replace(row, detail=row.section != first[row.labels["anonymizer"]]) for row in rows]
    if not rows:
        return None
    # of the other anonymizers the mean alone leads
    shown = rows[0].labels["anonymizer"]
    rows = [replace(row, leads=shown == row.labels["anonymizer"] or row.angle is None) for row in rows]
    caption = caption_of(record, "Means are over the angles, unweighted; their M, |S| and N are sums.")
    caption = (*caption, *anonymizer_sentences(record), SUCCESS_SENTENCE)
    title = "Success rate of the anonymization by viewing angle"
    brief = "of each anonymizer the first colorizer, where their counts differ"
    leading = f"{shown} at every angle, and the mean of the others"
    return Table("table3_success_by_angle", title, caption, _COLUMNS, (_slides_row(), *rows), brief, leading)


def success_other(record: Record) -> Table | None:
    """Success by angle under every attack but the headline one."""
    headline = headline_attack(record)
    names = unique(row.anonymizer for row in record.success_rate if row.anonymizer not in CONTROLS)
    attacks = [attack for attack in unique(map(attack_of, record.success_rate)) if attack != headline]
    strong = _strongest(record, attacks)
    rows = [
        replace(row, detail=(row.labels["anonymizer"], row.labels["colorizer"], attack) not in strong)
        for name in names for attack in attacks for row in _block(record, name, attack)
    ]  # fmt: skip
    if not rows:
        return None
    title = "Success rate by viewing angle under the other attacks"
    brief = "of each anonymizer the attack and colorizer with the lowest mean success"
    caption = (*caption_of(record), OTHER_SENTENCE)
    return Table("table_success_other_attacks", title, caption, _COLUMNS, tuple(rows), brief)


def _strongest(record: Record, attacks: Sequence[AttackKey]) -> set[tuple[str, str, AttackKey]]:
    """(anonymizer, colorizers as the labels have them, attack) of the lowest mean success of each anonymizer."""
    best: dict[str, tuple[float, tuple[str, str, AttackKey]]] = {}
    cells: dict[tuple[str, AttackKey], list[SuccessRate]] = {}
    for row in record.success_rate:
        cells.setdefault((row.anonymizer, attack_of(row)), []).append(row)
    for (name, attack), rows in cells.items():
        for colorizers, own in same_counts(rows) if attack in attacks else []:
            known = [row.rate for row in own if row.rate is not None]
            mean = sum(known) / len(known) if known else 101.0
            if name not in best or mean < best[name][0]:
                best[name] = (mean, (name, ", ".join(colorizers), attack))
    return {cell for _, cell in best.values()}


BY_ANGLE = ReportTable("privacy", success_by_angle)
OTHER = ReportTable("details", success_other)
