"""Success against the number of people in the gallery: a rate says little without it.

**Smaller galleries are exact**, not simulated. With s people, a probe is named rightly in a gallery of k of
them (its own subject and k - 1 others drawn at random) exactly when none of the r people who were ranked before
its own is drawn: ``C(s - 1 - r, k - 1) / C(s - 1, k - 1)``.

**Success is that of the probes S of the whole gallery**: those named rightly among all s people before. Each of them
is named before in every smaller gallery, too, so that one thing changes with the size, the naming after: success
cannot fall as the gallery grows, and at s it is the rate of the other tables. (An S of each size's own would change
who is asked, and the ratio falls where hard probes leave it.)

**Larger galleries are extrapolated** under a named assumption, `EXTRAPOLATION`: the further people come from
the same population, and the chance that one of them is ranked before the true subject differs between probes as
a beta distribution. It is fitted by maximum likelihood to the counts r (beta-binomial); the share named rightly
among all s people falls as ``B(a, b + K - 1) / B(a, b)`` does from s to K. A blind guesser (uniform ranks) gives
a = b = 1 and exactly 1 / K.
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

__all__ = ["EXTRAPOLATION", "GalleryPoint", "success_by_gallery_size", "success_by_ranks"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class GalleryPoint:
    """One size of gallery.

    Parameters
    ----------
    size : int
        People in the gallery.
    success : float or None
        Of the probes named rightly before among all people, the share (percent) that is named wrongly after among
        so many; None without `before`, or where nobody is named before.
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
    ranks = None
    if nearer_before is not None:
        before = _checked(nearer_before)
        if before.shape != after.shape:
            raise ValueError(
                f"before and after must be the same probes and people, got {before.shape} and {after.shape}"
            )
        ranks = before.sum(axis=1) + 1
    return success_by_ranks(after.sum(axis=1) + 1, ranks, after.shape[1], sizes=sizes)


def success_by_ranks(
    ranks_after: ArrayLike, ranks_before: ArrayLike | None, people: int, *, sizes: Sequence[int]
) -> list[GalleryPoint]:
    """The same from ranks, where no array of (probe, person) can be held.

    Parameters
    ----------
    ranks_after, ranks_before : int array (n,)
        Rank of each probe's own subject among `people`, from 1 (`gaitbench.metrics.identification.true_ranks`).
    people : int
    sizes : sequence of int
    """
    counts = _checked_ranks(ranks_after, people) - 1
    asked = None
    if ranks_before is not None:
        before = _checked_ranks(ranks_before, people)
        if before.shape != counts.shape:
            raise ValueError(f"before and after must be the same probes, got {len(before)} and {len(counts)}")
        asked = counts[before == 1]
    everyone = _Shares(counts, people)
    named = _Shares(asked, people) if asked is not None and len(asked) else None
    points: list[GalleryPoint] = []
    for size in sizes:
        check_count("a size", size, 1, 10**9, "people in the gallery")
        success = None if named is None else 100.0 * (1.0 - named.at(size))
        points.append(GalleryPoint(int(size), success, 100.0 * everyone.at(size), size > people))
    return points


class _Shares:
    """Share of probes named rightly, by the size of the gallery; it never rises."""

    def __init__(self, ranked_before: NDArray[np.int64], people: int) -> None:
        self.ranked_before, self.people = ranked_before, people
        self._fitted: tuple[float, float] | None = None

    def at(self, size: int) -> float:
        if size <= self.people:
            return _within(self.ranked_before, self.people, size)
        if self.people < 2:
            raise ValueError("nothing can be extrapolated from a gallery of one person")
        here = _within(self.ranked_before, self.people, self.people)
        if not self.ranked_before.any():
            return here  # nobody is ever confused: no fit can say when somebody would be
        if self._fitted is None:
            self._fitted = _fit(self.ranked_before, self.people - 1)
        return here * _beyond(*self._fitted, size) / _beyond(*self._fitted, self.people)


def _checked(nearer: ArrayLike) -> NDArray[np.bool_]:
    rows = np.asarray(nearer)
    if rows.ndim != 2 or rows.dtype != bool or not len(rows) or not rows.shape[1]:
        raise ValueError(
            f"expected a bool array (n, s) with at least one probe and person, got {rows.dtype} {rows.shape}"
        )
    return rows


def _checked_ranks(ranks: ArrayLike, people: int) -> NDArray[np.int64]:
    """Ranks from 1 to `people`, or one more where a subject is not in the gallery (never found)."""
    r = np.asarray(ranks)
    if r.ndim != 1 or not len(r) or r.dtype.kind not in "iu" or r.min() < 1 or r.max() > people + 1:
        raise ValueError(f"expected the ranks of at least one probe, whole numbers from 1 to {people}")
    return np.minimum(r.astype(np.int64), people + 1)


def _within(ranked_before: NDArray[np.int64], people: int, size: int) -> float:
    """Expected share named rightly among `size` of the people: mean of the hypergeometric chance of drawing none."""
    values, weights = np.unique(ranked_before, return_counts=True)
    drawn = np.arange(size - 1)
    chances = np.prod(np.clip(people - 1 - values[:, None] - drawn, 0, None) / (people - 1 - drawn), axis=1)
    return float(weights @ chances / len(ranked_before))


def _fit(ranked_before: NDArray[np.int64], others: int) -> tuple[float, float]:
    """Maximum-likelihood (a, b) of the beta-binomial distribution of the counts among `others` people."""
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
