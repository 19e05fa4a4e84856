"""Every attack under every gallery protocol, side by side."""

from __future__ import annotations

from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table
from gaitbench.reporting.reading.attacks import every_gallery, system_text, worst_of_all
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import (
    data_sentence,
    headline_anonymizer,
    ordered,
    rate_cell,
    unique,
)
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS, GALLERIES
from gaitbench.results.schema_attacks import Identification

__all__ = ["galleries"]

_Attack = tuple[str, str, str, str, str]

_MEANING = {
    "all-views": "all-views: the nearest entry of any angle names the probe",
    "same-view": "same-view: the nearest entry of the probe's own angle",
    "cross-view": "cross-view: one other angle at a time, the mean over all pairs of different angles",
}


def _key(row: Identification) -> _Attack:
    return row.anonymizer, row.colorizer, row.attacker, row.recognizer, row.input


def galleries(record: Record) -> Table | None:
    """One row an attack, rank-1 and success under each gallery; None where only one gallery was looked at."""
    if not record.tables.get("galleries"):
        return None
    left_out = set(CONTROLS) - {"original"}
    everything = [row for row in every_gallery(record) if row.anonymizer not in left_out]
    shown = [name for name in GALLERIES if any(row.gallery == name for row in everything)]
    found = {(_key(row), row.gallery): row for row in everything}
    keys = unique(map(_key, everything))
    names = ordered((key[0] for key in keys), ("original", SLIDES_SYSTEM[0]))
    main = _main(record)
    keys.sort(key=lambda key: (names.index(key[0]), key[1] != "none", key[1]))
    rows = []
    for key in keys:
        own = {name: found[key, name] for name in shown if (key, name) in found}
        known = [row for row in own.values() if row.rank1 is not None and row.strangers_passed is not False]
        best = max(known, key=lambda row: row.rank1 or 0.0, default=None)
        cells = [Cell(text) for text in key[2:]]
        cells += [_rank1(own.get(name), bold=own.get(name) is best) for name in shown]
        cells += [_success(own.get(name)) for name in shown]
        some = next(iter(own.values()))
        chance = Cell(100.0 / some.people) if some.people else Cell(state=State.UNDEFINED)
        cells += [chance, Cell(best.gallery) if best is not None else Cell(state=State.UNDEFINED)]
        section = "original: untouched gaits" if key[0] == "original" else system_text(key[0], key[1])
        labels = {"source": "here", "anonymizer": key[0], "colorizer": key[1]}
        rows.append(Row(tuple(cells), section, labels, attacker=key[2], detail=key not in main))
    columns = (
        Column("attacker", "Attacker"), Column("recognizer", "Recognizer"), Column("input", "Reads"),
        *(
            Column(f"rank1_{_name(name)}", name, 1, "Rank-1 (%)", interval=True, meaning=_MEANING[name])
            for name in shown
        ),
        *(Column(f"success_{_name(name)}", name, 1, "Success (%)", interval=True) for name in shown),
        Column("chance", "Chance (%)", 1, meaning="chance: rank-1 of a blind guess; its success is 100 less that"),
        Column("strongest", "Strongest under", meaning="strongest under: the gallery of the highest rank-1, in bold"),
    )  # fmt: skip
    informed = (
        "The informed attacker enrols the probe's own view alone: what he finds there is all that he finds under all "
        "views, and across views he has nothing.",
    ) if any(key[2] == "informed" for key in keys) else ()  # fmt: skip
    caption = (
        "The same attack held against three galleries, read from the same distances. S, the probes that the recognizer "
        "names untouched, is each gallery's own, so that success is compared with care; rank-1 is over all probes.",
        "The worst case of the headline is the highest rank-1 under any of them; an attack that names strangers counts "
        "nowhere.",
        *informed,
        brackets(record), data_sentence(record),
        "The slides do not say which gallery is theirs: there is nothing to compare with.",
    )  # fmt: skip
    brief = "untouched gaits, the slides' attack by every recognizer, and the strongest attack on each system"
    return Table("table_galleries", "The attacks under each gallery", caption, columns, tuple(rows), brief)


def _main(record: Record) -> set[_Attack]:
    """What a long table shows."""
    wanted = {_key(row) for row in worst_of_all(record).values()}
    headline = headline_anonymizer(record)
    ignorant = [
        row for row in record.identification if row.attacker == "ignorant" and row.colorizer == "none"
    ]
    return wanted | {_key(row) for row in ignorant if row.anonymizer in ("original", headline)}


def _rank1(row: Identification | None, *, bold: bool) -> Cell:
    if row is None:
        return Cell(state=State.NOT_RUN)
    cell = rate_cell(row.rank1, row.rank1_ci_low, row.rank1_ci_high)
    return Cell(cell.value, cell.low, cell.high, cell.state, bold=bold)


def _success(row: Identification | None) -> Cell:
    if row is None:
        return Cell(state=State.NOT_RUN)
    return rate_cell(row.success, row.success_ci_low, row.success_ci_high)


def _name(gallery: str) -> str:
    return gallery.replace("-", "_")


GALLERIES_BESIDE = ReportTable("privacy", galleries)
