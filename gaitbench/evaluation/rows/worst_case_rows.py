"""Rows about the worst case without winner's curse (PROTOCOL, Statistics)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.rows.cross_fitted import SPLITS, cross_fitted
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.uncertainty.resampling import subject_weights
from gaitbench.protocol import CONTROLS
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_pooled import WorstCase

__all__ = ["Candidate", "attacks_on", "candidate_of", "worst_case_rows"]


@dataclass(frozen=True)
class Candidate:
    """An attack under one gallery protocol, as what may be a system's worst case: counts by person.

    Parameters
    ----------
    anonymizer, colorizer : str
    attack : Attack
    people : str array (S,)
        Test people, sorted.
    hits, trials : float64 array (S,)
        Observations of each that are named rightly, and how many there are.
    known, lost : float64 array (S,)
        Observations of each that are named rightly untouched, and those of them that are named wrongly after.
    eligible : bool
        On a system under test, and its stranger test is passed.
    """

    anonymizer: str
    colorizer: str
    attack: Attack
    people: NDArray[np.str_]
    hits: NDArray[np.float64]
    trials: NDArray[np.float64]
    known: NDArray[np.float64]
    lost: NDArray[np.float64]
    eligible: bool

    @property
    def name(self) -> str:
        """Attacker, recognizer, input and gallery."""
        a = self.attack
        return f"{a.attacker} {a.recognizer} {a.input} {a.gallery}"


def candidate_of(outcome: AnyOutcome) -> Candidate:
    """Count an outcome; which attacks are eligible is as in `schema_attacks.worst_cases`."""
    people, index = np.unique(outcome.subjects, return_inverse=True)
    before, after = outcome.correct_before, outcome.correct_after
    hits, trials, known, lost = (
        np.bincount(index, weights=w.astype(np.float64), minlength=len(people)).astype(np.float64)
        for w in (after, np.ones(len(index)), before, before & ~after)
    )
    strangers = outcome.strangers
    eligible = (
        outcome.anonymizer not in CONTROLS
        and len(index) > 0
        and not (strangers and strangers.passed is False)
    )
    return Candidate(
        outcome.anonymizer, outcome.colorizer, outcome.attack, people, hits, trials, known, lost, eligible
    )


def worst_case_rows(run: RunContext, candidates: Sequence[Candidate]) -> list[WorstCase]:
    """One row a system under test, over all its attacks and the galleries that they were read under."""
    return [_row(run, *system, own) for system, own in attacks_on(candidates).items()]


def attacks_on(candidates: Sequence[Candidate]) -> dict[tuple[str, str], list[Candidate]]:
    """The eligible attacks on each system under test (anonymizer, colorizer), those on its silhouettes among them."""
    fit = [c for c in candidates if c.eligible]
    return {
        system: [c for c in fit if c.anonymizer == system[0] and c.colorizer in (system[1], "none")]
        for system in dict.fromkeys((c.anonymizer, c.colorizer) for c in fit)
    }


def _row(run: RunContext, anonymizer: str, colorizer: str, own: Sequence[Candidate]) -> WorstCase:
    people = np.unique(np.concatenate([c.people for c in own]))
    hits, trials = (np.zeros((len(people), len(own))) for _ in range(2))
    for k, c in enumerate(own):
        there = np.searchsorted(people, c.people)
        hits[there, k], trials[there, k] = c.hits, c.trials
    suite = run.suite
    weights = subject_weights(len(people), suite.resamples, suite.seed)
    found = cross_fitted(hits, trials, weights=weights, seed=suite.seed, confidence=suite.confidence)
    naive = 100.0 * float((hits.sum(axis=0) / trials.sum(axis=0)).max())
    if found is None:
        return WorstCase(anonymizer, colorizer, len(people), len(own), SPLITS, "", naive, None, None, None)
    chosen = "; ".join(f"{own[k].name}: {count}" for k, count in found.chosen.items())
    return WorstCase(
        anonymizer, colorizer, len(people), len(own), SPLITS, chosen, naive,
        100.0 * found.rate, 100.0 * found.low, 100.0 * found.high,
    )  # fmt: skip
