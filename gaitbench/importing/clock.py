"""Frame numbers on the clock of an import, 25 a second, whatever a source counts by."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.datasets.clock import RATE

__all__ = ["is_usual", "on_clock"]

#: Clocks this near to it are left alone, as `gaitbench.datasets.clock` leaves them.
_NEAR = 0.03


def is_usual(rate: float) -> bool:
    """Whether frames at that rate keep their numbers."""
    return abs(rate / RATE - 1) <= _NEAR


def on_clock(times: ArrayLike) -> NDArray[np.int32]:
    """Numbers (T,) of frames by their times (T,), seconds from frame 1, increasing.

    Examples
    --------
    >>> on_clock([0.0, 0.1, 0.2]).tolist()
    [1, 4, 6]
    """
    wanted = np.rint(np.asarray(times, np.float64) * RATE + 1e-9).astype(np.int64) + 1
    # of two frames that one number would stand for, the second takes the next
    steps = np.arange(len(wanted))
    return (np.maximum.accumulate(wanted - steps) + steps).astype(np.int32)
