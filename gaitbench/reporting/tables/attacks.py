"""Table IV, the ladder of attackers, and Table V, what the same attacks say of the controls."""

from __future__ import annotations

from collections.abc import Mapping

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import marks, system_text
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import data_sentence, failed_or_not_run, ordered, rate_cell, unique
from gaitbench.reporting.reading.slides import (
    LADDER_SENTENCE,
    SLIDES_SYSTEM,
    SUCCESS_HIGH,
    SUCCESS_LOW,
    SUCCESS_SENTENCE,
)
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import ATTACKERS, CONTROLS
from gaitbench.results.schema_attacks import Identification

__all__ = ["control_attacks", "ladder"]

#: What the attackers of a ladder know (PROTOCOL).
_KNOWS = (
    "Attackers: ignorant knows nothing of the anonymizer; lazy-informed anonymizes the gallery; semi-informed learns "
    "from anonymized gaits, too; joint from more people, as they are and anonymized; informed knows the noise of the "
    "probe in hand as well and shows everybody under it; linked compares published videos, one draw of noise a person; "
    "de-anonymize first undoes the anonymizer with a network that it trained. Each is a lower bound of the risk."
)
_REST = "; figures without brackets have none"
_ATTACK = (Column("attacker", "Attacker"), Column("recognizer", "Recognizer"), Column("input", "Reads"))
_MEASURES = (
    Column("rank1", "Rank-1 (%)", 1, interval=True,
           meaning="rank-1: share of all anonymized probes, all angles together, that are named rightly"),
    Column("rank5", "Rank-5 (%)", 1, minor=True, meaning="rank-5: the subject is among the first five"),
    Column("map", "mAP (%)", 1, minor=True, meaning="mAP: mean average precision over gallery entries"),
    Column("mrr", "MRR (%)", 1, minor=True, meaning="MRR: mean reciprocal rank of the probe's person"),
    Column("eer", "EER (%)", 1, meaning="EER: equal error rate of verification, 50 is a coin"),
    Column("d_sys", "value", 3, "D_sys",
           meaning="D_sys: linkability, 0 to 1, beside its mean under permuted labels (null)"),
    Column("d_sys_null", "null", 3, "D_sys"),
    Column("corrected", "Corrected", 3, minor=True,
           meaning="corrected: chance-corrected rank-1, (a - c)/(1 - c), 1 is perfect and 0 a blind guess"),
    Column("success", "Success (%)", 1, interval=True,
           meaning="success: 100 M/|S| (S: probes named rightly before; M: those of S that are named wrongly after)"),
    Column("m_s", "M/|S|"),
    Column("strangers", "Strangers (%)", 1, interval=True, minor=True,
           meaning="strangers: people who are not enrolled, named as the person whose noise they bear (chance, or "
                   "the attack names the noise and not the person)"),
    Column("noise", "Noise per", minor=True),
)  # fmt: skip

_Attack = tuple[str, str, str]


def _measures(row: Identification) -> tuple[Cell, ...]:
    return (
        rate_cell(row.rank1, row.rank1_ci_low, row.rank1_ci_high), rate_cell(row.rank5), rate_cell(row.map),
        rate_cell(row.mrr),
        rate_cell(row.eer), rate_cell(row.d_sys), rate_cell(row.d_sys_null), rate_cell(row.corrected),
        rate_cell(row.success, row.success_ci_low, row.success_ci_high), Cell(f"{row.m}/{row.s}"),
        rate_cell(row.strangers, row.strangers_ci_low, row.strangers_ci_high), Cell(row.noise),
    )  # fmt: skip


