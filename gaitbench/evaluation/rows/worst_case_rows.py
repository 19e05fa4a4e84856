"""Rows about the worst case without winner's curse (PROTOCOL, Statistics)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.rows.cross_fitted import SPLITS, cross_fitted
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.resampling import subject_weights
from gaitbench.protocol import CONTROLS
from gaitbench.results.schema_pooled import WorstCase

__all__ = ["worst_case_rows"]


def worst_case_rows(run: RunContext, outcomes: Sequence[AnyOutcome]) -> list[WorstCase]:
    """One row a system under test; which attacks count for it is as in `schema_attacks.worst_cases`."""
    fit = [
        o for o in outcomes
        if o.anonymizer not in CONTROLS and len(o.subjects) and not (o.strangers and o.strangers.passed is False)
    ]  # fmt: skip
    rows: list[WorstCase] = []
    for anonymizer, colorizer in dict.fromkeys((o.anonymizer, o.colorizer) for o in fit):
        own = [o for o in fit if o.anonymizer == anonymizer and o.colorizer in (colorizer, "none")]
        rows.append(_row(run, anonymizer, colorizer, own))
    return rows


def _row(run: RunContext, anonymizer: str, colorizer: str, own: Sequence[AnyOutcome]) -> WorstCase:
    people = np.unique(np.concatenate([o.subjects for o in own]))
    columns = []
    for o in own:
        index = np.searchsorted(people, o.subjects)
        columns.append([np.bincount(index, weights=w, minlength=len(people))
                        for w in (o.correct_after.astype(np.float64), np.ones(len(index)))])  # fmt: skip
    hits, trials = (np.column_stack([c[i] for c in columns]).astype(np.float64) for i in (0, 1))
    suite = run.suite
    weights = subject_weights(len(people), suite.resamples, suite.seed)
    found = cross_fitted(hits, trials, weights=weights, seed=suite.seed, confidence=suite.confidence)
    naive = 100.0 * float((hits.sum(axis=0) / trials.sum(axis=0)).max())
    if found is None:
        return WorstCase(anonymizer, colorizer, len(people), len(own), SPLITS, "", naive, None, None, None)
    names = [f"{a.attacker} {a.recognizer} {a.input} {a.gallery}" for a in (o.attack for o in own)]
    chosen = "; ".join(f"{names[k]}: {count}" for k, count in found.chosen.items())
    return WorstCase(
        anonymizer, colorizer, len(people), len(own), SPLITS, chosen, naive,
        100.0 * found.rate, 100.0 * found.low, 100.0 * found.high,
    )  # fmt: skip
