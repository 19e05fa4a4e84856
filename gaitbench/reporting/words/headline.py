"""The figures that stand first: the worst case, and the slides' own cell beside it."""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.reporting.reading.attacks import (
    attack_words,
    headline_worst,
    slides_cell,
    system_text,
)
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.selection import headline_anonymizer
from gaitbench.reporting.reading.slides import SUCCESS_HIGH, SUCCESS_LOW
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import Identification

__all__ = ["Fact", "headline_facts"]


@dataclass(frozen=True)
class Fact:
    """A figure to be read first: what it is, the figure, its interval, and how it came about."""

    title: str
    value: str
    interval: str
    detail: str


def _chance(row: Identification) -> str:
    return f"a blind guess among {row.people} people names {100 / row.people:.1f} %" if row.people else ""


def _interval(record: Record, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{interval_name(record)} {low:.1f} to {high:.1f}"


def headline_facts(record: Record) -> tuple[Fact, ...]:
    """The strongest attack on the headline anonymizer, then the slides' cell; empty where no ladder was run."""
    name = headline_anonymizer(record)
    worst = headline_worst(record, name) if name is not None else None
    if worst is None or worst.rank1 is None:
        return ()
    facts = [
        Fact(
            "Worst case: still named rightly",
            f"{worst.rank1:.1f} %",
            _interval(record, worst.rank1_ci_low, worst.rank1_ci_high),
            f"of {worst.counted} of {system_text(worst.anonymizer, worst.colorizer)}, by the {attack_words(worst)}; "
            f"{_chance(worst)}.",
        )
    ]
    slides = slides_cell(record)
    if slides is not None and slides.rank1 is not None:
        success = (
            "undefined"
            if slides.success is None
            else f"{slides.success:.1f} % ({slides.m}/{slides.s}; slides, range over the angles of CASIA-B: "
            f"{SUCCESS_LOW} to {SUCCESS_HIGH} %)"
        )
        facts.append(
            Fact(
                "The slides' own attack: still named rightly",
                f"{slides.rank1:.1f} %",
                _interval(record, slides.rank1_ci_low, slides.rank1_ci_high),
                f"of {slides.counted}, by the {attack_words(slides)}; success {success}; {_chance(slides)}.",
            )
        )
    return tuple(facts)