def _failed_attacks(record: Record, names: set[str]) -> list[tuple[str, str, str, _Attack]]:
    """(anonymizer, colorizer, gallery, attack) of the attacks that a failure covers and no row holds."""
    rows = record.identification
    attacks = [row.attack for row in rows]
    for part in (failure.parts for failure in record.failures):
        if {"attacker", "recognizer"} <= set(part):
            attacks.append((part["attacker"], part["recognizer"], part.get("input", "silhouette")))
    painted = {part["colorizer"] for part in (f.parts for f in record.failures) if "colorizer" in part}
    painted |= {row.colorizer for row in rows}
    gallery = rows[0].gallery if rows else ""
    there = {(row.anonymizer, row.colorizer, row.attack) for row in rows}
    found = []
    for anonymizer in sorted(names):
        for attack in unique(attacks):
            where = dict(zip(("attacker", "recognizer", "input"), attack, strict=True))
            for colorizer in sorted(painted | {"none"}):
                # What reads the silhouette alone has one row, whoever paints; what reads a picture has none without.
                if (colorizer == "none") != (attack[2] == "silhouette"):
                    continue
                cell = failed_or_not_run(
                    record, anonymizer=anonymizer, colorizer=colorizer, gallery=gallery, **where
                )
                if (anonymizer, colorizer, attack) not in there and cell.state is State.FAILED:
                    found.append((anonymizer, colorizer, gallery, attack))
    return found


def _slides_row() -> Row:
    nothing = Cell(state=State.NOT_RUN)
    anonymizer, *attack = SLIDES_SYSTEM
    success = Cell(f"{SUCCESS_LOW}-{SUCCESS_HIGH}")
    measures = (success if column.key == "success" else nothing for column in _MEASURES)
    cells = (*map(Cell, attack), Cell("slides"), *measures)
    section = f"Slides: {anonymizer} on CASIA-B, range over the angles"
    return Row(cells, section, _labels("slides", anonymizer, "none", ""), attacker=attack[0], slides=True)


def _labels(source: str, anonymizer: str, colorizer: str, gallery: str) -> dict[str, str]:
    return {"source": source, "anonymizer": anonymizer, "colorizer": colorizer, "gallery": gallery}


def ladder(record: Record) -> Table | None:
    """Table IV: every attack on every system, the strongest attack of a system first."""
    own = [row for row in record.identification if row.anonymizer not in CONTROLS]
    names = {row.anonymizer for row in own} | {
        failure.parts["anonymizer"]
        for failure in record.failures
        if {"anonymizer", "attacker", "recognizer"} <= set(failure.parts)
    }
    failed = _failed_attacks(record, names - set(CONTROLS))
    if not own and not failed:
        return None
    said = marks(record, own)
    places = unique(
        [(r.anonymizer, r.colorizer, r.gallery) for r in own] + [(a, c, g) for a, c, g, _ in failed]
    )
    order = ordered((place[0] for place in places), (SLIDES_SYSTEM[0],))
    places.sort(key=lambda place: (order.index(place[0]), place[1] != "none"))
    rows = [_slides_row()]
    first_rows = _leading(own, said)
    for anonymizer, colorizer, gallery in places:
        reads = "silhouettes alone, whatever paints them" if colorizer == "none" else "painted pictures"
        section = f"{system_text(anonymizer, colorizer)}: {reads}; gallery {gallery}"
        labels = _labels("here", anonymizer, colorizer, gallery)
        here = [r for r in own if (r.anonymizer, r.colorizer, r.gallery) == (anonymizer, colorizer, gallery)]
        led: set[str] = set()
        for row in sorted(here, key=_strength):
            # Bold is the strongest attack: the row that counts, not the best figure of the anonymizer.
            worst = said[row].startswith("worst")
            mark = "names strangers: no attack on people" if row.strangers_passed is False else said[row]
            cells = (*(Cell(name, bold=worst) for name in row.attack), Cell(mark), *_measures(row))
            detail = row.attacker in led and not said[row]
            led.add(row.attacker)
            leads = row in first_rows or (anonymizer == order[0] and colorizer == "none" and not detail)
            rows.append(Row(cells, section, labels, attacker=row.attacker, detail=detail, leads=leads))
        for *place, attack in failed:
            if tuple(place) == (anonymizer, colorizer, gallery):
                missing = Cell(state=State.FAILED)
                cells = (*map(Cell, attack), Cell("failed"), *(missing,) * len(_MEASURES))
                rows.append(Row(cells, section, labels, attacker=attack[0]))
    people = sorted({row.people for row in own})
    probes = sorted({row.n for row in own})
    counts = (
        f"Gallery: {_list(people)} people; probes: n = {_list(probes)}." if own else "Nothing was measured."
    )
    first = (
        "Within a block the highest rank-1 first; the worst case of each system (highest rank-1, attacks on its "
        "silhouettes among them) is marked, and so is the slides' cell. A painted system without a mark in its block "
        "is attacked most strongly through its silhouettes."
    )
    why = [f"{row.what} ({row.why})" for row in record.tables["left_out"] if row.table == "attacks"]
    gone = [f"Left out: {'; '.join(why)}."] if why else []
    caption = (
        first, counts, *gone, _KNOWS, brackets(record, _REST), data_sentence(record), SUCCESS_SENTENCE, LADDER_SENTENCE,
    )  # fmt: skip
    columns = (*_ATTACK, Column("mark", "Mark"), *_MEASURES)
    brief = "the strongest attack of every kind of attacker on every system, and the slides' cell"
    leading = f"{brief}, of others than {order[0]} the worst case and the slides' cell alone"
    return Table("table4_attackers", "The ladder of attackers", caption, columns, tuple(rows), brief, leading)


