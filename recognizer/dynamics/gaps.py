"""Series with moments that lack."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["bridged"]


def bridged(series: NDArray[np.float32], seen: NDArray[np.intp]) -> NDArray[np.float32]:
    """Put straight lines where a series was not seen; at either end its nearest moment stands in.

    Parameters
    ----------
    series : float32 array (T, k)
    seen : int array (m,), m >= 1
        Moments that count, ascending.

    Returns
    -------
    float32 array (T, k)
    """
    moments = np.arange(len(series))
    after = np.searchsorted(seen, moments).clip(0, len(seen) - 1)
    before = np.maximum(after - (seen[after] > moments), 0)
    gap = np.maximum(seen[after] - seen[before], 1)
    share = ((moments - seen[before]) / gap).clip(0, 1).astype(np.float32)[:, None]
    return np.asarray((1 - share) * series[seen[before]] + share * series[seen[after]], dtype=np.float32)
