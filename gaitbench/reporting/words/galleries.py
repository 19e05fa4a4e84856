"""Does another gallery make the attack stronger? In words."""

from __future__ import annotations

from gaitbench.reporting.reading.attacks import (
    every_gallery,
    headline_worst,
    is_slides_cell,
    short_attack,
    slides_cell,
    system_text,
)
from gaitbench.reporting.words.answer import percent
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import Identification

__all__ = ["gallery_lines"]


def gallery_lines(record: Record, name: str) -> list[str]:
    """A line for the worst case, and one for the slides' attack, where another gallery than the suite's is stronger."""
    lines = []
    worst = headline_worst(record, name)
    if worst is not None and record.identification and worst not in record.identification:
        usual = _same_attack(record, worst)
        beside = f"; the same attack under {usual.gallery} names {_rank1(usual)}" if usual is not None else ""
        lines.append(
            f"The strongest attack on {system_text(worst.anonymizer, worst.colorizer)} is made under another gallery "
            f"than this suite's: {short_attack(worst)} names {_rank1(worst)} rightly{beside}. "
            "The worst case is this one."
        )
    slides = slides_cell(record)
    if slides is not None and slides.rank1 is not None and slides.anonymizer == name:
        found = [row for row in every_gallery(record) if is_slides_cell(row) and row.rank1 is not None]
        strongest = max(found, key=lambda row: row.rank1 or 0.0)
        if strongest.gallery != slides.gallery and (strongest.rank1 or 0.0) > slides.rank1:
            lines.append(
                f"The slides' own attack is stronger under {strongest.gallery}, {_rank1(strongest)}, than under "
                f"{slides.gallery}, {_rank1(slides)}; the slides do not say which gallery is theirs."
            )
    return lines


def _same_attack(record: Record, wanted: Identification) -> Identification | None:
    place = (wanted.anonymizer, wanted.colorizer, *wanted.attack)
    return next(
        (row for row in record.identification if (row.anonymizer, row.colorizer, *row.attack) == place), None
    )


def _rank1(row: Identification) -> str:
    if row.rank1 is None:
        return "an unknown share"
    if row.rank1_ci_low is None or row.rank1_ci_high is None:
        return percent(row.rank1)
    return f"{percent(row.rank1)} [{row.rank1_ci_low:.1f}, {row.rank1_ci_high:.1f}]"