def _leading(own: list[Identification], said: Mapping[Identification, str]) -> set[Identification]:
    """The marked rows of the silhouettes, and of the painted pictures of each anonymizer the most strongly attacked."""
    painted: dict[str, Identification] = {}
    for row in sorted((row for row in own if row.colorizer != "none" and said[row]), key=_strength):
        painted.setdefault(row.anonymizer, row)
    return {row for row in own if row.colorizer == "none" and said[row]} | set(painted.values())


def _strength(row: Identification) -> tuple[float, int, str, str]:
    known = ATTACKERS.index(row.attacker) if row.attacker in ATTACKERS else len(ATTACKERS)
    return (-(row.rank1 if row.rank1 is not None else -1.0), known, row.recognizer, row.input)


def _list(values: list[int]) -> str:
    return " or ".join(map(str, values))


#: What the unconditional rank-1 of a control must be.
_EXPECTED = {
    "original": "the recognizer's own", "someone-else": "chance", "constant": "chance",
    "oracle": "not known",
}  # fmt: skip


def control_attacks(record: Record) -> Table | None:
    """Table V: every attack on the controls, whose answers are known."""
    own = [row for row in record.identification if row.anonymizer in CONTROLS]
    failed = _failed_attacks(record, set(CONTROLS))
    if not own and not failed:
        return None
    names = ordered([row.anonymizer for row in own] + [place[0] for place in failed], CONTROLS)
    rows = []
    for name in names:
        section = f"{name}: rank-1 expected {_EXPECTED[name]}"
        here = [row for row in own if row.anonymizer == name]
        strongest = {(row.attacker, row.input): row for row in sorted(here, key=_strength, reverse=True)}
        for row in sorted(here, key=lambda r: (r.colorizer != "none", r.colorizer, *_strength(r)[1:])):
            chance = Cell(100.0 / row.people) if row.people else Cell(state=State.UNDEFINED)
            cells = (*map(Cell, row.attack), Cell(row.colorizer), *_measures(row), chance)
            labels = {"source": "here", "control": name, "gallery": row.gallery}
            leads = strongest[row.attacker, row.input] is row
            rows.append(Row(cells, section, labels, attacker=row.attacker, leads=leads))
        for anonymizer, colorizer, gallery, attack in failed:
            if anonymizer == name:
                missing = Cell(state=State.FAILED)
                cells = (*map(Cell, attack), Cell(colorizer), *(missing,) * (len(_MEASURES) + 1))
                labels = {"source": "here", "control": name, "gallery": gallery}
                rows.append(Row(cells, section, labels, attacker=attack[0]))
    caption = (
        "A measure is to be trusted where the controls come out as they must; chance: rank-1 of a blind guess, in "
        "percent.",
        brackets(record, _REST), data_sentence(record), "The slides have no controls.",
    )  # fmt: skip
    columns = (
        *_ATTACK,
        Column("colorizer", "Painted by", minor=True),
        *_MEASURES,
        Column("chance", "Chance (%)", 1),
    )
    title = "Controls under every attack: what the measures say of known answers"
    leading = "of every kind of attacker on every control the one that names most"
    return Table("table5_controls", title, caption, columns, tuple(rows), leading=leading)


LADDER = ReportTable("privacy", ladder)
CONTROL_ATTACKS = ReportTable("privacy", control_attacks)
