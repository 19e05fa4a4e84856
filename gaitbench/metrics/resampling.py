"""Bootstrap over subjects and Student's t, for many cells at once: the arithmetic behind intervals of means.

A cell is a ratio of two sums over subjects (a mean). One set of resamples serves all cells. Intervals are
bias-corrected and accelerated (BCa; Efron 1987), with levels widened for few subjects as a t interval is (Hesterberg
2015). Rates have a method of their own (`gaitbench.metrics.rates`): near 0 and 1 a bootstrap is too narrow.

References
----------
Efron, *Better bootstrap confidence intervals*, JASA 82 (1987).
Hesterberg, *What teachers should know about the bootstrap*, The American Statistician 69 (2015), section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

__all__ = ["Intervals", "Method", "intervals", "student", "subject_weights"]

Method = Literal["bca", "percentile"]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Intervals:
    """Values of many cells with their intervals; NaN where a cell is undefined.

    Parameters
    ----------
    value, low, high : float64 array (C,)
    p_value : float64 array (C,) or None
        Two-sided, for a value of 0; only of differences.
    """

    value: Array
    low: Array
    high: Array
    p_value: Array | None = None


def subject_weights(count: int, resamples: int, seed: int) -> Array:
    """How often each of `count` subjects is drawn: float64 array (resamples, count), rows sum to `count`."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, count]))
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=resamples)
    return drawn.astype(np.float64)


def _shape(drawn: Array, value: Array, influence: Array) -> tuple[Array, Array]:
    """Bias ``z0`` and acceleration of each cell, from draws (C, B) and influences (S, C)."""
    finite = np.isfinite(drawn).sum(axis=1)
    tolerance = 1e-12 * np.maximum(1.0, np.abs(value))
    below = (drawn < (value - tolerance)[:, None]).sum(axis=1)
    level = (drawn <= (value + tolerance)[:, None]).sum(axis=1)
    # Draws equal to the value count half: rates of few walks are coarse.
    share = (0.5 * (below + level) + 0.5) / (finite + 1)
    squares = (influence**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        acceleration = (influence**3).sum(axis=0) / (6.0 * squares**1.5)
    flat = squares <= (1e-12 * np.maximum(1.0, np.abs(value))) ** 2 * len(influence)
    return np.where(flat, 0.0, ndtri(share)), np.where(flat, 0.0, acceleration)


def _widening(subjects: int) -> float:
    return float(np.sqrt(subjects / (subjects - 1)))


def _quantile(drawn: Array, level: Array) -> Array:
    """Linear interpolation between the order statistics of each row (NaN sorted last and left out)."""
    last = np.isfinite(drawn).sum(axis=1) - 1
    place = np.clip(np.nan_to_num(level), 0.0, 1.0) * np.maximum(last, 0)
    lower = np.floor(place).astype(np.intp)
    upper = np.minimum(lower + 1, np.maximum(last, 0))
    cells = np.arange(len(drawn))
    a, b = drawn[cells, lower], drawn[cells, upper]
    out: Array = a + (place - lower) * (b - a)
    return out


def intervals(
    drawn: Array, value: Array, influence: Array, *, confidence: float, method: Method = "bca"
) -> tuple[Array, Array]:
    """Interval of each cell from its resampled values.

    Parameters
    ----------
    drawn : float64 array (C, B)
        Resampled values, sorted along the last axis, NaN (undefined draws) last.
    value : float64 array (C,)
        The values themselves.
    influence : float64 array (S, C)
        What each subject adds to the value, to first order, up to a factor that is common to the subjects.
    confidence : float
        In (0, 1).
    method : {"bca", "percentile"}

    Returns
    -------
    low, high : float64 array (C,)
    """
    tail = 0.5 * (1.0 - confidence)
    if method == "percentile" or len(influence) < 2:
        low_level, high_level = np.full(len(value), tail), np.full(len(value), 1.0 - tail)
    else:
        z = -stdtrit(len(influence) - 1, tail) * _widening(len(influence))
        z0, a = _shape(drawn, value, influence)
        low_level = ndtr(z0 + (z0 - z) / np.maximum(1.0 - a * (z0 - z), 1e-9))
        high_level = ndtr(z0 + (z0 + z) / np.maximum(1.0 - a * (z0 + z), 1e-9))
    low, high = _quantile(drawn, low_level), _quantile(drawn, high_level)
    undefined = ~np.isfinite(value)
    low[undefined] = high[undefined] = np.nan
    return low, high


def student(
    value: Array, influence: Array, subjects: NDArray[np.int_], *, confidence: float
) -> tuple[Array, Array, Array]:
    """Student's interval and p-value of differences, for "the value is 0", over what each subject adds.

    Parameters
    ----------
    value : float64 array (C,)
    influence : float64 array (S, C)
        What each subject adds to the value, to first order (0 where it has nothing).
    subjects : int array (C,)
        How many subjects each cell has; the degrees of freedom are one less.
    confidence : float

    Returns
    -------
    low, high, p : float64 array (C,)
        p in (0, 1]: 1 where the value and the spread are 0, or fewer than two subjects are there.
    """
    freedom = np.maximum(subjects - 1.0, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(subjects / (subjects - 1.0) * (influence**2).sum(axis=0))
        error = np.where(error > 1e-12 * np.maximum(1.0, np.abs(value)), error, 0.0)
        p = 2.0 * stdtr(freedom, -np.abs(value) / error)
    none = np.abs(value) <= 1e-12
    p = np.where(error > 0, p, np.where(none, 1.0, 0.0))
    p = np.clip(p, np.finfo(np.float64).tiny, 1.0)
    half = -stdtrit(freedom, 0.5 * (1.0 - confidence)) * error
    few = subjects < 2
    p = np.where(np.isfinite(value), np.where(few, 1.0, p), np.nan)
    half = np.where(few, np.nan, half)
    return value - half, value + half, p
