"""Series with moments that lack."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["bridged"]

_Float = TypeVar("_Float", np.float32, np.float64)


def bridged(known: NDArray[_Float], at: NDArray[np.intp], length: int) -> NDArray[_Float]:
    """A whole series from some of its moments: straight lines over the gaps; at either end the nearest one stands in.

    Parameters
    ----------
    known : float array (m, k)
    at : int array (m,), m >= 1
        Their places in the series, ascending, in 0..length - 1.
    length : int

    Returns
    -------
    float array (length, k)
        Of the same type; `known` itself where nothing lacks.
    """
    if len(known) == length:
        return known
    moments = np.arange(length)
    after = np.searchsorted(at, moments).clip(0, len(at) - 1)
    before = np.maximum(after - (at[after] > moments), 0)
    share = ((moments - at[before]) / np.maximum(at[after] - at[before], 1)).clip(0, 1).astype(known.dtype)
    return np.asarray(known[before] + share[:, None] * (known[after] - known[before]), dtype=known.dtype)
