"""From the figures of a suite's repeats to rows: what other people would give, and where the variance lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gaitbench.metrics.uncertainty.repeated import Draws, Nested, nested_shares, over_draws
from gaitbench.results.record import Record
from gaitbench.results.schema_attacks import Identification

__all__ = ["PEOPLE", "SEEDS", "Figure", "Headline", "Repeated", "Within", "repeated", "within"]

#: What is drawn anew: the people (their split, walks and all that is trained on them), or training and noise alone.
PEOPLE, SEEDS = "people", "training and noise"

#: System, figure, unit.
Headline = tuple[str, str, str]


@dataclass(frozen=True)
class Figure:
    """A value and its standard error over the people of the run; NaN where the run has no interval."""

    value: float
    error: float


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
    drawn: str, found: Sequence[Mapping[Headline, Figure]], confidence: float = 0.95
) -> tuple[list[Repeated], list[str]]:
    """Rows of one kind of draw, and what was left out, a line each.

    Parameters
    ----------
    drawn : str
        `PEOPLE` or `SEEDS`.
    found : sequence of dict
        The figures of each run by their names; two runs and more.
    """
    rows, left_out = list[Repeated](), list[str]()
    for name in dict.fromkeys(name for one in found for name in one):
        figures = [one[name] for one in found if name in one]
        if len(figures) < len(found):
            left_out.append(
                f"{name[0]}, {name[1]}: {len(found) - len(figures)} of {len(found)} runs have no figure"
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


def within(record: Record, row: Identification, words: str) -> Within | None:
    """Shares of person, walk and camera in the answers of one attack; None where they cannot be told apart.

    Parameters
    ----------
    record : Record
        Whose `scores` hold the attack.
    row : Identification
    words : str
        What the attack is called.
    """
    own = record.scores[record.scores["measure"] == "correct_after"]
    for column in ("anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery"):
        own = own[own[column] == getattr(row, column)]
    flags = own["value"].to_numpy() > 0
    try:
        shares = nested_shares(flags, own["subject"].to_numpy(str), own["walk"].to_numpy(str))
    except ValueError:
        return None
    return Within(words, len(own), own["subject"].nunique(), 100 * float(flags.mean()), shares)
