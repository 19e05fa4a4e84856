"""Counts of distances whose largest nobody knows beforehand: the grid widens as blocks come."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.blocks.counts import BINS, Counted

__all__ = ["WideningCounts"]


class WideningCounts(Counted):
    """As `Counted`; the bounds are those of the first block, and twice as far apart whenever a distance lies outside.

    Parameters
    ----------
    angles, people, seed
        As of `Counted`.
    """

    def __init__(self, angles: NDArray[Any], people: int, seed: int) -> None:
        super().__init__((0.0, 1.0), angles, people, seed)
        self._empty = True

    def add(self, distances: NDArray[Any], own: NDArray[np.intp], angles: NDArray[Any]) -> None:
        """Count a block, see `Counted.add`."""
        good = np.isfinite(distances).all(axis=1)
        if not good.any():
            return
        low, high = float(distances[good].min()), float(distances[good].max())
        if self._empty:
            # a distance is seldom under 0, and never by much
            self.low = min(0.0, low)
            self.step = ((high - self.low) or 1.0) / BINS
            self._empty = False
        while high > self.low + self.step * BINS:
            self._widen(upwards=True)
        while low < self.low:
            self._widen(upwards=False)
        super().add(distances, own, angles)

    def _widen(self, *, upwards: bool) -> None:
        """Two bins become one, and as many empty ones are put beside them."""
        if not upwards:
            self.low -= self.step * BINS
        self.step *= 2.0
        for counts in (self.genuine, self.all, self.permuted):
            half = counts.shape[-1] // 2
            paired = counts.reshape(*counts.shape[:-1], half, 2).sum(axis=-1)
            counts[...] = 0
            counts[..., :half] = paired if upwards else 0
            if not upwards:
                counts[..., half:] = paired
