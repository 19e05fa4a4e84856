"""Intervals and tests that know that a person's sequences resemble each other: one cell, or whole tables.

Means are resampled (bootstrap over subjects), rates get `gaitbench.metrics.uncertainty.rates`, differences Student's t
over subjects: each what its simulation covers with (docs/measures.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.metrics._checks import as_labels, as_numbers, as_vector, check_count, check_share
from gaitbench.metrics.uncertainty.rates import rate_bounds
from gaitbench.metrics.uncertainty.resampling import Intervals, Method, intervals, student, subject_weights

__all__ = ["SubjectBootstrap"]

Array = NDArray[np.float64]
#: A value with the ends of its interval; Nones where it is undefined.
Bounds = tuple[float | None, float | None, float | None]

#: Resampled values held at once: 2 MB of float64, which stay in the cache while they are sorted.
_DRAWS_AT_ONCE = 250_000


class SubjectBootstrap:
    """Intervals over subjects: sequences of a person are not independent (PROTOCOL).

    `mean`, `ratio`, `mean_of_ratios` and `paired_difference` take one cell, one value an observation. `sums`, `means`,
    `rates` and `differences` take many cells at once, each a ratio of sums over subjects: 10,000 resamples of 40
    subjects for 500 cells take about a second and 20 MB.

    Parameters
    ----------
    subjects : sequence of str
        The subject of each observation that `mean`, `ratio` and their like will be given, in that order; for `sums`,
        `ratios` and `differences` alone each subject once is enough. Kept sorted in `names_`.
    resamples : int
    confidence : float
        Level, in (0, 1).
    seed : int
    method : {"bca", "percentile"}
        See `gaitbench.metrics.uncertainty.resampling`.

    Attributes
    ----------
    names_ : str array (S,)
        The subjects: rows of all sums.

    Notes
    -----
    Every subject is resampled in every cell, also where it adds nothing to it: the number of subjects that do varies
    from draw to draw then, as it would in another sample of people. A draw whose denominator is 0 is left out.

    Examples
    --------
    >>> boot = SubjectBootstrap(["a", "b", "c"], resamples=500, confidence=0.95, seed=0)
    >>> who = ["a", "a", "b", "c"]
    >>> rate = boot.rates(boot.sums(who, [1, 0, 1, 1]), boot.sums(who, [1, 1, 1, 1]))
    >>> rate.value
    array([0.75])
    >>> SubjectBootstrap(["a", "a", "b", "b"], resamples=200).mean([1.0, 1.0, 3.0, 3.0])
    (2.0, 1.0, 3.0)
    """

    def __init__(
        self,
        subjects: Sequence[str] | NDArray[np.str_],
        *,
        resamples: int = 10_000,
        confidence: float = 0.95,
        seed: int = 0,
        method: Method = "bca",
    ) -> None:
        self.confidence = check_share("confidence", confidence)
        check_count("resamples", resamples, 1, 10**7, "more than that take hours and change nothing")
        check_count("seed", seed, 0, 2**63 - 1, "a whole number")
        if method not in ("bca", "percentile"):
            raise ValueError(f"method must be 'bca' or 'percentile', got {method!r}")
        self.method = method
        labels = as_labels(subjects, np.size(subjects), name="subjects")
        self.names_, self._index = np.unique(labels, return_inverse=True)
        if not len(self.names_):
            raise ValueError("no subjects to resample; give at least one")
        self._resamples, self._seed = resamples, seed

    @cached_property
    def weights_(self) -> Array:
        """How often each subject is drawn, float64 (resamples, S); made when a mean asks for it (rates do not)."""
        return subject_weights(len(self.names_), self._resamples, self._seed)

    def sums(self, subjects: ArrayLike, values: ArrayLike) -> Array:
        """Sums of observations by subject.

        Parameters
        ----------
        subjects : str array (n,)
            Subject of each observation; all must be among `names_`.
        values : array (n,) or (n, C)

        Returns
        -------
        float64 array (S, C)
        """
        who = as_labels(subjects, np.size(subjects), name="subjects")
        x = as_numbers(values, "values").astype(np.float64)
        if np.isnan(x).any():
            raise ValueError("values hold NaN; leave out what was not measured")
        x = x[:, None] if x.ndim == 1 else x
        row = np.minimum(np.searchsorted(self.names_, who), len(self.names_) - 1)
        if x.ndim != 2 or len(x) != len(who):
            raise ValueError(f"expected values (n,) or (n, C) of {len(who)} observations, got {x.shape}")
        strange = who[self.names_[row] != who]
        if len(strange):
            raise ValueError(f"subject {str(strange[0])!r} is not among those to resample")
        columns = [np.bincount(row, weights=column, minlength=len(self.names_)) for column in x.T]
        return np.column_stack(columns) if columns else np.zeros((len(self.names_), 0))

    def rates(self, top: ArrayLike, bottom: ArrayLike) -> Intervals:
        """Share ``sum(top) / sum(bottom)`` of every cell with an interval that holds near 0 and 1, too.

        Parameters
        ----------
        top, bottom : float array (S, C)
            Hits and trials by subject (`sums`), hits at most the trials.

        Returns
        -------
        Intervals
            In [0, 1]; NaN where there is no trial. See `gaitbench.metrics.uncertainty.rates`.
        """
        t, b = self._cells(top, bottom)
        _check_hits(t, b)
        value, influence = _linear(t, b)
        return Intervals(value, *rate_bounds(value, influence, t, b, confidence=self.confidence))

    def means(self, top: ArrayLike, bottom: ArrayLike) -> Intervals:
        """``sum(top) / sum(bottom)`` of every cell, by bootstrap: means of what has no bounds (decibels, say).

        Parameters
        ----------
        top, bottom : float array (S, C)
            Sums by subject (`sums`); a mean has the number of observations as its bottom.

        Returns
        -------
        Intervals
            On the scale of the ratio (no percent); NaN where the denominator is 0.
        """
        t, b = self._cells(top, bottom)

        def draw(weights: Array, cells: slice) -> Array:
            return _divide(t[:, cells].T @ weights, b[:, cells].T @ weights)

        value, influence = _linear(t, b)
        return self._collect(draw, value, influence)

    def differences(
        self, top_a: ArrayLike, bottom_a: ArrayLike, top_b: ArrayLike, bottom_b: ArrayLike
    ) -> Intervals:
        """Differences ``a - b`` of two ratios of the same subjects (paired), with two-sided p-values.

        Interval and p-value are Student's over what each subject adds to the difference, to first order, and belong
        together: the interval leaves 0 out exactly where p is under one minus the confidence.

        Parameters
        ----------
        top_a, bottom_a, top_b, bottom_b : float array (S, C)

        Returns
        -------
        Intervals
            With `p_value`; correct it with `holm` over the family that is read. Fewer than two subjects have no
            interval (NaN) and a p-value of 1; where all subjects differ by the same the interval has no width.
        """
        ta, ba = self._cells(top_a, bottom_a)
        tb, bb = self._cells(top_b, bottom_b)
        if ta.shape != tb.shape:
            raise ValueError(f"a has {ta.shape[1]} cells and b has {tb.shape[1]}")
        value_a, influence_a = _linear(ta, ba)
        value_b, influence_b = _linear(tb, bb)
        value = value_a - value_b
        subjects = ((ba > 0) | (bb > 0)).sum(axis=0)
        low, high, p = student(value, influence_a - influence_b, subjects, confidence=self.confidence)
        return Intervals(value, low, high, p)

    def mean(self, values: ArrayLike) -> Bounds:
        """Mean of the finite values with its interval: ``(mean, low, high)``; Nones if none is finite."""
        x = self._observed(values, "values", nan=True)
        finite = np.isfinite(x)
        return _bounds(self.means(self._by_subject(np.where(finite, x, 0.0)), self._by_subject(finite)))

    def ratio(self, top: ArrayLike, bottom: ArrayLike) -> Bounds:
        """``100 * sum(top) / sum(bottom)`` in percent with its interval; Nones if the denominator is 0.

        Parameters
        ----------
        top, bottom : bool or float array (n,)
            Numerator and denominator of each observation.
        """
        t, b = self._counted(top, bottom)
        return _bounds(self.rates(self._by_subject(t), self._by_subject(b)), 100.0)

    def mean_of_ratios(self, top: ArrayLike, bottom: ArrayLike, groups: ArrayLike) -> Bounds:
        """Mean over groups (angles, say) of each group's `ratio`, unrounded before the mean, with its interval.

        Parameters
        ----------
        top, bottom : bool or float array (n,)
        groups : array (n,)
            Which group each observation belongs to; a group whose denominator is 0 is left out.
        """
        t, b = self._counted(top, bottom)
        label = np.asarray(groups)
        inside = np.unique(label) == label[:, None]
        tops, bottoms = self._by_subject(t[:, None] * inside), self._by_subject(b[:, None] * inside)
        there = bottoms.sum(axis=0) > 0
        if not there.any():
            return None, None, None
        tops, bottoms = tops[:, there], bottoms[:, there]
        _check_hits(tops, bottoms)
        values, influences = _linear(tops, bottoms)
        value, influence = values.mean(keepdims=True), influences.mean(axis=1, keepdims=True)
        whole = (tops.sum(axis=1, keepdims=True), bottoms.sum(axis=1, keepdims=True))
        return _bounds(
            Intervals(value, *rate_bounds(value, influence, *whole, confidence=self.confidence)), 100.0
        )

    def mean_of_means(self, values: ArrayLike, groups: ArrayLike) -> Bounds:
        """Mean over groups of each group's mean of finite values, by bootstrap: ``(mean, low, high)``.

        Parameters
        ----------
        values : float array (n,)
        groups : array (n,)
            Which group (an angle, say) each observation belongs to; one without a finite value is left out.
        """
        x = self._observed(values, "values", nan=True)
        finite = np.isfinite(x)
        inside = (np.unique(groups) == np.asarray(groups)[:, None]) & finite[:, None]
        tops, bottoms = self._by_subject(np.where(finite, x, 0.0)[:, None] * inside), self._by_subject(inside)
        there = bottoms.sum(axis=0) > 0
        if not there.any():
            return None, None, None
        tops, bottoms = tops[:, there], bottoms[:, there]
        parts, influences = _linear(tops, bottoms)

        def draw(weights: Array, cells: slice) -> Array:
            drawn = _divide(tops.T @ weights, bottoms.T @ weights)
            known = np.isfinite(drawn)  # a draw without anybody of a group is the mean of the others
            count = known.sum(axis=0, keepdims=True)
            return _divide(np.where(known, drawn, 0.0).sum(axis=0, keepdims=True), count.astype(np.float64))

        value, influence = parts.mean(keepdims=True), influences.mean(axis=1, keepdims=True)
        return _bounds(self._collect(draw, value, influence))

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
            `p` is two-sided, for a mean of 0 (Student's t over subjects); correct it with `holm`. Nones if no
            difference is finite; no interval from one subject.
        """
        x = self._observed(differences, "differences", nan=True)
        finite = np.isfinite(x)
        top, bottom = self._by_subject(np.where(finite, x, 0.0)), self._by_subject(finite)
        found = self.differences(top, bottom, np.zeros_like(top), bottom)
        mean, low, high = _bounds(found)
        return mean, low, high, None if mean is None or found.p_value is None else float(found.p_value[0])

    def _observed(self, values: ArrayLike, name: str, *, nan: bool = False) -> Array:
        return as_vector(values, name, length=len(self._index), nan=nan)

    def _counted(self, top: ArrayLike, bottom: ArrayLike) -> tuple[Array, Array]:
        t, b = self._observed(top, "top"), self._observed(bottom, "bottom")
        if (b < 0).any():
            raise ValueError("bottom holds a negative count; it holds how many each observation counts for")
        return t, b

    def _by_subject(self, values: NDArray[Any]) -> Array:
        """Sums (S, C) of values (n,) or (n, C) that are in the order of the subjects given at first."""
        columns = values.reshape(len(self._index), -1).T
        return np.column_stack(
            [np.bincount(self._index, weights=c, minlength=len(self.names_)) for c in columns]
        )

    def _cells(self, top: ArrayLike, bottom: ArrayLike) -> tuple[Array, Array]:
        t, b = (as_numbers(x, n).astype(np.float64) for x, n in ((top, "top"), (bottom, "bottom")))
        if not (np.isfinite(t).all() and np.isfinite(b).all()):
            raise ValueError("sums by subject hold NaN or infinity; leave out what was not measured")
        if t.shape != b.shape or t.ndim != 2 or len(t) != len(self.names_):
            raise ValueError(
                f"expected sums of one shape ({len(self.names_)}, C), one row a subject, got {t.shape} and {b.shape}"
            )
        return t, b

    def _collect(self, draw: Callable[[Array, slice], Array], value: Array, influence: Array) -> Intervals:
        low, high = np.empty_like(value), np.empty_like(value)
        weights = np.ascontiguousarray(self.weights_.T)
        step = max(1, _DRAWS_AT_ONCE // len(self.weights_))
        for start in range(0, len(value), step):
            cells = slice(start, start + step)
            drawn = draw(weights, cells)
            drawn.sort(axis=1)
            low[cells], high[cells] = intervals(
                drawn, value[cells], influence[:, cells], confidence=self.confidence, method=self.method
            )
        return Intervals(value, low, high)


def _check_hits(top: Array, bottom: Array) -> None:
    if (top < 0).any() or (top > bottom + 1e-9).any():
        raise ValueError("a rate's hits (top) must lie between 0 and its trials (bottom) for every subject")


def _bounds(found: Intervals, scale: float = 1.0) -> Bounds:
    """The only cell of `found`, times `scale`."""
    if not np.isfinite(found.value[0]):
        return None, None, None
    if not np.isfinite(found.low[0]):
        return scale * float(found.value[0]), None, None
    return scale * float(found.value[0]), scale * float(found.low[0]), scale * float(found.high[0])


def _divide(top: Array, bottom: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        out: Array = np.where(bottom > 0, top / bottom, np.nan)
    return out


def _linear(top: Array, bottom: Array) -> tuple[Array, Array]:
    """Ratios (C,) and what each subject adds to them, to first order (S, C)."""
    whole = bottom.sum(axis=0)
    value = _divide(top.sum(axis=0), whole)
    known = np.nan_to_num(value)
    return value, (top - known * bottom) / np.where(whole > 0, whole, 1.0)
