"""Bootstrap over subjects for the cells of all tables, beside scipy's and the usual loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy
from scipy.stats import bootstrap

from benchmarks.harness import Case, Peer
from gaitbench.metrics import SubjectBootstrap

SUBJECTS, CELLS, RESAMPLES = 40, 500, 10_000


def loop(top: np.ndarray, bottom: np.ndarray, resamples: int) -> np.ndarray:
    """Draw subjects anew for each resample of each cell; plain percentiles."""
    rng = np.random.default_rng(0)
    out = np.empty((2, top.shape[1]))
    for cell in range(top.shape[1]):
        rates = np.empty(resamples)
        for i in range(resamples):
            drawn = rng.integers(0, len(top), len(top))
            rates[i] = top[drawn, cell].sum() / bottom[drawn, cell].sum()
        out[:, cell] = np.percentile(rates, [2.5, 97.5])
    return out


def scipy_bca(top: np.ndarray, bottom: np.ndarray, resamples: int) -> np.ndarray:
    """scipy's BCa interval of each cell."""

    def rate(t: Any, b: Any, axis: int = -1) -> Any:
        return t.sum(axis=axis) / b.sum(axis=axis)

    found = [
        bootstrap(
            (t, b), rate, paired=True, vectorized=True, n_resamples=resamples, method="BCa", rng=0
        ).confidence_interval
        for t, b in zip(top.T, bottom.T, strict=True)
    ]
    return np.array([[i.low for i in found], [i.high for i in found]])


def largest(ours: Any, theirs: np.ndarray) -> float:
    """Largest difference of an end, as a share of the interval's width (other draws; ours is a little wider)."""
    width = ours.high - ours.low
    return float(np.max(np.abs(np.stack([ours.low, ours.high]) - theirs) / width))


def cases() -> Iterator[Case]:
    rng = np.random.default_rng(0)
    own = rng.beta(4, 1, (SUBJECTS, CELLS))
    bottom = np.full((SUBJECTS, CELLS), 6.0)
    top = rng.binomial(6, own).astype(float)
    names = [f"{i:03d}" for i in range(SUBJECTS)]

    def ours(cells: int) -> Any:
        boot = SubjectBootstrap(names, resamples=RESAMPLES, confidence=0.95, seed=0)
        return boot.means(top[:, :cells], bottom[:, :cells])

    yield Case(
        "500 cells, 40 subjects, 10,000 resamples",
        lambda: ours(CELLS),
        [Peer("scipy", lambda: scipy_bca(top, bottom, RESAMPLES), scipy.__version__)],
        largest,
        "under 10 s, little memory",
        3,
        most_seconds=10,
    )
    yield Case(
        "4 cells, 40 subjects, 10,000 resamples",
        lambda: ours(4),
        [Peer("loop", lambda: loop(top[:, :4], bottom[:, :4], RESAMPLES), "-")],
        largest,
        "",
        3,
    )
