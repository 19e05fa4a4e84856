"""Non-inferiority: that one system is not worse than another by more than a margin that was named before.

"No difference was found" proves nothing: a small study finds none. The claim here must be shown: it holds where the
one-sided lower bound of the difference lies above minus the margin, which is the one-sided test of the hypothesis that
the first is worse by the margin or more.

References
----------
ICH E9, *Statistical principles for clinical trials* (1998), section 3.3.2: the margin is named in advance, the interval
decides.
Schuirmann, J. Pharmacokinet. Biopharm. 15 (1987): the one-sided tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from gaitbench.metrics._checks import as_labels, as_vector, check_share

__all__ = ["Judged", "judge", "non_inferiority"]


@dataclass(frozen=True)
class Judged:
    """A difference held against a margin. More is better, in the unit of the difference.

    Parameters
    ----------
    difference : float
        First minus second.
    low, high : float
        One-sided bounds, each at the confidence; NaN from fewer than two people.
    p_value : float
        One-sided, for "worse by the margin or more"; NaN without bounds.
    smallest : float
        The smallest margin that a study of this size shows with the power, where both are equally good; NaN without
        bounds.
    """

    difference: float
    low: float
    high: float
    p_value: float
    smallest: float


def judge(
    difference: float,
    error: float,
    freedom: float,
    margin: float,
    *,
    confidence: float = 0.95,
    power: float = 0.8,
) -> Judged:
    """Hold a difference with its standard error and degrees of freedom (Student) against a margin.

    Raises
    ------
    ValueError
        If the margin is not positive, or confidence or power is no share.

    Examples
    --------
    >>> found = judge(-0.1, 0.1, 39, 0.5)
    >>> round(found.low, 2), found.low > -0.5, round(found.smallest, 2)
    (-0.27, True, 0.25)
    """
    check_share("confidence", confidence)
    check_share("power", power)
    if not margin > 0 or not np.isfinite(margin):
        raise ValueError(f"margin is {margin}; give a positive number")
    if not (np.isfinite(difference) and np.isfinite(error) and freedom > 0):
        return Judged(float(difference), np.nan, np.nan, np.nan, np.nan)
    reach = float(stdtrit(freedom, confidence))
    above = difference + margin
    p = float(stdtr(freedom, -above / error)) if error > 0 else float(above <= 0)
    smallest = (reach + float(stdtrit(freedom, power))) * error
    return Judged(float(difference), difference - reach * error, difference + reach * error, p, smallest)


def non_inferiority(
    first: ArrayLike,
    second: ArrayLike,
    subjects: ArrayLike,
    margin: float,
    *,
    confidence: float = 0.95,
    power: float = 0.8,
) -> Judged:
    """The same of paired observations, clustered by person, as the tables of differences do it.

    Parameters
    ----------
    first, second : float array (n,)
        Of the same observations in the same order, more is better; pairs that are not finite are left out.
    subjects : label array (n,)
    margin : float
        Positive, in the unit of the values.
    confidence : float
        Of each one-sided bound.

    Raises
    ------
    ValueError
        If the lengths differ, nothing is left, or the margin is not positive.
    """
    a, b = as_vector(first, "first", nan=True), as_vector(second, "second", nan=True)
    who = as_labels(subjects, np.size(subjects), name="subjects")
    if not a.shape == b.shape == who.shape:
        raise ValueError(f"expected three vectors of one length, got {a.shape}, {b.shape} and {who.shape}")
    pairs = np.isfinite(a) & np.isfinite(b)
    if not pairs.any():
        raise ValueError("no pair of finite values to compare")
    delta, (names, place) = a[pairs] - b[pairs], np.unique(who[pairs], return_inverse=True)
    value, people = float(delta.mean()), len(names)
    if people < 2:
        return judge(value, np.nan, 1.0, margin, confidence=confidence, power=power)
    # what each person adds to the mean, to first order: people with more pictures count more, as in the mean itself
    adds = np.bincount(place, delta - value) / len(delta)
    error = float(np.sqrt(people / (people - 1) * np.sum(adds**2)))
    if error <= 1e-12 * max(1.0, abs(value)):
        error = 0.0
    return judge(value, error, people - 1.0, margin, confidence=confidence, power=power)
