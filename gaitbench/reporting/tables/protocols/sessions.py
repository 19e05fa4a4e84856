"""Does a figure carry over to another day: every attack within the enrolled sessions, and across to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gaitbench.reporting.formats.table import Cell, Column, Row, Table
from gaitbench.reporting.reading.attacks import system_text
from gaitbench.reporting.reading.intervals import brackets
from gaitbench.reporting.reading.selection import data_sentence, display, ordered, rate_cell, unique
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.report_table import ReportTable
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_attacks import CrossSession

__all__ = ["places", "sessions"]

Side = Literal["within", "across"]

_COLUMNS = (
    Column("attacker", "Attacker"), Column("recognizer", "Recognizer"), Column("input", "Reads"),
    Column("gallery", "Gallery"), Column("condition", "Walks"),
    Column("rank1_within", "within", 1, "Rank-1 (%)", interval=True),
    Column("rank1_across", "across", 1, "Rank-1 (%)", interval=True),
    Column("change", "change", 1, "Rank-1 (%)", interval=True,
           meaning="change: across less within, paired by person, walking condition and angle, in points"),
    Column("success_within", "within", 1, "Success (%)", interval=True),
    Column("success_across", "across", 1, "Success (%)", interval=True),
    Column("place_within", "within", 0, "Place",
           meaning="place: of the anonymizers under this very attack, the one with the lowest rank-1 first"),
    Column("place_across", "across", 0, "Place"),
    Column("n_within", "within", 0, "Probes"), Column("n_across", "across", 0, "Probes"),
)  # fmt: skip


def places(rows: Sequence[CrossSession], side: Side) -> dict[CrossSession, int]:
    """Places of the anonymizers among the rows of one attack and condition: 1 hides best; equal rank-1, equal place."""
    found: dict[CrossSession, int] = {}
    tested = [row for row in rows if row.anonymizer not in CONTROLS]
    for row in tested:
        own = getattr(row, f"{side}_rank1")
        if own is None:
            continue
        rivals = [
            getattr(other, f"{side}_rank1")
            for other in tested
            if (other.attack, other.condition, other.colorizer) == (row.attack, row.condition, row.colorizer)
        ]
        found[row] = 1 + sum(rival is not None and rival < own for rival in rivals)
    return found


def sessions(record: Record) -> Table | None:
    """One row an attack, gallery and condition; None where all probes are of an enrolled session."""
    held: tuple[CrossSession, ...] = record.tables.get("sessions", ())
    held = tuple(row for row in held if row.anonymizer not in set(CONTROLS) - {"original"})
    if not held:
        return None
    own = record.identification[0].gallery if record.identification else held[0].gallery
    within, across = places(held, "within"), places(held, "across")
    names = ordered((row.anonymizer for row in held), ("original", SLIDES_SYSTEM[0]))
    systems = unique((row.anonymizer, row.colorizer) for row in held)
    systems.sort(key=lambda s: (names.index(s[0]), s[1] != "none", s[1]))
    rows = []
    for system in systems:
        mine = [row for row in held if (row.anonymizer, row.colorizer) == system]
        worst = max(
            (row for row in mine if row.gallery == own and row.condition == "all"),
            key=lambda row: row.within_rank1 or 0.0, default=None,
        )  # fmt: skip
        section = "original: untouched gaits" if system[0] == "original" else system_text(*system)
        for row in mine:
            cells = (
                Cell(row.attacker), Cell(row.recognizer), Cell(row.input), Cell(row.gallery),
                Cell("all" if row.condition == "all" else display(row.condition)),
                rate_cell(row.within_rank1, row.within_rank1_ci_low, row.within_rank1_ci_high),
                rate_cell(row.across_rank1, row.across_rank1_ci_low, row.across_rank1_ci_high),
                rate_cell(row.change, row.change_low, row.change_high),
                rate_cell(row.within_success, row.within_success_ci_low, row.within_success_ci_high),
                rate_cell(row.across_success, row.across_success_ci_low, row.across_success_ci_high),
                _place(within.get(row)), _place(across.get(row)), Cell(row.within_n), Cell(row.across_n),
            )  # fmt: skip
            shown = row.gallery == own and row.condition == "all"
            shown = shown and (row.attacker == "ignorant" or row is worst)
            labels = {"source": "here", "anonymizer": row.anonymizer, "colorizer": row.colorizer}
            rows.append(Row(cells, section, labels, attacker=row.attacker, detail=not shown))
    caption = (
        "Within: probes of the sessions that are enrolled; across: probes of another session of the same people.",
        "A low rank-1 across sessions is no merit of an anonymizer: look at the untouched gaits first.",
        "S, the probes of a success rate, are those that the recognizer names untouched, in each session its own.",
        "The other tables of this report count the probes of all sessions together.",
        brackets(record), data_sentence(record),
        "The slides have one session: there is nothing to compare with.",
    )  # fmt: skip
    brief = "all walking conditions together under the suite's gallery: the ignorant attacker, and the strongest attack"
    return Table("table_sessions", "Within a session and across", caption, _COLUMNS, tuple(rows), brief)


def _place(place: int | None) -> Cell:
    return Cell("") if place is None else Cell(place)


SESSIONS = ReportTable("privacy", sessions)
