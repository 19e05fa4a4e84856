"""The measured population tables the walkers are drawn from (see ``data/README.md`` for sources)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DimensionTable", "dimension_table", "gait_table"]


@dataclass(frozen=True)
class DimensionTable:
    """Multivariate log-normal of body dimensions of one sex (metres; weight in kg).

    Parameters
    ----------
    keys : tuple of str
        Names of the K dimensions.
    log_mean, log_sd, mean, sd : float arrays (K,)
        Moments of the logarithms, and of the plain values.
    corr : float array (K, K)
        Correlation of the logarithms.
    """

    keys: tuple[str, ...]
    log_mean: NDArray[np.float64]
    log_sd: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    corr: NDArray[np.float64]

    def sample(self, rng: np.random.Generator, n: int) -> NDArray[np.float64]:
        """Draw `n` bodies: z ~ N(0, corr), value = exp(log_mean + log_sd z).

        Returns
        -------
        float array (n, K)
        """
        values, vectors = np.linalg.eigh(self.corr)
        # Rounding of the published table may leave eigenvalues a hair below zero.
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        z = rng.standard_normal((n, len(self.keys))) @ root.T
        bodies: NDArray[np.float64] = np.exp(self.log_mean + self.log_sd * z)
        return bodies


def _read(name: str) -> dict[str, Any]:
    text = resources.files("gaitbench.datasets.walkers").joinpath("data", name).read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@lru_cache(maxsize=2)
def dimension_table(sex: str) -> DimensionTable:
    """Body dimensions of ``"male"`` or ``"female"`` adults."""
    table = _read("anthropometry.json")
    one = table["sexes"][sex]
    k = len(table["keys"])
    corr = np.eye(k)
    for i, row in enumerate(one["corr_log_x1000_lower"]):
        for j, value in enumerate(row):
            corr[i, j] = corr[j, i] = value / 1000.0
    log_mean, log_sd, mean, sd = (
        np.asarray(one[name], dtype=np.float64) for name in ("log_mean", "log_sd", "mean", "sd")
    )
    return DimensionTable(tuple(table["keys"]), log_mean, log_sd, mean, sd, corr)


@lru_cache(maxsize=1)
def gait_table() -> dict[str, Any]:
    """The walking kinematics: Fourier coefficients and their spread, as read from the package data."""
    return _read("gait_kinematics.json")
