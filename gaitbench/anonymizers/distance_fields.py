"""Silhouettes as signed distances to their outline: smooth enough to be bent and to be mixed over time."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["between_frames", "signed_distance", "smooth_over_time"]


def signed_distance(silhouettes: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance of each pixel to the outline in pixels, positive inside.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)

    Returns
    -------
    float32 array (T, h, w)
        ``> 0`` gives the silhouettes back. Beyond the crop there is no body; an empty silhouette is
        ``-(h + w)`` everywhere.
    """
    count, height, width = silhouettes.shape
    field = np.full((count, height, width), -float(height + width), np.float32)
    for out, silhouette in zip(field, silhouettes, strict=True):
        if silhouette.any():
            # A rim of background, so that a body that fills the crop still has an outline.
            mask = np.pad(silhouette, 1).astype(np.uint8)
            inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
            outside = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5)
            out[:] = (np.maximum(inside - 0.5, 0.0) - np.maximum(outside - 0.5, 0.0))[1:-1, 1:-1]
    return field


def between_frames(field: NDArray[np.float32], moments: NDArray[np.float64]) -> NDArray[np.float32]:
    """Distance fields at moments between frames, by linear mixture of the two neighbours.

    Parameters
    ----------
    field : float32 array (T, h, w)
    moments : float array (N,)
        In frames, clipped to [0, T - 1].

    Returns
    -------
    float32 array (N, h, w)
    """
    at = np.clip(moments, 0.0, len(field) - 1)
    first = np.floor(at).astype(np.int64)
    share = (at - first).astype(np.float32)[:, None, None]
    second = np.minimum(first + 1, len(field) - 1)
    return cast("NDArray[np.float32]", (1.0 - share) * field[first] + share * field[second])


def smooth_over_time(silhouettes: NDArray[np.bool_], deviation: float) -> NDArray[np.bool_]:
    """Smooth outlines over neighbouring frames by a Gaussian of `deviation` frames; bool (T, h, w)."""
    if deviation <= 0 or len(silhouettes) < 2:
        return silhouettes
    field = np.clip(signed_distance(silhouettes), -4.0, 4.0)  # far distances must not outvote the outline
    return np.asarray(ndimage.gaussian_filter1d(field, deviation, axis=0, mode="nearest") > 0.0)
