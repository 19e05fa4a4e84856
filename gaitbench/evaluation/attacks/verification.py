"""Ranks and verification of one attack from its distances: what the rows of the tables are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics import identification as measures
from gaitbench.metrics.linkability import d_sys, d_sys_null

__all__ = ["NOTHING_VERIFIED", "Verification", "ranks_of", "verification_of"]


@dataclass(frozen=True)
class Verification:
    """How well pairs of one person are told from pairs of two.

    Parameters
    ----------
    eer : float or None
        Equal error rate in percent; None with fewer than three people.
    d_sys, d_sys_null : float or None
        Linkability in 0..1, and its mean under permuted labels.
    """

    eer: float | None
    d_sys: float | None
    d_sys_null: float | None


NOTHING_VERIFIED = Verification(None, None, None)


def ranks_of(
    distances: NDArray[np.float32],
    subjects: NDArray[np.str_],
    people: NDArray[np.str_],
    failed: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """Rank of each observation's own subject among the people, int64 (n,), from 1.

    Parameters
    ----------
    distances : float32 array (n, P)
        A row of NaN where there is nothing to look at: the own subject is the last one to be found.
    failed : bool array (n,), optional
        Whose anonymization failed: they are found (the worst case).
    """
    filled = distances.astype(np.float64)
    blank = np.isnan(filled).any(axis=1)
    filled[blank] = np.asarray(subjects[blank, None] == people, dtype=np.float64)
    if failed is not None:
        own = np.asarray(subjects[failed, None] == people)
        filled[failed] = np.where(own, -np.inf, 0.0)
    return measures.true_ranks(filled, subjects, people)


def verification_of(
    distances: NDArray[np.float32],
    subjects: NDArray[np.str_],
    angles: NDArray[np.int64],
    people: NDArray[np.str_],
    failed: NDArray[np.bool_],
    *,
    seed: int,
) -> Verification:
    """Verify every pair of an observation and a person.

    Distances are taken over their mean at the probe's angle (attackers compare within an angle only); rows that are
    not finite, or failed, are left out.

    Parameters
    ----------
    distances : float32 array (n, P)
    angles : int array (n,)
        Of the probes.
    seed : int
        Of the permutations.
    """
    scaled = distances.astype(np.float64)
    good = np.isfinite(scaled).all(axis=1) & ~failed
    if not good.any() or len(people) < 3:
        return NOTHING_VERIFIED
    for angle in np.unique(angles[good]):
        here = good & (angles == angle)
        mean = scaled[here].mean()
        if mean > 0:
            scaled[here] /= mean
    pairs = measures.genuine_and_impostor(scaled[good], subjects[good], people)
    return Verification(
        100.0 * measures.equal_error_rate(*pairs),
        d_sys(*pairs),
        d_sys_null(scaled[good], subjects[good], people, seed=seed).mean,
    )
