"""One probe among others, as the run pools a person's sequences and assigns the probes of a walk and angle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.explain.pool_traces import PoolTrace, trace_pools
from gaitbench.evaluation.rows.pooled_rows import DRAWS, POOL_SIZES, assignment_blocks
from gaitbench.metrics.pooling import ROUNDS, assigned
from gaitbench.results.explained import AssignedProbe, PooledProbe, PoolStep

__all__ = ["assigned_probe", "pooled_probe"]


def _row(outcome: Outcome, key: SequenceKey) -> int:
    """The observation that is shown: under ``cross-view`` that of the nearest gallery angle."""
    mine = [i for i, k in enumerate(outcome.keys) if k == key]
    return min(mine, key=lambda i: (abs(int(outcome.gallery_angles[i]) - key.angle), i))


def pooled_probe(outcome: Outcome, key: SequenceKey, over: str, *, seed: int, count: int) -> PooledProbe:
    """The run's pools of the probe's person: of the drawn ones, that which comes to the probe first.

    Parameters
    ----------
    over : str
        One of `gaitbench.metrics.pooling.POOLS`.
    seed : int
        Of the suite.
    count : int
        People shown.
    """
    angle = int(outcome.gallery_angles[_row(outcome, key)])
    here = np.flatnonzero(outcome.gallery_angles == angle)
    keys = [outcome.keys[i] for i in here]
    traces = trace_pools(
        outcome.after[here], outcome.subjects[here], outcome.people, [k.walk for k in keys], outcome.angles[here],
        key.subject, failed=outcome.failed[here], over=over, sizes=POOL_SIZES, draws=DRAWS, seed=seed,
    )  # fmt: skip
    whole = [[keys[i] for i in steps[-1].rows] for steps in traces]
    places = [pool.index(key) + 1 if key in pool else None for pool in whole]
    draw = min(range(DRAWS), key=lambda d: (places[d] is None, places[d] or 0, d))
    steps = tuple(_step(traces, draw, i, keys, outcome.people, count) for i in range(len(traces[draw])))
    return PooledProbe(over, angle, draw + 1, DRAWS, places[draw], steps)


def _step(
    traces: Sequence[Sequence[PoolTrace]],
    draw: int,
    i: int,
    keys: Sequence[SequenceKey],
    people: NDArray[np.str_],
    count: int,
) -> PoolStep:
    one = traces[draw][i]
    size = len(one.rows)
    same = [step.right for steps in traces for step in steps if len(step.rows) == size]
    order = [j for j in one.totals.argsort(kind="stable").tolist() if np.isfinite(one.totals[j])][:count]
    nearest = tuple((str(people[j]), float(one.totals[j])) for j in order) if one.named else ()
    names = tuple(str(keys[j]) for j in one.rows)
    return PoolStep(size, names, nearest, one.named, one.right, one.failed, float(np.mean(same)))


def assigned_probe(outcome: Outcome, key: SequenceKey, *, seed: int) -> AssignedProbe:
    """Whom the run's one-to-one assignment names, and which probe took the right name.

    Parameters
    ----------
    seed : int
        Of the suite.
    """
    row, blocks = _row(outcome, key), assignment_blocks(outcome)
    given = (outcome.after, outcome.subjects, outcome.people, blocks)
    named, shares = assigned(*given, failed=outcome.failed, seed=seed)
    block = np.flatnonzero(blocks == blocks[row])
    columns, times = np.unique(named[row], return_counts=True)
    column = int(columns[times.argmax()])
    taken = None
    if column >= 0 and outcome.people[column] != key.subject and key.subject in outcome.people:
        turn = int(np.flatnonzero(named[row] == column)[0])
        true = int(np.flatnonzero(outcome.people == key.subject)[0])
        taken = next((str(outcome.keys[i]) for i in block if named[i, turn] == true), None)
    return AssignedProbe(
        key.walk, key.angle, int(outcome.gallery_angles[row]), int((named[block, 0] >= 0).sum()),
        str(outcome.named_after[row]), str(outcome.people[column]) if column >= 0 else "", float(shares[row]), ROUNDS,
        taken, bool(outcome.failed[row]),
    )  # fmt: skip
