"""Equal error rate and linkability where the distances are too many to be kept: counted on a fine grid.

The definitions are those of `gaitbench.metrics`; distances are taken over their mean at the probe's angle, as
`gaitbench.evaluation.attacks.verification` does. The equal error rate is off by less than the share of the pairs in one
of `BINS` bins; D_sys by the share at the edges of its 100 bins.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.verification import NOTHING_VERIFIED, Verification

__all__ = ["BINS", "Counted", "equal_error_rate_of_counts"]

#: Bins between the smallest and the largest possible distance; coarser ones serve the permutations.
BINS, COARSE = 2**18, 2**13
#: Permutations of the people.
ROUNDS = 50

Counts = NDArray[np.int64]


def equal_error_rate_of_counts(genuine: Counts, impostor: Counts) -> float:
    """Equal error rate in 0..1 from how many pairs of each kind lie at each distance, ascending, int (k,) each.

    As `gaitbench.metrics.equal_error_rate` has it: pairs of one bin are equal, and between two thresholds it is
    interpolated. NaN where there is no pair of one kind.
    """
    if not genuine.sum() or not impostor.sum():
        return float("nan")
    match = np.concatenate([[0.0], np.cumsum(impostor) / impostor.sum()])
    gap = match - 1.0 + np.concatenate([[0.0], np.cumsum(genuine) / genuine.sum()])
    after = int(np.argmax(gap >= 0))
    part = -gap[after - 1] / (gap[after] - gap[after - 1])
    return float(match[after - 1] + part * (match[after] - match[after - 1]))


class Counted:
    """Counts of the distances of probes to people, block by block.

    Parameters
    ----------
    bounds : (float, float)
        No distance lies outside.
    angles : sequence of int
        Of the probes.
    people : int
    seed : int
        Of the permutations.
    """

    def __init__(self, bounds: tuple[float, float], angles: NDArray[Any], people: int, seed: int) -> None:
        self.low, self.step = bounds[0], (bounds[1] - bounds[0]) / BINS
        self.angles = np.unique(angles)
        shape = (len(self.angles), BINS)
        self.genuine: Counts = np.zeros(shape, np.int64)
        self.all: Counts = np.zeros(shape, np.int64)
        self.permuted: NDArray[np.int32] = np.zeros((ROUNDS, len(self.angles), COARSE), np.int32)
        self.total = np.zeros(len(self.angles))
        self.people = people
        rng = np.random.default_rng(seed)
        self.other = np.empty((ROUNDS, people), np.intp)
        for line in self.other:  # everybody takes over another one's place in the gallery
            cycle = rng.permutation(people)
            line[cycle] = np.roll(cycle, 1)

    def add(self, distances: NDArray[Any], own: NDArray[np.intp], angles: NDArray[Any]) -> None:
        """Count a block.

        Parameters
        ----------
        distances : float array (b, P)
        own : int array (b,)
            Column of each probe's own person; -1 for one who is not enrolled: all his pairs are of two people.
        angles : int array (b,)
        """
        good = np.isfinite(distances).all(axis=1)
        for a in np.unique(angles[good]).tolist():
            here = np.flatnonzero(good & (angles == a))
            place = int(np.searchsorted(self.angles, a))
            block = distances if len(here) == len(distances) else distances[here]
            self.total[place] += float(block.sum(dtype=np.float64))
            index = ((block - block.dtype.type(self.low)) * block.dtype.type(1.0 / self.step)).astype(
                np.int32
            )
            np.clip(index, 0, BINS - 1, out=index)
            self.all[place] += np.bincount(index.ravel(), minlength=BINS)
            lines = np.flatnonzero(own[here] >= 0)
            mine = own[here][lines]
            self.genuine[place] += np.bincount(index[lines, mine], minlength=BINS)
            coarse = index[lines[None], self.other[:, mine]] // (BINS // COARSE)
            coarse += np.arange(ROUNDS, dtype=np.int32)[:, None] * COARSE
            counts = np.bincount(coarse.ravel(), minlength=ROUNDS * COARSE)
            self.permuted[:, place] += counts.reshape(ROUNDS, COARSE).astype(np.int32)

    def verification(self) -> Verification:
        """What the counts come to."""
        if not self.genuine.any() or self.people < 3:
            return NOTHING_VERIFIED
        pairs = self.all.sum(axis=1)
        mean = np.divide(self.total, pairs, out=np.ones_like(self.total), where=pairs > 0)
        mean[mean <= 0] = 1.0
        value = (self.low + self.step * (np.arange(BINS) + 0.5)) / mean[:, None]
        there = self.all > 0
        order = np.argsort(value[there], kind="stable")
        genuine, everyone = self.genuine[there][order], self.all[there][order]
        eer = 100.0 * equal_error_rate_of_counts(genuine, everyone - genuine)
        span = float(value[there].min()), float(value[there].max())
        count = int(min(100, max(1, genuine.sum() // 10)))
        fine = _coarsened(self.genuine, value, span, count), _coarsened(self.all, value, span, count)
        middle = value.reshape(len(mean), COARSE, -1).mean(axis=2)
        null = [_linkability(_coarsened(line, middle, span, count), fine[1]) for line in self.permuted]
        return Verification(eer, _linkability(*fine), float(np.mean(null)))


def _coarsened(
    counts: NDArray[Any], value: NDArray[np.float64], span: tuple[float, float], bins: int
) -> NDArray[np.float64]:
    width = (span[1] - span[0]) or 1.0
    place = np.clip(((value - span[0]) / width * bins).astype(np.intp), 0, bins - 1)
    found: NDArray[np.float64] = np.zeros(bins)
    found += np.bincount(place.ravel(), weights=counts.ravel().astype(np.float64), minlength=bins)
    return found


def _linkability(genuine: NDArray[np.float64], everyone: NDArray[np.float64]) -> float:
    """D_sys (`gaitbench.metrics.linkability`) from histograms of pairs of one person, and of all pairs."""
    impostor = np.maximum(everyone - genuine, 0.0)
    p, q = genuine / genuine.sum(), impostor / impostor.sum()
    local = np.divide(p - q, p + q, out=np.zeros_like(p), where=p > q)
    return float((p * local).sum())
