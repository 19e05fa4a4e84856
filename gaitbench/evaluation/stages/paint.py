"""Painting anonymized silhouettes, with what every painting must keep to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import GaitbenchError

__all__ = ["paint", "to_bytes"]


def paint(colorizer: Any, pictures: GaitSequence, anonymized: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Painted pictures, float64 (K, h, w, 3) in [0, 1]; `colorizer` None leaves the original colours.

    Raises
    ------
    GaitbenchError
        If a colorizer returns another shape, leaves [0, 1], or paints outside the anonymized silhouette.
    """
    assert pictures.rgb is not None
    if colorizer is None:
        return pictures.rgb / 255.0 * anonymized[..., None]
    painted = np.asarray(colorizer.colorize(pictures.rgb, pictures.silhouettes, anonymized), dtype=np.float64)
    name = getattr(colorizer, "name", type(colorizer).__name__)
    if painted.shape != pictures.rgb.shape:
        raise GaitbenchError(
            f"{name} returned shape {painted.shape} for {pictures.key}; expected {pictures.rgb.shape}"
        )
    if not (np.isfinite(painted).all() and painted.min() >= 0 and painted.max() <= 1):
        raise GaitbenchError(f"{name} returned values outside [0, 1] for {pictures.key}")
    if painted[~anonymized].any():
        raise GaitbenchError(f"{name} painted outside the anonymized silhouette of {pictures.key}")
    return painted


def to_bytes(painted: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Pictures in [0, 1] as a video would keep them: uint8, rounded."""
    pictures: NDArray[np.uint8] = np.rint(255.0 * painted).astype(np.uint8)
    return pictures
