"""What a figure would be for other people or another training, and where its variance lies: from runs drawn anew."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from gaitbench.metrics._checks import as_flags, as_labels, as_vector

__all__ = ["Draws", "Nested", "nested_shares", "over_draws"]


@dataclass(frozen=True)
class Draws:
    """One figure over runs that were drawn anew.

    Parameters
    ----------
    n : int
        Runs.
    mean, sd : float
        Over the runs; `sd` with n - 1 in the denominator.
    low, high : float
        Interval of the mean by Student's t.
    next_low, next_high : float
        Where the figure of one more run lies (prediction interval by Student's t).
    between_sd : float
        What is left of `sd` when the runs' own uncertainty is taken off (moments; DerSimonian and Laird 1986 with equal
        weights), 0 where the runs differ no more than that. NaN where a run gave no uncertainty.
    """

    n: int
    mean: float
    sd: float
    low: float
    high: float
    next_low: float
    next_high: float
    between_sd: float


def over_draws(values: ArrayLike, errors: ArrayLike | None = None, *, confidence: float = 0.95) -> Draws:
    """Sum up a figure over runs that were drawn anew.

    Parameters
    ----------
    values : float array (n,)
        The figure of each run; two and more.
    errors : float array (n,), optional
        Standard error of each within its run; NaN where a run gave none.
    confidence : float
        In (0, 1).

    Raises
    ------
    ValueError
        With fewer than two values, values that are no numbers, or errors of another length.

    Examples
    --------
    >>> found = over_draws([40.0, 44.0, 48.0], [2.0, 2.0, 2.0])
    >>> round(found.mean, 1), round(found.sd, 1), round(found.between_sd, 2)
    (44.0, 4.0, 3.46)
    """
    x = as_vector(values, "values")
    if len(x) < 2:
        raise ValueError(f"{len(x)} runs; two and more can be compared")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not in (0, 1)")
    n, mean, sd = len(x), float(x.mean()), float(x.std(ddof=1))
    t = float(stats.t.ppf((1 + confidence) / 2, n - 1))
    half, ahead = t * sd / math.sqrt(n), t * sd * math.sqrt(1 + 1 / n)
    between = math.nan
    if errors is not None:
        own = np.asarray(errors, dtype=np.float64)
        if own.shape != x.shape:
            raise ValueError(f"{len(x)} values and errors of shape {own.shape}")
        if np.isfinite(own).all():
            between = math.sqrt(max(0.0, sd**2 - float(np.mean(own**2))))
    return Draws(n, mean, sd, mean - half, mean + half, mean - ahead, mean + ahead, between)


@dataclass(frozen=True)
class Nested:
    """Shares of the variance of single answers (sum 1; all 0 where every answer is the same).

    Parameters
    ----------
    person : float
        Some people are named more often than others, in all their walks.
    walk : float
        Some walks of a person are named more often than the person's others, by all cameras.
    rest : float
        What is left within a walk: cameras and chance.
    """

    person: float
    walk: float
    rest: float


def nested_shares(correct: ArrayLike, subjects: ArrayLike, walks: ArrayLike) -> Nested:
    """Where the variance of answers lies: among people, among the walks of a person, within a walk.

    Two-level nested analysis of variance by moments for groups of unequal size; a component under 0 is 0.

    Parameters
    ----------
    correct : bool array (n,)
    subjects, walks : label arrays (n,)
        Walks of one name of two people are two walks.

    Raises
    ------
    ValueError
        Without two people, or where no person has two walks or no walk two answers.

    References
    ----------
    Searle, Casella, McCulloch, *Variance Components* (1992), the estimates of the two-way nested random model.
    """
    flags = as_flags(correct, "correct").astype(np.float64)
    people = as_labels(subjects, len(flags), name="subjects")
    names = as_labels(walks, len(flags), name="walks")
    _, person = np.unique(people, return_inverse=True)
    pairs, walk = np.unique(
        np.stack([person, np.unique(names, return_inverse=True)[1]]), axis=1, return_inverse=True
    )
    walk = walk.ravel()
    of_walk: NDArray[np.int64] = pairs[0]
    n_walk, n_person = np.bincount(walk).astype(float), np.bincount(person).astype(float)
    n, a, b = len(flags), len(n_person), len(n_walk)
    if a < 2 or b <= a or n <= b:
        raise ValueError("give two people and more, a person with two walks and a walk with two answers")
    mean_walk, mean_person = np.bincount(walk, flags) / n_walk, np.bincount(person, flags) / n_person
    among = float(np.sum(n_person * (mean_person - flags.mean()) ** 2)) / (a - 1)
    within = float(np.sum(n_walk * (mean_walk - mean_person[of_walk]) ** 2)) / (b - a)
    rest = float(np.sum((flags - mean_walk[walk]) ** 2)) / (n - b)
    # coefficients of the expected mean squares
    squares = np.bincount(of_walk, n_walk**2)
    k1 = (n - float(np.sum(squares / n_person))) / (b - a)
    k2 = (float(np.sum(squares / n_person)) - float(np.sum(n_walk**2)) / n) / (a - 1)
    k3 = (n - float(np.sum(n_person**2)) / n) / (a - 1)
    of_walks = max(0.0, (within - rest) / k1)
    of_people = max(0.0, (among - rest - k2 * of_walks) / k3)
    total = of_people + of_walks + rest
    if total <= 0:
        return Nested(0.0, 0.0, 0.0)
    return Nested(of_people / total, of_walks / total, rest / total)
