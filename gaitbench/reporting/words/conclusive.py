"""What is still missing where somebody's files were judged: what to hand in for a firmer answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gaitbench.reporting.reading.attacks import headline_worst
from gaitbench.reporting.reading.intervals import level_text
from gaitbench.reporting.reading.selection import headline_anonymizer
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import Identification

__all__ = ["conclusive_lines"]

#: Points to each side that an interval should not exceed (ours): a rate of 10 % is then told from a guess among forty.
_WANTED = 5.0
#: Attackers who learn from the system's own output.
_KNOWING = frozenset(("semi-informed", "linked", "joint", "informed"))


def conclusive_lines(record: Record) -> tuple[str, ...]:
    """What would make the answer of ``evaluate`` firmer, the most telling first; empty for other runs."""
    said = record.provenance.get("evaluated")
    name = headline_anonymizer(record)
    if not isinstance(said, Mapping) or name is None:
        return ()
    rows = [row for row in record.identification if row.anonymizer == name]
    lines = [*_people(record, headline_worst(record, name)), *_handed_in(said, rows)]
    if said.get("noise") == "undeclared":
        lines.append(
            "Declare how the system draws its noise (--noise): one noise for all videos of a person links them, and an "
            "attacker of that kind is run only where it is declared."
        )
    problems = sum((said.get("problems") or {}).values())
    if problems:
        lines.append(
            f"Mend the {problems} problem{'s' if problems > 1 else ''} with what was handed in: a sequence that cannot "
            "be judged counts as named."
        )
    return tuple(lines)


def _people(record: Record, worst: Identification | None) -> list[str]:
    """How many people an interval of the wanted width takes: it narrows as the root of their number."""
    if worst is None or worst.rank1 is None or worst.rank1_ci_low is None or worst.rank1_ci_high is None:
        return []
    width = max(worst.rank1_ci_high - worst.rank1, worst.rank1 - worst.rank1_ci_low)
    if width <= _WANTED:
        return []
    people = 10 * math.ceil(worst.people * (width / _WANTED) ** 2 / 10)
    return [
        f"More people: {worst.people} were tested, and the {level_text(record.confidence)} interval of the strongest "
        f"attack reaches {width:.0f} points to one side; about {people} people would bring it to {_WANTED:.0f} "
        "(gaitbench power plans it)."
    ]


def _handed_in(said: Mapping[str, Any], rows: list[Identification]) -> list[str]:
    lines = []
    if said.get("attacker") == "bundled":
        lines.append(
            "Untouched walks of at least six people who are not tested, better fifty (--train): the attackers then "
            "learn from these data. The bundled one learnt from rendered walkers and is weak on filmed people."
        )
    if rows and not any(row.attacker in _KNOWING for row in rows):
        lines.append(
            "Anonymized walks of those training people, and the anonymized gallery walks of everybody who is tested: "
            "an attacker who trains on the output is the one that counts, and was not run."
        )
    if said.get("attacker") is not None and not any(row.input == "resegmented" for row in rows):
        what = "The films" if said.get("painted") else "The painted pictures, and the films"
        lines.append(
            f"{what} with their colours and a clip of the empty scene: people are then cut out of the pictures again, "
            "as an attacker would."
        )
    return lines
