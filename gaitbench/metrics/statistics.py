"""Success rate, and intervals by bootstrap over subjects: sequences of a person are not independent (PROTOCOL)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.metrics.resampling import Method, intervals, subject_weights, two_sided_p

__all__ = ["SubjectBootstrap", "success_rate"]

Array = NDArray[np.float64]


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
    """Intervals of one cell at a time by resampling whole subjects.

    One set of resamples serves every cell, so that differences of two cells are paired by subject. Many cells at once:
    `gaitbench.metrics.CellBootstrap`.

    Parameters
    ----------
    subjects : sequence of str
        The subject of each observation that will be given to `mean` and `ratio`, in that order.
    resamples : int
    confidence : float
        Level, in (0, 1).
    seed : int
    method : {"bca", "percentile"}
        See `gaitbench.metrics.resampling`. From one subject no interval can be had: it has no width then.

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

    def __init__(
        self,
        subjects: Sequence[str],
        *,
        resamples: int,
        confidence: float,
        seed: int,
        method: Method = "bca",
    ) -> None:
        self.resamples = resamples
        self.confidence = confidence
        self.seed = seed
        self.method = method
        names, self._index = np.unique(np.asarray(subjects, dtype=str), return_inverse=True)
        self._count = len(names)
        if not self._count:
            raise ValueError("no subjects to resample; give at least one observation")
        self.weights: NDArray[np.float64] = subject_weights(self._count, resamples, seed)

    def _by_subject(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = np.bincount(self._index, weights=values, minlength=self._count).astype(
            np.float64
        )
        return sums

    def _draws(self, top: Array, bottom: Array) -> tuple[float, Array, Array]:
        """Ratio of the sums, what each subject adds to it (S,), and its draws (resamples,), NaN where undefined."""
        whole = float(bottom.sum())
        value = float(top.sum()) / whole
        below = self.weights @ bottom
        with np.errstate(invalid="ignore", divide="ignore"):
            drawn = np.where(below > 0, (self.weights @ top) / below, np.nan)
        return value, (top - value * bottom) / whole, drawn

    def _bounds(self, value: float, influence: Array, drawn: Array) -> tuple[float, float]:
        low, high = intervals(
            np.sort(drawn)[None],
            np.array([value]),
            influence[:, None],
            confidence=self.confidence,
            method=self.method,
        )
        return float(low[0]), float(high[0])

    def _interval(self, top: Array, bottom: Array) -> tuple[float | None, float | None, float | None]:
        if bottom.sum() == 0:
            return None, None, None
        value, influence, drawn = self._draws(top, bottom)
        return value, *self._bounds(value, influence, drawn)

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

    def paired_difference(
        self, differences: ArrayLike
    ) -> tuple[float | None, float | None, float | None, float | None]:
        """Mean of paired differences with its interval and p-value: ``(mean, low, high, p)``.

        Parameters
        ----------
        differences : float array (n,)
            `a` minus `b`, observation by observation; those that are not finite are left out.

        Returns
        -------
        mean, low, high, p : float or None
            `p` is two-sided, for a mean of 0 (see `gaitbench.metrics.resampling.two_sided_p`); correct it with `holm`.
            Nones if no difference is finite.
        """
        mean = self.mean(differences)
        if mean[0] is None:
            return None, None, None, None
        x = np.asarray(differences, dtype=np.float64)
        finite = np.isfinite(x)
        value, influence, drawn = self._draws(
            self._by_subject(np.where(finite, x, 0.0)), self._by_subject(finite.astype(np.float64))
        )
        p = two_sided_p(drawn[None], np.array([value]), influence[:, None])
        return *mean, float(p[0])

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
        draws: list[Array] = []
        influences: list[Array] = []
        for group in np.unique(label):
            here = label == group
            below = self._by_subject(np.where(here, b, 0.0))
            above = self._by_subject(np.where(here, t, 0.0))
            if below.sum() == 0:
                continue
            value, influence, drawn = self._draws(above, below)
            values.append(value)
            influences.append(influence)
            draws.append(drawn)
        if not values:
            return None, None, None
        with warnings.catch_warnings():  # a draw in which no group is defined stays NaN and is left out
            warnings.simplefilter("ignore", RuntimeWarning)
            drawn_means = np.nanmean(draws, axis=0)
        mean = float(np.mean(values))
        low, high = self._bounds(mean, np.mean(influences, axis=0), drawn_means)
        return 100.0 * mean, 100.0 * low, 100.0 * high
