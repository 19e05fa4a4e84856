"""Intervals of rates that hold near 0 and 100 %: beta bounds on an effective number of independent sequences.

Sequences of one person resemble each other, so n of them say less than n independent ones. How much less, the
design effect, is estimated from the spread between subjects (linearised variance of the ratio); the rate then gets
the interval of a binomial of ``n / design effect`` trials (Korn and Graubard 1998), widened by Student's t for few
subjects. Ours (chosen by simulation, `benchmarks/studies/coverage.py`):

- Jeffreys' bounds in place of Clopper and Pearson's, which cover 99 % where hits are rare; 0 at no hit, 1 at no miss;
- where all subjects agree their spread is 0 and says nothing: the design effect is a mean of the estimated one,
  weighted with the number of subjects that have a hit (or a miss, whichever are fewer), and of that of sequences that
  correlate by `CORRELATION`, weighted as `PRIOR_SUBJECTS` subjects;
- the bound away from the nearer end has a design effect that is raised as by `INNER_SUBJECTS` subjects.

A bootstrap has width 0 where everybody agrees: "0.0 [0.0, 0.0]".

Two groups of different people are put together by the method of variance estimates recovery (MOVER; Newcombe 1998,
Zou and Donner 2008): the distances of each group's bounds from its rate are added as squares. So the difference of two
rates of 0 % has a width, too.

References
----------
Korn, Graubard, *Confidence intervals for proportions with small expected number of positive counts estimated from
survey data*, Survey Methodology 24 (1998).
Brown, Cai, DasGupta, *Interval estimation for a binomial proportion*, Statistical Science 16 (2001).
Newcombe, *Interval estimation for the difference between independent proportions*, Statistics in Medicine 17 (1998).
Zou, Donner, *Construction of confidence limits about effect measures*, Statistics in Medicine 27 (2008).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri, stdtrit

from gaitbench.metrics.uncertainty.resampling import Intervals

__all__ = ["CORRELATION", "PRIOR_SUBJECTS", "difference_of_groups", "mean_of_groups", "rate_bounds"]

Array = NDArray[np.float64]

#: Correlation of a person's sequences where the data cannot tell.
CORRELATION = 0.15
#: How many subjects the assumption counts as.
PRIOR_SUBJECTS = 2.0
#: How many subjects more the design effect of the bound away from the nearer end is raised by.
INNER_SUBJECTS = 3.0


def rate_bounds(
    value: Array, influence: Array, top: Array, bottom: Array, *, confidence: float | Array
) -> tuple[Array, Array]:
    """Interval of each rate.

    Parameters
    ----------
    value : float64 array (C,)
        Rates in [0, 1]; NaN where undefined.
    influence : float64 array (S, C)
        What each subject adds to the rate, to first order: ``(top - value * bottom) / sum(bottom)`` for a ratio.
    top, bottom : float64 array (S, C)
        Hits and trials of each subject, 0 <= top <= bottom.
    confidence : float or float64 array (C,)
        In (0, 1).

    Returns
    -------
    low, high : float64 array (C,)
        In [0, 1]; the whole of it where fewer than two subjects have a trial, NaN where the rate is undefined.
    """
    trials = bottom.sum(axis=0)
    subjects = (bottom > 0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = subjects / (subjects - 1.0) * (influence**2).sum(axis=0)
        size = (bottom**2).sum(axis=0) / trials  # of a typical subject
        assumed = 1.0 + (size - 1.0) * CORRELATION
        spread = value * (1.0 - value)
        effect = np.where(spread > 0, variance * trials / spread, assumed)
        telling = np.minimum((top > 0).sum(axis=0), (bottom - top > 1e-12).sum(axis=0))
        weight = telling + PRIOR_SUBJECTS
        effect = (effect * telling + assumed * PRIOR_SUBJECTS) / weight
        tail = 0.5 * (1.0 - confidence)
        student = stdtrit(np.maximum(subjects - 1.0, 1.0), tail)
        # Single sequences of a person cannot correlate: nothing is estimated of them, and nothing widened.
        estimated = 1.0 - 1.0 / np.maximum(size, 1.0)
        count = trials / effect * (1.0 - estimated * (1.0 - (ndtri(tail) / student) ** 2))
        # Rates that came out too near an end come with a spread that is too small, so the other bound is in danger.
        inner = count / (1.0 + estimated * INNER_SUBJECTS / weight)
        below, above = np.where(value > 0.5, inner, count), np.where(value < 0.5, inner, count)
        low = np.where(value > 0, betaincinv(value * below + 0.5, (1 - value) * below + 0.5, tail), 0.0)
        high = np.where(
            value < 1, betaincinv(value * above + 0.5, (1 - value) * above + 0.5, 1.0 - tail), 1.0
        )
    # Jeffreys' bounds may pass a rate that lies within half a hit of an end.
    low, high = np.minimum(low, value), np.maximum(high, value)
    low, high = np.where(subjects < 2, 0.0, low), np.where(subjects < 2, 1.0, high)
    undefined = ~np.isfinite(value)
    low[undefined] = high[undefined] = np.nan
    return low, high


#: Sums of hits and trials by subject of one group, float64 (S, C) each.
Group = tuple[Array, Array]


def mean_of_groups(a: Group, b: Group, *, confidence: float = 0.95) -> Intervals:
    """Mean of the rates of two groups of different people, each counting half whatever its size.

    Parameters
    ----------
    a, b : pair of float64 arrays (S, C)
        Hits and trials by subject, 0 <= hits <= trials; S may differ.
    confidence : float
        In (0, 1).

    Returns
    -------
    Intervals
        In [0, 1]; NaN where a group has no trial.
    """
    (x, x_low, x_high), (y, y_low, y_high) = (_with_bounds(group, confidence) for group in (a, b))
    value = 0.5 * (x + y)
    return Intervals(
        value, value - 0.5 * np.hypot(x - x_low, y - y_low), value + 0.5 * np.hypot(x_high - x, y_high - y)
    )


def difference_of_groups(a: Group, b: Group, *, confidence: float = 0.95) -> Intervals:
    """Difference ``a - b`` of the rates of two groups of different people, with a two-sided p-value.

    Interval and p-value belong together: p is one minus the highest level at which the interval leaves out 0.

    Parameters
    ----------
    a, b, confidence
        As in `mean_of_groups`.

    Returns
    -------
    Intervals
        In [-1, 1]; NaN where a group has no trial. A group of one person says nothing: its rate may be any.

    Examples
    --------
    >>> women, men = np.tile([[9.0], [8.0], [10.0]], (4, 1)), np.tile([[1.0], [3.0], [2.0]], (4, 1))
    >>> found = difference_of_groups((women, np.full((12, 1), 10.0)), (men, np.full((12, 1), 10.0)))
    >>> found.value.round(2), bool(found.low[0] > 0)
    (array([0.7]), True)
    """
    value, low, high = _difference(a, b, confidence)
    # the level is looked for on a logarithmic scale of 1 - level, where p-values of all sizes are as sharp
    inside, outside = np.full(value.shape, -12.0), np.zeros(value.shape)
    for _ in range(30):
        middle = 0.5 * (inside + outside)
        _, below, above = _difference(a, b, 1.0 - 10.0**middle)
        holds = (below <= 0) & (above >= 0)
        inside, outside = np.where(holds, middle, inside), np.where(holds, outside, middle)
    return Intervals(value, low, high, np.where(np.isfinite(value), 10.0**outside, np.nan))


def _difference(a: Group, b: Group, confidence: float | Array) -> tuple[Array, Array, Array]:
    (x, x_low, x_high), (y, y_low, y_high) = (_with_bounds(group, confidence) for group in (a, b))
    value = x - y
    return value, value - np.hypot(x - x_low, y_high - y), value + np.hypot(x_high - x, y - y_low)


def _with_bounds(group: Group, confidence: float | Array) -> tuple[Array, Array, Array]:
    """Rates of a group with their bounds."""
    top, bottom = group
    whole = bottom.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = top.sum(axis=0) / whole
        influence = (top - value * bottom) / whole
    return value, *rate_bounds(value, influence, top, bottom, confidence=confidence)
