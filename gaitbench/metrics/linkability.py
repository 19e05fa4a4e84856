"""Linkability D_sys (Gomez-Barrero et al. 2018), and what it comes to when nobody can be linked.

Distances of pairs of one person (genuine, "mated") and of two (impostor) are compared by histograms. The local
measure of a distance is ``D(s) = 2 w LR / (1 + w LR) - 1`` where ``w LR > 1`` and 0 elsewhere, with the
likelihood ratio ``LR = p(s | genuine) / p(s | impostor)`` and ``w`` the ratio of their prior probabilities (1
here); the measure of the system is ``D_sys = integral of p(s | genuine) D(s) ds``, in [0, 1]: 0 not linkable, 1
fully linkable. Ours (not in the paper):

- the integral is the sum over the bins of genuine share x D, exactly 1 for a perfect separation; a trapezoid rule
  over the bins, as in public code, gives 0.5 there;
- the bins are equal in width over the range of all distances, as many as genuine pairs / 10, at most 100 (and at
  least 1);
- histograms of few pairs differ by chance, so D_sys is above 0 for a blind system: read it beside its null.

References
----------
Gomez-Barrero, Galbally, Rathgeb, Busch, *General framework to evaluate unlinkability in biometric template protection
systems*, IEEE TIFS 13 (2018).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.metrics._checks import as_vector, check_count, check_positive
from gaitbench.metrics.identification import _checked

__all__ = ["LinkabilityNull", "d_sys", "d_sys_null"]

Array = NDArray[np.float64]


def _bins(genuine: int, bins: int | None) -> int:
    if bins is None:
        return int(min(100, max(1, genuine // 10)))
    return check_count("bins", bins, 1, 10**6, "bins of a histogram")


def _from_counts(genuine: Array, impostor: Array, omega: float) -> Array:
    """D_sys from histograms (..., bins) of the two kinds."""
    p = genuine / genuine.sum(axis=-1, keepdims=True)
    q = impostor / impostor.sum(axis=-1, keepdims=True)
    top = omega * p
    # 2 w LR / (1 + w LR) - 1 = (w p - q) / (w p + q), which needs no rule for q = 0.
    local = np.divide(top - q, top + q, out=np.zeros_like(p), where=top > q)
    total: Array = (p * local).sum(axis=-1)
    return total


def d_sys(genuine: ArrayLike, impostor: ArrayLike, *, omega: float = 1.0, bins: int | None = None) -> float:
    """Linkability of a system from the distances of its genuine and impostor pairs.

    Parameters
    ----------
    genuine, impostor : float arrays (g,), (i,)
        Finite; only their distributions count, not their direction.
    omega : float
        Prior ratio P(genuine) / P(impostor).
    bins : int, optional
        Default: genuine pairs / 10, at most 100.

    Returns
    -------
    float
        In [0, 1]; NaN if there is no pair of one kind.

    Examples
    --------
    >>> import numpy as np
    >>> d_sys(np.linspace(0, 1, 100), np.linspace(2, 3, 100))
    1.0
    """
    check_positive("omega", omega)
    own = as_vector(np.ravel(genuine), "genuine", finite=True)
    other = as_vector(np.ravel(impostor), "impostor", finite=True)
    if not len(own) or not len(other):
        return float("nan")
    span = (min(own.min(), other.min()), max(own.max(), other.max()))
    count = _bins(len(own), bins)
    histograms = [np.histogram(x, bins=count, range=span)[0].astype(np.float64) for x in (own, other)]
    return float(_from_counts(histograms[0], histograms[1], omega))


@dataclass(frozen=True)
class LinkabilityNull:
    """D_sys when labels are permuted: its mean and its 95 % quantile over the permutations, and the p-value."""

    mean: float
    high: float
    p_value: float


def d_sys_null(
    distances: ArrayLike,
    probe_y: ArrayLike,
    gallery_y: ArrayLike,
    *,
    rounds: int = 200,
    seed: int = 0,
    omega: float = 1.0,
    bins: int | None = None,
) -> LinkabilityNull:
    """D_sys under permuted labels: what a system that links nobody would show on as many people.

    In each round every person takes over the gallery entries of another one (a random cycle through all, so
    that nobody keeps the own). Whole people are exchanged, not pairs: distances of one person resemble each
    other, and a permutation of single pairs would put the null too low.

    Parameters
    ----------
    distances : array (n, m)
    probe_y, gallery_y : str arrays (n,), (m,)
        Probes of people who are not in the gallery are left out.
    rounds : int
    seed : int
    omega, bins
        As in `d_sys`; take the same.

    Returns
    -------
    LinkabilityNull
        NaN with fewer than three people. `p_value` is ``(1 + #{null >= D_sys}) / (rounds + 1)``.
    """
    check_positive("omega", omega)
    check_count("rounds", rounds, 1, 10**6, "permutations")
    d, probes, gallery = _checked(distances, probe_y, gallery_y)
    names, columns = np.unique(gallery, return_inverse=True)
    known = np.isin(probes, names)
    d, rows = d[known], np.searchsorted(names, probes[known])
    people = len(names)
    if people < 3 or not len(rows):
        return LinkabilityNull(float("nan"), float("nan"), float("nan"))
    if not np.isfinite(d).all():
        raise ValueError("distances must be finite; leave out the probes that have none")
    count = _bins(int((rows[:, None] == columns).sum()), bins)
    span = (float(d.min()), float(d.max()))
    edges = np.linspace(*span, count + 1)
    which = np.clip(np.searchsorted(edges, d, "right") - 1, 0, count - 1)
    which += (rows[:, None] * people + columns) * count
    # Histograms of each pair of people: exchanging people adds up other cells of this table.
    table = np.bincount(which.ravel(), minlength=people * people * count).astype(np.float64)
    table = table.reshape(people, people, count)
    whole = table.sum(axis=(0, 1))
    rng = np.random.default_rng(seed)
    order = np.empty((rounds, people), np.intp)
    for k in range(rounds):
        cycle = rng.permutation(people)
        order[k, cycle] = np.roll(cycle, 1)
    own = np.concatenate([[np.arange(people)], order])
    genuine = np.stack([table[np.arange(people), line].sum(axis=0) for line in own])
    values = _from_counts(genuine, whole - genuine, omega)
    null = values[1:]
    p = (1 + int((null >= values[0] - 1e-12).sum())) / (rounds + 1)
    return LinkabilityNull(float(null.mean()), float(np.quantile(null, 0.95)), p)
