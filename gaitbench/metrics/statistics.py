"""Intervals by bootstrap over subjects: the sequences of a person are not independent (PROTOCOL, Statistics)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["SubjectBootstrap", "success_rate"]


def success_rate(correct_before: ArrayLike, correct_after: ArrayLike) -> tuple[int, int, float | None]:
    """Success rate of an anonymizer: ``M, |S|, 100 M / |S|``.

    Parameters
    ----------
    correct_before, correct_after : bool array (n,)
        Whether each probe was named correctly (top-1) before and after anonymization. A probe whose anonymization
        failed counts as named correctly (the worst case).

    Returns
    -------
    m : int
        Probes of S named wrongly afterwards.
    s : int
        Probes named correctly before.
    rate : float or None
        Percent; None (undefined) when nobody was named correctly before.

    References
    ----------
    Tieu, Yamagishi, Echizen, APSIPA ASC 2020: ``Success_rate = M / |S| * 100``.

    Examples
    --------
    >>> success_rate([True, True, False], [False, True, False])
    (1, 2, 50.0)
    >>> success_rate([False], [False])
    (0, 0, None)
    """
    before, after = np.asarray(correct_before, bool), np.asarray(correct_after, bool)
    if before.shape != after.shape or before.ndim != 1:
        raise ValueError(f"expected two vectors of one length, got shapes {before.shape} and {after.shape}")
    s = int(before.sum())
    m = int((before & ~after).sum())
    return m, s, (100.0 * m / s if s else None)


class SubjectBootstrap:
    """Percentile intervals by resampling whole subjects.

    One set of resamples serves every cell, so that differences of two cells are paired by subject.

    Parameters
    ----------
    subjects : sequence of str
        The subject of each observation that will be given to `mean` and `ratio`, in that order.
    resamples : int
    confidence : float
        Level, in (0, 1).
    seed : int

    Attributes
    ----------
    weights : float64 array (resamples, S)
        How often each subject is drawn.

    Examples
    --------
    >>> b = SubjectBootstrap(["a", "a", "b", "b"], resamples=200, confidence=0.95, seed=0)
    >>> b.mean([1.0, 1.0, 3.0, 3.0])
    (2.0, 1.0, 3.0)
    """

    def __init__(self, subjects: Sequence[str], *, resamples: int, confidence: float, seed: int) -> None:
        self.resamples = resamples
        self.confidence = confidence
        self.seed = seed
        names, self._index = np.unique(np.asarray(subjects, dtype=str), return_inverse=True)
        self._count = len(names)
        if not self._count:
            raise ValueError("no subjects to resample; give at least one observation")
        rng = np.random.default_rng(np.random.SeedSequence([seed, self._count]))
        drawn = rng.multinomial(self._count, np.full(self._count, 1 / self._count), size=resamples)
        self.weights: NDArray[np.float64] = drawn.astype(np.float64)

    def _by_subject(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = np.bincount(self._index, weights=values, minlength=self._count).astype(
            np.float64
        )
        return sums

    def _interval(
        self, top: NDArray[np.float64], bottom: NDArray[np.float64]
    ) -> tuple[float | None, float | None, float | None]:
        whole = float(bottom.sum())
        if whole == 0:
            return None, None, None
        below = self.weights @ bottom
        above = self.weights @ top
        drawn = above[below > 0] / below[below > 0]
        tail = 50.0 * (1.0 - self.confidence)
        low, high = np.percentile(drawn, [tail, 100.0 - tail])
        return float(top.sum()) / whole, float(low), float(high)

    def mean(self, values: ArrayLike) -> tuple[float | None, float | None, float | None]:
        """Mean of the finite values with its interval: ``(mean, low, high)``; Nones if none is finite."""
        x = np.asarray(values, dtype=np.float64)
        if x.shape != self._index.shape:
            raise ValueError(
                f"expected {self._index.shape[0]} values, one an observation, got shape {x.shape}"
            )
        finite = np.isfinite(x)
        return self._interval(
            self._by_subject(np.where(finite, x, 0.0)), self._by_subject(finite.astype(np.float64))
        )

    def ratio(self, top: ArrayLike, bottom: ArrayLike) -> tuple[float | None, float | None, float | None]:
        """``100 * sum(top) / sum(bottom)`` in percent with its interval; Nones if the denominator is 0.

        Parameters
        ----------
        top, bottom : bool or float array (n,)
            Numerator and denominator of each observation.
        """
        t, b = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
        if t.shape != self._index.shape or b.shape != self._index.shape:
            raise ValueError(f"expected {self._index.shape[0]} values, one an observation")
        value, low, high = self._interval(self._by_subject(t), self._by_subject(b))
        if value is None or low is None or high is None:
            return None, None, None
        return 100.0 * value, 100.0 * low, 100.0 * high

    def mean_of_ratios(
        self, top: ArrayLike, bottom: ArrayLike, groups: ArrayLike
    ) -> tuple[float | None, float | None, float | None]:
        """Mean over groups (angles, say) of each group's `ratio`, unrounded before the mean, with its interval.

        Parameters
        ----------
        top, bottom : bool or float array (n,)
        groups : array (n,)
            Which group each observation belongs to; a group whose denominator is 0 is left out.
        """
        t, b = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
        label = np.asarray(groups)
        values: list[float] = []
        drawn: list[NDArray[np.float64]] = []
        for group in np.unique(label):
            here = label == group
            below = self._by_subject(np.where(here, b, 0.0))
            above = self._by_subject(np.where(here, t, 0.0))
            if below.sum() == 0:
                continue
            values.append(float(above.sum() / below.sum()))
            with np.errstate(invalid="ignore", divide="ignore"):
                drawn.append((self.weights @ above) / (self.weights @ below))
        if not values:
            return None, None, None
        tail = 50.0 * (1.0 - self.confidence)
        low, high = np.nanpercentile(np.nanmean(drawn, axis=0), [tail, 100.0 - tail])
        return 100.0 * float(np.mean(values)), 100.0 * float(low), 100.0 * float(high)
