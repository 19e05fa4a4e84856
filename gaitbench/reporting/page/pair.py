"""Two systems side by side: what the page says of each, and which strip of the player shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gaitbench.reporting.reading.selection import headline_anonymizer, headline_reference, unique
from gaitbench.reporting.words.verdicts import Card
from gaitbench.results.record import Record

__all__ = ["comparable", "filtered_systems"]


def filtered_systems(record: Record) -> list[str]:
    """Every anonymizer and control that a row may be about."""
    names = [row.anonymizer for row in record.success_rate]
    names += [row.anonymizer for row in record.identification]
    return unique([*names, *(row.anonymizer for row in record.quality)])


def _strip(system: str, anonymizer: str, strips: Sequence[str]) -> str:
    """The strip that shows a system; empty where none does. The strips' colours are those of `anonymizer`."""
    name, _, colorizer = system.partition(" + ")
    wanted = colorizer if colorizer and name == anonymizer else f"{name}, binary"
    return wanted if wanted in strips else ""


def _painted(record: Record, colorizer: str) -> list[tuple[str, str]]:
    """Figures of what a colorizer painted over the first anonymizer, under the reference that stands first."""
    reference, anonymizer = headline_reference(record), headline_anonymizer(record)
    found = []
    for row in record.quality:
        if (row.colorizer, row.reference, row.anonymizer) != (colorizer, reference, anonymizer):
            continue
        for measure, value, low, high, digits in (
            ("PSNR (dB)", row.psnr, row.psnr_ci_low, row.psnr_ci_high, 2),
            ("SSIM", row.ssim, row.ssim_ci_low, row.ssim_ci_high, 3),
        ):
            name = f"{measure}, {row.set}, reference {reference}"
            if value is None and row.infinite and measure == "PSNR (dB)":
                found.append((name, f"infinite: {row.infinite} pictures equal their reference"))
            if value is not None:
                ends = (
                    f" [{low:.{digits}f}, {high:.{digits}f}]" if low is not None and high is not None else ""
                )
                found.append((name, f"{value:.{digits}f}{ends}"))
    return found


def comparable(
    record: Record, cards: Sequence[Card], strips: Sequence[str], anonymizer: str
) -> list[dict[str, Any]]:
    """What can be set side by side: ``name``, ``strip`` (or empty) and ``facts``, pairs of question and answer.

    First the systems that have a card, then what else the player shows.
    """
    found: list[dict[str, Any]] = []
    for card in cards:
        facts = [
            (line.question, " ".join(f"{line.sign} {line.word}. {line.detail}".split()))
            for line in card.lines
        ]
        found.append({"name": card.system, "strip": _strip(card.system, anonymizer, strips), "facts": facts})
    taken = {one["strip"] for one in found}
    found += [
        {"name": name, "strip": name, "facts": _painted(record, name)} for name in strips if name not in taken
    ]
    return found
