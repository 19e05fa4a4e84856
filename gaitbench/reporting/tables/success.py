"""Tables of the success rate: by angle, controls, attackers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import (
    attack_of,
    attack_text,
    data_sentence,
    failed_or_not_run,
    headline_attack,
    ordered,
    rate_cell,
    unique,
)  # fmt: skip
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM, SUCCESS_HIGH, SUCCESS_LOW, SUCCESS_SENTENCE
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS, SuccessRate

__all__ = ["attackers", "controls", "controls_by_angle", "success_by_angle", "success_other"]

_DEFINITION = (
    "S: probes the recognizer names correctly before anonymization; M: those of S it names wrongly after; "
    "N: all probes; success = 100 M/|S|; chance: success of a blind guess."
)
_REST = "; figures without brackets (means, too) have none"
_NO_INTERVAL = (
    "No figure here has an interval; the cells they are taken from have theirs in the tables by angle."
)
#: The definition where neither N nor chance is a column.
_SHORT = (
    "S: probes the recognizer names correctly before anonymization; M: those of S it names wrongly after; "
    "success = 100 M/|S|, by angle; sum: over the angles."
)
_OTHER_SENTENCE = (
    "The slides run one attack only, that of Table III: no figure here may be set beside their range over "
    "the angles."
)
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

_Attack = tuple[str, str, str, str]


def _labels(source: str, anonymizer: str, colorizers: str, attack: _Attack) -> dict[str, str]:
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


def _same_counts(rows: Sequence[SuccessRate]) -> list[tuple[list[str], list[SuccessRate]]]:
    """Colorizers whose counts are equal at every angle, together: [(colorizers, rows of the first)]."""
    found: dict[tuple[tuple[int, int, int, int], ...], tuple[list[str], list[SuccessRate]]] = {}
    for colorizer in unique(row.colorizer for row in rows):
        own = sorted((row for row in rows if row.colorizer == colorizer), key=lambda row: row.angle)
        counts = tuple((row.angle, row.n, row.s, row.m) for row in own)
        found.setdefault(counts, ([], own))[0].append(colorizer)
    return list(found.values())


def _block(record: Record, anonymizer: str, attack: _Attack) -> list[Row]:
    rows = [row for row in record.success_rate if row.anonymizer == anonymizer and attack_of(row) == attack]
    angles = sorted({row.angle for row in record.success_rate})
    block = []
    for colorizers, own in _same_counts(rows):
        painted = [name for name in colorizers if name != "none"]
        who = f"{anonymizer}, colour by {' and '.join(painted)}" if painted else anonymizer
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


def _mean(values: Sequence[float | None]) -> Cell:
    known = [value for value in values if value is not None]
    return Cell(sum(known) / len(known)) if known else Cell(state=State.UNDEFINED)


def _mean_row(rows: Sequence[SuccessRate], section: str, labels: dict[str, str]) -> Row:
    """Unweighted mean over the angles; the counts are sums, so that nobody takes them for one angle's."""
    cells = (
        Cell("mean"),
        *(Cell(sum(getattr(row, name) for row in rows)) for name in ("m", "s", "n")),
        _mean([row.rate for row in rows]),
        _mean([row.chance for row in rows]),
        _mean([row.rank1_before for row in rows]),
        _mean([row.rank1_after for row in rows]),
    )
    return Row(cells, section, labels, attacker=labels["attacker"])


def _caption(
    record: Record, *sentences: str, interval: bool = True, definition: str = _DEFINITION
) -> tuple[str, ...]:
    return (
        *sentences,
        definition,
        brackets(record, _REST) if interval else _NO_INTERVAL,
        data_sentence(record),
    )


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
    caption = _caption(record, "Means are over the angles, unweighted; their M, |S| and N are sums.")
    caption = (*caption, SUCCESS_SENTENCE)
    title = "Success rate of the anonymization by viewing angle"
    brief = "of each anonymizer the first colorizer, where their counts differ"
    return Table("table3_success_by_angle", title, caption, _COLUMNS, (_slides_row(), *rows), brief)


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
    caption = (*_caption(record), _OTHER_SENTENCE)
    return Table("table_success_other_attacks", title, caption, _COLUMNS, tuple(rows), brief)


def _strongest(record: Record, attacks: Sequence[_Attack]) -> set[tuple[str, str, _Attack]]:
    """(anonymizer, colorizers as the labels have them, attack) of the lowest mean success of each anonymizer."""
    best: dict[str, tuple[float, tuple[str, str, _Attack]]] = {}
    cells: dict[tuple[str, _Attack], list[SuccessRate]] = {}
    for row in record.success_rate:
        cells.setdefault((row.anonymizer, attack_of(row)), []).append(row)
    for (name, attack), rows in cells.items():
        for colorizers, own in _same_counts(rows) if attack in attacks else []:
            known = [row.rate for row in own if row.rate is not None]
            mean = sum(known) / len(known) if known else 101.0
            if name not in best or mean < best[name][0]:
                best[name] = (mean, (name, ", ".join(colorizers), attack))
    return {cell for _, cell in best.values()}


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
        for colorizers, own in _same_counts(rows):
            known = sorted((row.rate, row.angle) for row in own if row.rate is not None)
            names = ", ".join(colorizers)
            texts = (Cell(anonymizer), Cell(names), *(Cell(name) for name in same))
            counts = tuple(Cell(sum(getattr(row, key) for row in own)) for key in ("m", "s"))
            undefined = Cell(state=State.UNDEFINED)
            rates = (
                (Cell(known[0][0]), Cell(known[0][1]), _mean([row.rate for row in own]), Cell(known[-1][0]))
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
    caption = (*_caption(record, first, interval=False, definition=_SHORT), _OTHER_SENTENCE)
    return Table(
        "table_attacks_by_worst_angle",
        "Attacks by their worst angle, the strongest first",
        caption,
        columns,
        tuple(lines),
        "the strongest attack of every kind of attacker on every system",
    )


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
    caption = _caption(record, f"Attack: {attack_text(attack)}.", trust, interval=False)
    caption = (*caption, _CONTROLS_SENTENCE)
    return Table(
        "table_controls", "Controls: what the measure says of known answers", caption, columns, tuple(rows)
    )


def _control_cells(
    record: Record, name: str, rows: Sequence[SuccessRate], attack: _Attack
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
        _mean(known),
        Cell(max(known)) if known else undefined,
        _mean([row.chance for row in rows]),
        _mean([row.rank1_before for row in rows]),
        _mean([row.rank1_after for row in rows]),
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
    caption = (*_caption(record, f"Attack: {attack_text(attack)}."), _CONTROLS_SENTENCE)
    return Table("table_controls_by_angle", "Controls by viewing angle", caption, tuple(columns), tuple(rows))


BY_ANGLE = ReportTable("privacy", success_by_angle)
ATTACKERS = ReportTable("privacy", attackers)
CONTROLS_MEAN = ReportTable("privacy", controls)
CONTROLS_BY_ANGLE = ReportTable("details", controls_by_angle)
OTHER = ReportTable("details", success_other)
