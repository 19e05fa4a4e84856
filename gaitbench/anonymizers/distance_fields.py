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
    # A rim of background, so that a body that fills the crop still has an outline.
    inside = np.zeros((count, height + 2, width + 2), np.uint8)
    inside[:, 1:-1, 1:-1] = silhouettes
    outside = 1 - inside
    near = np.empty((2, height + 2, width + 2), np.float32)
    field = np.full((count, height, width), -float(height + width), np.float32)
    for i in np.flatnonzero(silhouettes.any(axis=(1, 2))).tolist():
        cv2.distanceTransform(inside[i], cv2.DIST_L2, 5, dst=near[0])
        cv2.distanceTransform(outside[i], cv2.DIST_L2, 5, dst=near[1])
        # One of both is 0 at every pixel, the other at least 1.
        np.subtract(near[0, 1:-1, 1:-1], near[1, 1:-1, 1:-1], out=field[i])
        field[i] -= np.copysign(np.float32(0.5), field[i])
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
