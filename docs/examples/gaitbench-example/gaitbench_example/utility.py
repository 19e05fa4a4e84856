"""Measure of utility ``example-sway``: how much of the head's sideways sway is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics.utility import UtilityMeasure

__all__ = ["SWAY", "sway"]


def sway(after: NDArray[np.bool_], before: NDArray[np.bool_], *, period: float, fps: float) -> float:
    """Spread of the head's middle column after over before; 1 is all of it, NaN where it stands still.

    Parameters
    ----------
    after, before : bool arrays (T, h, w)
        Silhouettes of one sequence.
    period, fps : float
        True frames a cycle (NaN where nobody knows) and frames a second; not needed here.
    """
    own = _spread(before)
    return min(1.0, _spread(after) / own) if own > 0 else float("nan")


def _spread(silhouettes: NDArray[np.bool_]) -> float:
    head = silhouettes[:, : silhouettes.shape[1] // 8].astype(np.float64).sum(axis=1)
    weight = head.sum(axis=1)
    middle = (head @ np.arange(head.shape[1]))[weight > 0] / weight[weight > 0]
    return float(middle.std()) if len(middle) else 0.0


#: What the entry point names: the function with what tables say of it.
SWAY = UtilityMeasure("example-sway", sway, "higher", "Sway of the head", "share")
