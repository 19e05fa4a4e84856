"""The headline figures of a run, each with its standard error, by a name that is the same in every run of a suite."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist

from gaitbench.reporting.reading.attacks import (
    every_gallery,
    headline_worst,
    short_attack,
    slides_cell,
    worst_rows,
)
from gaitbench.reporting.reading.selection import headline_reference, unique
from gaitbench.reporting.reading.slides import SLIDES_SYSTEM
from gaitbench.results.record import Record
from gaitbench.results.repeated.comparing import Figure, Headline, Within, within
from gaitbench.results.schema import CONTROLS
from gaitbench.results.schema_attacks import Attack, Identification

__all__ = ["headlines", "strongest_of", "variances"]


def strongest_of(record: Record) -> dict[str, tuple[Attack, str]]:
    """The attack that names most of each system, and who paints what it reads: chosen on one run, held in the others.

    A maximum taken anew in every run would follow the luck of each.
    """
    names = unique(row.anonymizer for row in record.identification if row.anonymizer not in CONTROLS)
    worst = {name: headline_worst(record, name) for name in names}
    return {
        name: (Attack(row.attacker, row.recognizer, row.input, row.gallery), row.colorizer)
        for name, row in worst.items()
        if row is not None
    }


def headlines(record: Record, strongest: dict[str, tuple[Attack, str]]) -> dict[Headline, Figure]:
    """The figures that are compared between runs.

    Parameters
    ----------
    record : Record
    strongest : dict of str to (Attack, str)
        Of `strongest_of`, from the run that chooses.

    Returns
    -------
    dict
        Per system and for the control ``original``: rank-1 and success of the slides' attacker; per system the attack
        that was chosen, and the worst case by halves of the people; each paired difference between the first two
        colorizers (PSNR, headline reference). Figures without a value are left out.
    """
    return dict(_named(record, strongest)) | dict(_painted(record))


def variances(record: Record) -> list[Within]:
    """Where the answers vary within one run: under the slides' attack and under the strongest on each system."""
    cells = [row for row in (slides_cell(record), *worst_rows(record).values()) if row is not None]
    found = [within(record, row, f"{row.anonymizer}: {short_attack(row)}") for row in dict.fromkeys(cells)]
    return [one for one in found if one is not None]


def _named(record: Record, strongest: dict[str, tuple[Attack, str]]) -> Iterator[tuple[Headline, Figure]]:
    rows = every_gallery(record)
    own = record.identification
    for name in unique(row.anonymizer for row in own):
        if name in CONTROLS and name != "original":
            continue
        slides = next((r for r in own if (r.anonymizer, *_attack(r)[:3]) == (name, *SLIDES_SYSTEM[1:])), None)
        if slides is not None:
            words = f"slides' attacker, {slides.gallery}"
            yield from _figure(record, (name, f"rank-1, {words}", "%"), slides.rank1,
                               slides.rank1_ci_low, slides.rank1_ci_high)  # fmt: skip
            yield from _figure(record, (name, f"success, {words}", "%"), slides.success,
                               slides.success_ci_low, slides.success_ci_high)  # fmt: skip
        if name in strongest:
            attack, colorizer = strongest[name]
            wanted = (name, colorizer, attack.attacker, attack.recognizer, attack.input, attack.gallery)
            row = next((r for r in rows if (r.anonymizer, r.colorizer, *_attack(r)) == wanted), None)
            if row is not None:
                yield from _figure(record, (name, f"rank-1, {short_attack(row)}", "%"), row.rank1,
                                   row.rank1_ci_low, row.rank1_ci_high)  # fmt: skip
    for worst in record.tables.get("worst_case", ()):
        if worst.anonymizer not in CONTROLS:
            yield from _figure(record, (worst.anonymizer, "rank-1, worst case by halves of the people", "%"),
                               worst.rank1, worst.ci_low, worst.ci_high)  # fmt: skip


def _attack(row: Identification) -> tuple[str, str, str, str]:
    return row.attacker, row.recognizer, row.input, row.gallery


def _painted(record: Record) -> Iterator[tuple[Headline, Figure]]:
    rows = [
        r
        for r in record.quality_difference
        if r.measure == "psnr" and r.reference == headline_reference(record)
    ]
    pairs = {(r.a, r.b) for r in rows}
    for row in rows:
        # the slides' own comparison where it is there, else whichever stands first
        if (row.a, row.b) == (
            ("proposed", "baseline") if ("proposed", "baseline") in pairs else (rows[0].a, rows[0].b)
        ):
            name = f"PSNR, {row.a} minus {row.b}, {row.set} ({row.reference})"
            yield from _figure(record, (row.anonymizer, name, "dB"), row.difference, row.ci_low, row.ci_high)


def _figure(
    record: Record, name: Headline, value: float | None, low: float | None, high: float | None
) -> Iterator[tuple[Headline, Figure]]:
    if value is None or not math.isfinite(value):
        return
    confidence = record.provenance.get("suite", {}).get("confidence", 0.95)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    # half of the interval over the normal quantile
    error = math.nan if low is None or high is None else (high - low) / 2 / z
    yield name, Figure(value, error)
