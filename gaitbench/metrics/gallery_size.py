"""Success against the number of people in the gallery: a rate says little without it.

**Smaller galleries are exact**, not simulated. With s people, a probe is named rightly in a gallery of k of
them (its own subject and k - 1 others drawn at random) exactly when none of the r people who were ranked before
its own is drawn: ``C(s - 1 - r, k - 1) / C(s - 1, k - 1)``. For "rightly before *and* after" r counts the
people ranked before the own one in either ranking. The success rate is the ratio of the expected counts,
``100 E[M] / E[|S|]``.

**Larger galleries are extrapolated** under a named assumption, `EXTRAPOLATION`: the further people come from
the same population, and the chance that one of them is ranked before the true subject differs between probes as
a beta distribution. It is fitted by maximum likelihood to the counts r (beta-binomial); rank-1 among K people
is then ``B(a, b + K - 1) / B(a, b)``. A blind guesser (uniform ranks) gives a = b = 1 and exactly 1 / K.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import betaln

from gaitbench.metrics._checks import check_count
from gaitbench.protocol import EXTRAPOLATION

__all__ = ["EXTRAPOLATION", "GalleryPoint", "success_by_gallery_size"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class GalleryPoint:
    """One size of gallery.

    Parameters
    ----------
    size : int
        People in the gallery.
    success : float or None
        ``100 E[M] / E[|S|]`` in percent; None without `before`, or where nobody is named before.
    rank1 : float
        Unconditional rank-1 afterwards, percent.
    extrapolated : bool
        Beyond the people there are: holds under `EXTRAPOLATION`.
    """

    size: int
    success: float | None
    rank1: float
    extrapolated: bool


def success_by_gallery_size(
    nearer_after: ArrayLike,
    nearer_before: ArrayLike | None = None,
    *,
    sizes: Sequence[int] = (5, 10, 20, 40, 100, 1000),
) -> list[GalleryPoint]:
    """Rank-1 and success rate for galleries of other sizes.

    Parameters
    ----------
    nearer_after, nearer_before : bool array (n, s)
        Who is ranked before each probe's own subject, after and before anonymization
        (`gaitbench.metrics.identification.nearer_subjects`); rows are the same probes, columns the same people.
        A probe whose anonymization failed has a row of False in `nearer_after` (it counts as identified).
    sizes : sequence of int
        At least 1 each; beyond s they are extrapolated.

    Returns
    -------
    list of GalleryPoint
        In the order of `sizes`.

    Examples
    --------
    >>> nearer = [[False, True, True], [False, False, False]]
    >>> [round(p.rank1, 3) for p in success_by_gallery_size(nearer, sizes=[1, 2, 3])]
    [100.0, 50.0, 50.0]
    """
    after = _checked(nearer_after)
    people = after.shape[1]
    ranked = {"after": after}
    if nearer_before is not None:
        before = _checked(nearer_before)
        if before.shape != after.shape:
            raise ValueError(
                f"before and after must be the same probes and people, got {before.shape} and {after.shape}"
            )
        ranked.update(before=before, both=before | after)
    counts = {name: rows.sum(axis=1) for name, rows in ranked.items()}
    fits: dict[str, tuple[float, float]] = {}
    points: list[GalleryPoint] = []
    for size in sizes:
        check_count("a size", size, 1, 10**9, "people in the gallery")
        extrapolated = size > people
        if extrapolated and not fits:
            fits = {name: _fit(r, people - 1) for name, r in counts.items()}
        share = {
            name: _beyond(*fits[name], size) if extrapolated else _within(r, people, size)
            for name, r in counts.items()
        }
        success = None
        if "before" in share and share["before"] > 0:
            # Three fits need not nest: nobody can be named both times more often than before.
            success = 100.0 * (1.0 - min(1.0, share["both"] / share["before"]))
        points.append(GalleryPoint(int(size), success, 100.0 * share["after"], extrapolated))
    return points


def _checked(nearer: ArrayLike) -> NDArray[np.bool_]:
    rows = np.asarray(nearer)
    if rows.ndim != 2 or rows.dtype != bool or not len(rows) or not rows.shape[1]:
        raise ValueError(
            f"expected a bool array (n, s) with at least one probe and person, got {rows.dtype} {rows.shape}"
        )
    return rows


def _within(ranked_before: NDArray[np.int64], people: int, size: int) -> float:
    """Expected share named rightly among `size` of the people: mean of the hypergeometric chance of drawing none."""
    values, weights = np.unique(ranked_before, return_counts=True)
    drawn = np.arange(size - 1)
    chances = np.prod(np.clip(people - 1 - values[:, None] - drawn, 0, None) / (people - 1 - drawn), axis=1)
    return float(weights @ chances / len(ranked_before))


def _fit(ranked_before: NDArray[np.int64], others: int) -> tuple[float, float]:
    """Maximum-likelihood (a, b) of the beta-binomial distribution of the counts among `others` people."""
    if others < 1:
        raise ValueError("nothing can be extrapolated from a gallery of one person")
    values, weights = np.unique(np.minimum(ranked_before, others), return_counts=True)

    def loss(logs: Array) -> float:
        a, b = np.exp(logs)
        return -float(np.sum(weights * (betaln(values + a, others - values + b) - betaln(a, b))))

    bounds = [(-9.0, 9.0)] * 2
    starts = ((0.0, 0.0), (-2.0, 1.0), (1.0, 2.0))
    best = min((minimize(loss, x, bounds=bounds) for x in starts), key=lambda r: float(r.fun))
    a, b = np.exp(best.x)
    return float(a), float(b)


def _beyond(a: float, b: float, size: int) -> float:
    return float(np.exp(betaln(a, b + size - 1) - betaln(a, b)))
