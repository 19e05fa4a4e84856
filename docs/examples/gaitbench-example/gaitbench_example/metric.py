"""Measure ``example-error``: mean absolute difference of two pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics.measure import Measure

__all__ = ["ERROR", "mean_error"]


def mean_error(
    a: NDArray[np.floating[Any]], b: NDArray[np.floating[Any]], *, region: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """One value a picture, float64 (N,), in [0, 1]; 0 is best. NaN where `region` is empty.

    Parameters
    ----------
    a, b : float arrays (N, h, w, 3)
        What is shown and the reference, in [0, 1].
    region : bool array (N, h, w), optional
        The pixels that count; all by default.
    """
    apart = np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64)).mean(axis=3)
    counted = np.ones(apart.shape, bool) if region is None else region
    total, count = (apart * counted).sum(axis=(1, 2)), counted.sum(axis=(1, 2))
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


#: What the entry point names: the function with what tables say of it.
ERROR = Measure("example-error", mean_error, "lower", undefined="an empty region", title="Mean error")
