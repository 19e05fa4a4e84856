"""Painting anonymized silhouettes, with what every painting must keep to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.evaluation.stages.checked import checked_painting
from gaitbench.systems import Colorizer

__all__ = ["paint", "to_bytes"]


def paint(
    colorizer: Colorizer | None, pictures: GaitSequence, anonymized: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Painted pictures, float64 (K, h, w, 3) in [0, 1]; `colorizer` None leaves the original colours.

    Raises
    ------
    GaitbenchError
        If a colorizer fails, returns another shape, leaves [0, 1], or paints outside the anonymized silhouette.
    """
    assert pictures.rgb is not None
    if colorizer is None:
        return pictures.rgb / 255.0 * anonymized[..., None]
    name = str(getattr(colorizer, "name", type(colorizer).__name__))
    return checked_painting(colorizer, name, pictures, anonymized)


def to_bytes(painted: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Pictures in [0, 1] as a video would keep them: uint8, rounded."""
    pictures: NDArray[np.uint8] = np.rint(255.0 * painted).astype(np.uint8)
    return pictures
