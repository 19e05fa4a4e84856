"""The worst of many attacks without winner's curse: chosen on one half of the people, measured on the other.

The highest of many noisy rates is biased upward. Splits are of people, never of their walks, and a resample keeps
every copy of a person in one half: a person in both would let the choice see what it is judged by.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit
from scipy.stats import beta

__all__ = ["SPLITS", "CrossFitted", "cross_fitted"]

#: Random splits into halves over which the figure is averaged (ours).
SPLITS = 20

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CrossFitted:
    """The worst case by halves; rates are shares in 0..1.

    Parameters
    ----------
    naive : float
        The highest rate over all people.
    rate, low, high : float
        Mean rate of the chosen attack on the half that did not choose it, and its interval over people.
    chosen : dict of int to int
        How many of the halves (two a split) chose each attack; by how often, most first.
    """

    naive: float
    rate: float
    low: float
    high: float
    chosen: dict[int, int]


def cross_fitted(
    hits: Array, trials: Array, *, weights: Array, seed: int, confidence: float = 0.95, splits: int = SPLITS
) -> CrossFitted | None:
    """Choose the column with the highest rate on one half of the people and measure it on the other, both ways.

    The interval is Student's t with the standard error over resamples in which the choice is made anew, centred on
    the figure: among resamples attacks that are equal differ, so that their percentiles lie too high. Where no
    resample differs it is the exact (Clopper-Pearson) one of as many trials as people.

    Parameters
    ----------
    hits, trials : float64 array (S, K)
        By person and attack, how many probes were named rightly, and how many there are.
    weights : float64 array (B, S)
        How often each person is drawn (`gaitbench.metrics.uncertainty.resampling.subject_weights`).
    seed : int
        Draws the splits.

    Returns
    -------
    CrossFitted or None
        None with fewer than four people: a half of one person chooses nothing.
    """
    if hits.shape != trials.shape or hits.ndim != 2 or weights.shape[1:] != hits.shape[:1]:
        raise ValueError(f"hits {hits.shape}, trials {trials.shape} and weights {weights.shape} do not fit")
    people = len(hits)
    if people < 4 or not hits.shape[1] or not (trials > 0).all():
        return None
    rng = np.random.default_rng(np.random.SeedSequence([seed, people, splits]))
    everybody = np.vstack([np.ones(people), weights])  # the first row is what was observed
    total = np.zeros(len(everybody))
    count = np.zeros(len(everybody))
    chosen: Counter[int] = Counter()
    for _ in range(splits):
        first = np.zeros(people, dtype=bool)
        first[rng.permutation(people)[: people // 2]] = True
        rates = [_rates(everybody * half, hits, trials) for half in (first, ~first)]
        for here, there in (rates, rates[::-1]):
            # a resample may leave a half empty: it says nothing then
            good = np.isfinite(here[:, 0]) & np.isfinite(there[:, 0])
            best = np.argmax(np.nan_to_num(here, nan=-1.0), axis=1)
            total += np.where(good, np.nan_to_num(there[np.arange(len(best)), best]), 0.0)
            count += good
            chosen[int(best[0])] += 1
    values = total[count > 0] / count[count > 0]
    low, high = _interval(float(values[0]), values[1:], people, confidence)
    naive = float(_rates(everybody[:1], hits, trials).max())
    return CrossFitted(naive, float(values[0]), low, high, dict(chosen.most_common()))


def _rates(weights: Array, hits: Array, trials: Array) -> Array:
    bottom = weights @ trials
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(bottom > 0, (weights @ hits) / bottom, np.nan), dtype=np.float64)


def _interval(value: float, drawn: Array, people: int, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    spread = float(drawn.std(ddof=1)) if len(drawn) > 1 else 0.0
    if spread < 1e-12:  # nobody, or everybody, is named, or all alike: a spread of nothing is no certainty
        hits = value * people
        low = 0.0 if hits <= 0 else float(beta.ppf(tail, hits, people - hits + 1))
        high = 1.0 if hits >= people else float(beta.ppf(1 - tail, hits + 1, people - hits))
        return low, high
    reach = float(stdtrit(people - 1, 1 - tail)) * spread
    return max(0.0, value - reach), min(1.0, value + reach)
