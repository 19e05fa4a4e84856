"""Rows about attackers who know that several videos show one person, or that all of them show different people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.pooling import POOLS, one_to_one, pooled_identification
from gaitbench.results.schema_pooled import Assigned, Pooled

__all__ = ["DRAWS", "POOL_SIZES", "assigned_rows", "assignment_blocks", "pooled_rows"]

#: Sequences that are pooled; those that nobody has are left out.
POOL_SIZES: tuple[int, ...] = (1, 2, 4, 8, 16, 33)
#: Pools drawn of each person and size.
DRAWS = 20


def _names(outcome: Outcome) -> tuple[str, str, str, str, str, str]:
    a = outcome.attack
    return outcome.anonymizer, outcome.colorizer, a.attacker, a.recognizer, a.input, a.gallery


def pooled_rows(run: RunContext, outcomes: Sequence[AnyOutcome]) -> list[Pooled]:
    """Identification by k sequences of a person together, for every attack whose distances are kept.

    Under ``cross-view`` pools are made within each gallery angle, and a person's share is the mean over these.
    """
    rows: list[Pooled] = []
    for outcome in [o for o in outcomes if isinstance(o, Outcome)]:
        walks = np.array([k.walk for k in outcome.keys])
        for over in POOLS:
            shares: dict[int, dict[str, list[float]]] = {}
            for gallery_angle in np.unique(outcome.gallery_angles):
                here = outcome.gallery_angles == gallery_angle
                found = pooled_identification(
                    outcome.after[here], outcome.subjects[here], outcome.people, walks[here], outcome.angles[here],
                    failed=outcome.failed[here], over=over, sizes=POOL_SIZES, draws=DRAWS, seed=run.suite.seed,
                )  # fmt: skip
                for pool in found:
                    for subject, share in zip(pool.subjects.tolist(), pool.share.tolist(), strict=True):
                        shares.setdefault(pool.size, {}).setdefault(subject, []).append(share)
            for size, by_person in shares.items():
                people = np.array(list(by_person))
                # a person is one trial, however many pools were drawn: they are the same sequences again and again
                share = np.array([np.mean(v) for v in by_person.values()])
                value, low, high = bootstrap_of(run, people).ratio(share, np.ones(len(people)))
                rows.append(
                    Pooled(
                        *_names(outcome), over, size, len(people), len(outcome.people), DRAWS, value, low, high,
                        100.0 / len(outcome.people),
                    )
                )  # fmt: skip
    return rows


def assignment_blocks(outcome: Outcome) -> NDArray[np.str_]:
    """Which observations are assigned together, str (n,): those of one walk, angle and gallery angle."""
    marks = zip(outcome.keys, outcome.gallery_angles.tolist(), strict=True)
    return np.array([f"{k.walk} {k.angle} {angle}" for k, angle in marks])


def assigned_rows(run: RunContext, outcomes: Sequence[AnyOutcome]) -> list[Assigned]:
    """One-to-one assignment of the probes of each walk and angle, of which each enrolled person owns one."""
    rows: list[Assigned] = []
    for outcome in [o for o in outcomes if isinstance(o, Outcome)]:
        blocks = assignment_blocks(outcome)
        share = one_to_one(
            outcome.after,
            outcome.subjects,
            outcome.people,
            blocks,
            failed=outcome.failed,
            seed=run.suite.seed,
        )
        everyone = np.ones(len(share))
        value, low, high = bootstrap_of(run, outcome.subjects).ratio(share, everyone)
        rows.append(
            Assigned(
                *_names(outcome), len(share), len(np.unique(blocks)), len(outcome.people),
                100.0 * float(outcome.correct_after.mean()), value, low, high,
            )
        )  # fmt: skip
    return rows
