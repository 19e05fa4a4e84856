"""The measures of utility that this program has: cadence, step opening, symmetry (all ours)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics.utility import UtilityMeasure, asymmetry, leg_opening
from recognizer import gait_period

__all__ = ["CADENCE", "OPENING", "SYMMETRY"]

Masks = NDArray[np.bool_]

#: Relative error up to which a cadence counts as told.
_NEAR = 0.05


def _opening(after: Masks, before: Masks, *, period: float, fps: float) -> float:
    """Correlation of the opening over time; 0 where the anonymized legs do not move, NaN where the original's stand."""
    a, b = leg_opening(after), leg_opening(before)
    if len(a) < 3 or b.std() < 1e-6:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1]) if a.std() >= 1e-6 else 0.0


def _cadence(after: Masks, before: Masks, *, period: float, fps: float) -> float:
    """100 where the cadence is told within a twentieth, else 0; "not sure" tells nothing."""
    truth: float | None = period if np.isfinite(period) else gait_period(before, fps=fps).frames
    if truth is None:
        return float("nan")
    told = gait_period(after, fps=fps).frames
    return 100.0 * (told is not None and abs(told - truth) <= _NEAR * truth)


def _symmetry(after: Masks, before: Masks, *, period: float, fps: float) -> float:
    """Difference of the asymmetries; an anonymized gait without steps differs by all of the original's, and by 1."""
    length = period if np.isfinite(period) else (gait_period(before, fps=fps).frames or float("nan"))
    own, shown = asymmetry(leg_opening(before), length), asymmetry(leg_opening(after), length)
    if not np.isfinite(own):
        return float("nan")
    return min(1.0, abs(shown - own)) if np.isfinite(shown) else 1.0


CADENCE = UtilityMeasure("cadence", _cadence, "higher", "Cadence told within 5 %", "% of walks")
OPENING = UtilityMeasure("opening", _opening, "higher", "Step opening over time", "correlation")
SYMMETRY = UtilityMeasure("symmetry", _symmetry, "lower", "Symmetry of the steps", "difference")
