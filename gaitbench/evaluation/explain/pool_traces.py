"""The pools of one person, step by step: which sequences, what they add up to, whom they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.metrics.pooling import drawn_pools, scaled_distances

__all__ = ["PoolTrace", "trace_pools"]


@dataclass(frozen=True)
class PoolTrace:
    """One pool of one person.

    Parameters
    ----------
    rows : intp array (k,)
        The sequences, in the order in which they are pooled.
    totals : float64 array (P,)
        Sum of the distances to each person, each sequence's over their mean.
    named : str
        Whom the pool names; "" where there is nothing to look at.
    right : bool
        Counted as named rightly: it is, or a sequence's anonymization failed.
    failed : int
        Sequences whose anonymization failed.
    """

    rows: NDArray[np.intp]
    totals: NDArray[np.float64]
    named: str
    right: bool
    failed: int


def trace_pools(
    distances: ArrayLike,
    subjects: ArrayLike,
    people: ArrayLike,
    walks: ArrayLike,
    views: ArrayLike,
    subject: str,
    *,
    failed: ArrayLike | None = None,
    over: str,
    sizes: Sequence[int],
    draws: int,
    seed: int,
) -> list[list[PoolTrace]]:
    """The very pools of `pooled_identification` for one person: draw by draw, size by size.

    Raises
    ------
    ValueError
        As `pooled_identification`; or if nobody is called `subject`.
    """
    scaled, own, enrolled, lost = scaled_distances(distances, subjects, people, failed)
    names = np.unique(own).tolist()
    if subject not in names:
        raise ValueError(f"nobody is called {subject!r}; there are {len(names)} people such as {names[0]!r}")
    who = names.index(subject)
    found = []
    for pools in drawn_pools(own, walks, views, over=over, draws=draws, seed=seed):
        steps = []
        for size in [k for k in sizes if k <= len(pools[who])]:
            mine = pools[who][:size]
            seen = mine[~np.isnan(scaled[mine, 0]) & ~lost[mine]]
            totals = scaled[seen].sum(axis=0)
            named = enrolled[int(totals.argmin())] if len(seen) else ""
            gone = int(lost[mine].sum())
            steps.append(PoolTrace(mine, totals, named, named == subject or gone > 0, gone))
        found.append(steps)
    return found
