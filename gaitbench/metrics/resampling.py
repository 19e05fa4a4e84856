"""Bootstrap over subjects for many cells at once: the arithmetic behind every interval.

A cell is a ratio of two sums over subjects (a rate, a mean, a success rate). One set of resamples serves all cells, so
that cells are paired by subject. Intervals are bias-corrected and accelerated (BCa; Efron 1987), with levels widened
for few subjects as a t interval is (Hesterberg 2015). Plain percentile intervals of 40 subjects cover 88 to 94 %
instead of 95 % where success rates lie (0.85 to 0.93): they are skewed there, and too narrow everywhere.

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

__all__ = ["Intervals", "Method", "intervals", "subject_weights", "two_sided_p"]

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


def two_sided_p(drawn: Array, value: Array, influence: Array) -> Array:
    """p-value for "the value is 0": one minus the highest confidence whose BCa interval leaves 0 out.

    With ``G`` the share of draws under 0 (draws of 0 count half, and one half of a draw is added at both ends, so that
    p is never 0), ``w = ndtri(G) - z0`` and ``z = w / (1 + a w) - z0``, which inverts the interval's level, the p-value
    is ``2 T(-|z| / sqrt(S / (S - 1)))`` with ``T`` Student's distribution of S - 1 degrees of freedom. It cannot fall
    much under ``1 / (2 B)``: it is a bound, not a measure of strength.

    Parameters
    ----------
    drawn, value, influence
        As in `intervals`.

    Returns
    -------
    float64 array (C,)
        In (0, 1]; 1 where every draw is 0 or only one subject is there; NaN where the value is undefined.
    """
    subjects = len(influence)
    finite = np.isfinite(drawn).sum(axis=1)
    if subjects < 2:
        return np.where(np.isfinite(value), 1.0, np.nan)
    below = (drawn < -1e-15).sum(axis=1) + 0.5 * (np.abs(drawn) <= 1e-15).sum(axis=1)
    share = (below + 0.5) / (finite + 1)
    z0, a = _shape(drawn, value, influence)
    w = ndtri(share) - z0
    # Beyond the pole of the inverse (strongly skewed cells) the level is that of the pole.
    z = w / np.maximum(1.0 + a * w, 1e-9) - z0
    p: Array = np.minimum(1.0, 2.0 * stdtr(subjects - 1, -np.abs(z) / _widening(subjects)))
    p = np.maximum(p, np.finfo(np.float64).tiny)
    return np.where(np.isfinite(value), p, np.nan)
