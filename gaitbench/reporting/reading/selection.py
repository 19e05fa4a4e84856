"""Which cells of a record a table shows, and in whose words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from gaitbench.reporting.formats.table import Cell, State
from gaitbench.reporting.reading.intervals import could_have_seen
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, GALLERIES, Quality, QualityDifference, SuccessRate

__all__ = [
    "REFERENCE_ORDER", "SET_ORDER", "attack_of", "attack_text", "data_sentence", "display",
    "failed_or_not_run", "headline_anonymizer", "headline_attack", "headline_reference", "is_best", "measure_cell",
    "ordered", "rate_cell", "seen_cell", "unique",
]  # fmt: skip

_T = TypeVar("_T")

#: The references that stand first: the slides name none; under `overlap` levels and gaps fit theirs best (PROTOCOL).
REFERENCE_ORDER = ("overlap", "original")
SET_ORDER = ("plain", "textural", "incomplete", "complete")

#: How a name of the record reads in a sentence.
_DISPLAY = {"psnr": "PSNR", "ssim": "SSIM", "nm": "normal", "bg": "bag", "cl": "coat"}


def display(name: str) -> str:
    """A name as tables print it: as the record spells it, but for measures and walking conditions."""
    return _DISPLAY.get(name, name)


def unique(values: Iterable[_T]) -> list[_T]:
    """Values in the order of their first appearance."""
    return list(dict.fromkeys(values))


def ordered(names: Iterable[str], first: tuple[str, ...]) -> list[str]:
    """Names, those of `first` in that order before the others."""
    found = unique(names)
    return [name for name in first if name in found] + [name for name in found if name not in first]


def attack_of(row: SuccessRate) -> tuple[str, str, str, str]:
    """(attacker, recognizer, input, gallery)."""
    return row.attacker, row.recognizer, row.input, row.gallery


def attack_text(attack: tuple[str, str, str, str]) -> str:
    """An attack in words."""
    attacker, recognizer, input_, gallery = attack
    return f"{attacker} attacker, {recognizer}, reads {input_}, gallery {gallery}"


def headline_reference(record: Record) -> str:
    """The reference that the summary speaks of: of those that stand first, else the first that was measured."""
    return next(iter(ordered((row.reference for row in record.quality), REFERENCE_ORDER)), REFERENCE_ORDER[0])


def headline_attack(record: Record) -> tuple[str, str, str, str] | None:
    """The slides' own attack under the strongest gallery that was run, else the first attack."""
    attacks = unique(attack_of(row) for row in record.success_rate)
    for gallery in GALLERIES:
        if (*SLIDES_SYSTEM[1:], gallery) in attacks:
            return (*SLIDES_SYSTEM[1:], gallery)
    return attacks[0] if attacks else None


def headline_anonymizer(record: Record) -> str | None:
    """The slides' anonymizer, else the first that is no control, else None."""
    names = [row.anonymizer for row in record.success_rate] + [row.anonymizer for row in record.quality]
    names = [name for name in ordered(names, (SLIDES_SYSTEM[0],)) if name not in CONTROLS]
    return names[0] if names else None


def failed_or_not_run(record: Record, **coordinates: object) -> Cell:
    """The cell of something that has no row: failed if a failure covers it, else not run."""
    failed = any(failure.covers(**coordinates) for failure in record.failures)
    return Cell(state=State.FAILED if failed else State.NOT_RUN)


def rate_cell(value: float | None, low: float | None = None, high: float | None = None) -> Cell:
    """A rate in percent; None is undefined."""
    if value is None:
        return Cell(state=State.UNDEFINED)
    return Cell(value, low, high)


def measure_cell(row: Quality, measure: str, *, bold: bool = False) -> Cell:
    """PSNR or SSIM of a row; PSNR of pictures that all equal their reference is infinite, not a mean."""
    value = getattr(row, measure)
    if value is None:
        return Cell(state=State.INFINITE if measure == "psnr" and row.infinite else State.UNDEFINED)
    return Cell(value, getattr(row, f"{measure}_ci_low"), getattr(row, f"{measure}_ci_high"), bold=bold)


def seen_cell(record: Record, low: float | None, high: float | None) -> Cell:
    """The smallest difference that an interval could have seen; undefined where there is no interval."""
    value = could_have_seen(low, high, record.confidence)
    return Cell(state=State.UNDEFINED) if value is None else Cell(value)


def is_best(
    differences: Iterable[QualityDifference], row: Quality, measure: str, rivals: Iterable[str]
) -> bool:
    """Whether `row`'s colorizer beats every rival in a paired difference whose interval excludes zero."""
    beaten = set()
    for one in differences:
        place = (one.anonymizer, one.set, one.reference, one.measure)
        if place == (row.anonymizer, row.set, row.reference, measure) and one.winner == row.colorizer:
            beaten |= {one.a, one.b} - {row.colorizer}
    others = set(rivals) - {row.colorizer}
    return bool(others) and others <= beaten


def data_sentence(record: Record) -> str:
    """What was walked, the split and the seed: the end of every caption."""
    data = record.provenance["dataset"]
    kind = "rendered walkers, not filmed people" if data["rendered"] else "filmed people"
    split = str(record.provenance["split_hash"])[:8]
    return f"Data: {data['name']} ({kind}); split {split}; seed {record.provenance['seed']}{_noise(record)}."


def _noise(record: Record) -> str:
    """How the anonymizers draw their noise, where the record has its protocol."""
    part: object = record.provenance.get("protocol")
    for name in ("noise", "value", "draw"):
        part = part.get(name) if isinstance(part, Mapping) else None
    if not isinstance(part, str):
        return ""
    draw = part.replace("-", " ")
    return f"; noise drawn {draw}" if draw.startswith("per ") else f"; noise: {draw}"
