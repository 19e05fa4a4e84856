"""From the records of a suite's repeats to rows: what other people would give, and where the variance lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gaitbench.metrics.uncertainty.repeated import Draws, Nested, nested_shares, over_draws
from gaitbench.reporting.reading.attacks import short_attack, slides_cell, worst_rows
from gaitbench.reporting.repeated.figures import Figure, Headline, headlines, strongest_of
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import Identification

__all__ = ["PEOPLE", "SEEDS", "Repeated", "Within", "repeated", "within_run"]

#: What is drawn anew: the people (their split, walks and all that is trained on them), or training and noise alone.
PEOPLE, SEEDS = "people", "training and noise"


@dataclass(frozen=True)
class Repeated:
    """One figure over the draws of one kind; `values` in the order of the runs, `within` the runs' mean error."""

    drawn: str
    name: Headline
    values: tuple[float, ...]
    within: float
    found: Draws


@dataclass(frozen=True)
class Within:
    """Where the answers of one attack vary within a run."""

    attack: str
    n: int
    people: int
    named: float
    shares: Nested


def repeated(
    drawn: str, records: Sequence[Record], confidence: float = 0.95
) -> tuple[list[Repeated], list[str]]:
    """Rows of one kind of draw, and what was left out, a line each.

    Parameters
    ----------
    drawn : str
        `PEOPLE` or `SEEDS`.
    records : sequence of Record
        Two and more; the attack that names most is chosen on the first.
    """
    strongest = strongest_of(records[0])
    found: list[Mapping[Headline, Figure]] = [headlines(record, strongest) for record in records]
    rows, left_out = list[Repeated](), list[str]()
    for name in dict.fromkeys(name for one in found for name in one):
        figures = [one[name] for one in found if name in one]
        if len(figures) < len(records):
            left_out.append(
                f"{name[0]}, {name[1]}: {len(records) - len(figures)} of {len(records)} runs have no figure"
            )
            continue
        values, errors = [f.value for f in figures], [f.error for f in figures]
        rows.append(
            Repeated(
                drawn,
                name,
                tuple(values),
                float(np.sqrt(np.mean(np.square(errors)))),
                over_draws(values, errors, confidence=confidence),
            )
        )
    return rows, left_out


def within_run(record: Record) -> list[Within]:
    """Shares of person, walk and camera for the slides' attack and the strongest of each system; from `scores`."""
    cells: list[Identification] = [
        row for row in (slides_cell(record), *worst_rows(record).values()) if row is not None
    ]
    scores, rows = record.scores, list[Within]()
    scores = scores[scores["measure"] == "correct_after"]
    for row in dict.fromkeys(cells):
        own = scores
        for column in ("anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery"):
            own = own[own[column] == getattr(row, column)]
        flags = own["value"].to_numpy() > 0
        try:
            shares = nested_shares(flags, own["subject"].to_numpy(str), own["walk"].to_numpy(str))
        except ValueError:
            continue
        rows.append(
            Within(f"{row.anonymizer}: {short_attack(row)}", len(own), own["subject"].nunique(),
                   100 * float(flags.mean()), shares)
        )  # fmt: skip
    return rows
