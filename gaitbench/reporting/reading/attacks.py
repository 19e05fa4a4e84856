"""Systems and attacks in words, and which attack counts as a system's worst case."""

from __future__ import annotations

from collections.abc import Iterable

from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, SuccessRate
from gaitbench.results.schema_attacks import Identification, worst_cases

__all__ = [
    "angle_rows", "attack_words", "every_gallery", "headline_worst", "is_slides_cell", "lowest", "marks",
    "short_attack", "slides_cell", "system_text", "worst_of_all", "worst_rows",
]  # fmt: skip


def system_text(anonymizer: str, colorizer: str) -> str:
    """Anonymizer and colorizer as tables name them."""
    return anonymizer if colorizer == "none" else f"{anonymizer} + {colorizer}"


def short_attack(row: Identification) -> str:
    """Attacker, recognizer, input and gallery, as short as they go."""
    return f"{row.attacker}, {row.recognizer}, {row.input}, {row.gallery}"


def attack_words(row: Identification) -> str:
    """An attack in words."""
    return f"{row.attacker} attacker, {row.recognizer}, reads {row.input}, gallery {row.gallery}"


def is_slides_cell(row: Identification) -> bool:
    """Whether a row is the slides' own cell: their anonymizer under their attack."""
    return (row.anonymizer, row.attacker, row.recognizer, row.input) == SLIDES_SYSTEM


def slides_cell(record: Record) -> Identification | None:
    """The slides' own cell, if it is on record."""
    return next((row for row in record.identification if is_slides_cell(row)), None)


def every_gallery(record: Record) -> tuple[Identification, ...]:
    """Every attack under every gallery protocol that was looked at; the suite's own first."""
    return (*record.identification, *record.tables.get("galleries", ()))


def worst_rows(record: Record) -> dict[tuple[str, str], Identification]:
    """The strongest attack on each system that is no control, under the suite's gallery: most tables have no other."""
    return worst_cases(row for row in record.identification if row.anonymizer not in CONTROLS)


def worst_of_all(record: Record) -> dict[tuple[str, str], Identification]:
    """The strongest attack on each system that is no control, under whichever gallery."""
    return worst_cases(row for row in every_gallery(record) if row.anonymizer not in CONTROLS)


def headline_worst(record: Record, anonymizer: str) -> Identification | None:
    """The strongest attack of all on an anonymizer, whatever paints it and whichever gallery it is held against."""
    rows = [row for (name, _), row in worst_of_all(record).items() if name == anonymizer]
    return max(rows, key=lambda row: row.rank1 or 0.0) if rows else None


def angle_rows(record: Record, anonymizer: str) -> list[SuccessRate]:
    """Success by angle of an anonymizer, but for attacks that name strangers by their noise: they count nowhere."""
    leaks = {
        (*row.attack, row.gallery, row.colorizer)
        for row in record.identification
        if row.anonymizer == anonymizer and row.strangers_passed is False
    }
    return [
        row
        for row in record.success_rate
        if row.anonymizer == anonymizer
        and row.rate is not None
        and (row.attacker, row.recognizer, row.input, row.gallery, row.colorizer) not in leaks
    ]


def lowest(rows: Iterable[SuccessRate]) -> SuccessRate:
    """The cell in which most are still named: its angle is the worst."""
    return min(rows, key=lambda row: (row.rate or 0.0, row.angle))


def marks(record: Record, rows: Iterable[Identification]) -> dict[Identification, str]:
    """What stands beside a row: for which systems it is the worst case, and whether it is the slides' cell.

    Three systems and more are counted, not named: those of its block, and the painted ones that are attacked
    most strongly through their silhouettes. Worst is meant among the attacks under the suite's own gallery.
    """
    worst = worst_rows(record)
    found = {}
    for row in rows:
        names = [
            "silhouettes" if colorizer == "none" else colorizer
            for (_, colorizer), one in worst.items()
            if one is row
        ]
        who = ", ".join(names) if len(names) < 3 else f"{len(names)} systems"
        parts = [f"worst case ({who})"] if names else []
        found[row] = "; ".join([*parts, *(["slides' cell"] if is_slides_cell(row) else [])])
    return found
