"""The summary in plain words: what was tested, is the person hidden, is the picture good, what not to conclude."""

from __future__ import annotations

from dataclasses import dataclass

from gaitbench.reporting.formats.shown_views import degrees
from gaitbench.reporting.reading.selection import attack_of, attack_text, headline_attack, unique
from gaitbench.reporting.words.answer import Answer
from gaitbench.reporting.words.conclusive import conclusive_lines
from gaitbench.reporting.words.headline import Fact, headline_facts
from gaitbench.reporting.words.hidden import hidden_answer
from gaitbench.reporting.words.picture import picture_answer
from gaitbench.reporting.words.sequences import sequences_read
from gaitbench.reporting.words.verdicts import Card, cards, sentence
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS

__all__ = ["Answer", "Summary", "summarize"]


@dataclass(frozen=True)
class Summary:
    """The four parts of the summary; before them the sentence to repeat, its figures and a card for each system.

    `conclusive` is what would make the answer about somebody's files firmer.
    """

    tested: tuple[str, ...]
    hidden: Answer
    picture: Answer
    beware: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    sentence: str = ""
    cards: tuple[Card, ...] = ()
    conclusive: tuple[str, ...] = ()


def summarize(record: Record) -> Summary:
    """Put a record into words; every figure in them stands in a table as well."""
    return Summary(
        _tested(record),
        hidden_answer(record),
        picture_answer(record),
        _beware(record),
        headline_facts(record),
        sentence(record),
        cards(record),
        conclusive_lines(record),
    )


def _tested(record: Record) -> tuple[str, ...]:
    data, run = record.provenance["dataset"], record.provenance
    people = (
        "rendered walkers (computer-made people, not filmed ones)" if data["rendered"] else "filmed people"
    )
    lines = list(run.get("evaluated", {}).get("counts", {}).get("lines", ()))
    lines += [f"Data: {data['name']}, {people}; suite {run['suite_name']}, seed {run['seed']}."]
    lines += sequences_read(record)
    names = unique(row.anonymizer for row in record.success_rate)
    names += [row.anonymizer for row in record.quality if row.anonymizer not in names]
    systems = [name for name in unique(names) if name not in CONTROLS]
    held = [name for name in CONTROLS if name in names]
    painters = [c for c in unique(row.colorizer for row in record.quality) if c != "none"]
    if systems:
        painted = f", painted by {', '.join(painters)}" if painters else ""
        lines.append(f"Anonymizer: {', '.join(systems)}{painted}.")
    if held:
        lines.append(f"Controls beside it: {', '.join(held)}.")
    attack = headline_attack(record)
    if attack is not None:
        angles = sorted({row.angle for row in record.success_rate})
        others = len({attack_of(row) for row in record.success_rate}) - 1
        more = f" {others} further attack{'s' if others > 1 else ''} below." if others else ""
        span = " to ".join(degrees(a) for a in dict.fromkeys([angles[0], angles[-1]]))
        count = "1 viewing angle" if len(angles) == 1 else f"{len(angles)} viewing angles"
        lines.append(f"Attack: {attack_text(attack)}, at {count} ({span}).{more}")
    missing = len(data["missing"])
    if missing:
        lines.append(f"{missing} sequences were missing on disk and are not part of any figure.")
    return tuple(lines)


def _beware(record: Record) -> tuple[str, ...]:
    lines = [
        "A success rate without |S|, chance and the controls means nothing: a recognizer that knows nobody is "
        "always fooled, and a blind guess alone succeeds almost always."
    ]
    if record.provenance["dataset"]["rendered"]:
        lines.append(
            "These people are rendered walkers. The figures show how the methods compare under equal conditions; "
            "they do not say how filmed people fare."
        )
    attackers = unique(row.attacker for row in record.success_rate)
    if attackers == ["ignorant"]:
        lines.append(
            "The attacker knows nothing of the anonymizer. One that was trained on anonymized gaits can do better, "
            "so that a high rate here is no proof of anonymity."
        )
    inputs = unique(row.input for row in record.success_rate)
    if inputs == ["silhouette"]:
        lines.append(
            "The recognizer reads the anonymized silhouette alone. That colour keeps the person hidden (clothes, "
            "a silhouette extracted again) is not tested by it; equal rates for all colorizers are so by construction."
        )
    lines.append(
        "PSNR and SSIM compare with a named reference; levels under different references, and the slides' figures "
        "(whose reference is not given), do not compare. Picture quality says nothing about privacy."
    )
    return tuple(lines)
