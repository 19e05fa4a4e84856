"""The largest outline of a silhouette as a fixed number of points, and back: what colour extraction matches.

[T20]: Model 1 works on the silhouette's contour (given). Number of points, starting point and direction are
ours. An outline begins at the topmost point of the largest component and runs through points of equal arc
length, so that the same index means about the same place of the body in all frames.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.contour_parts import closed_outline

__all__ = ["contours", "deform_contours", "fill_contours"]

#: Fixed-point bits of cv2's polygon filling.
_BITS = 4


def _outline(silhouette: NDArray[np.bool_], points: int) -> NDArray[np.float32] | None:
    """Equally spaced points (points, 2) of the largest outline as (x, y); None when there is no body."""
    found, _ = cv2.findContours(silhouette.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not found:
        return None
    outline = max(found, key=lambda c: (cv2.contourArea(c), len(c)))[:, 0].astype(np.float64)
    closed, along = closed_outline(outline)
    if along[-1] == 0.0:
        return np.repeat(closed[:1], points, axis=0).astype(np.float32)
    at = np.linspace(0.0, along[-1], points, endpoint=False)
    return np.stack([np.interp(at, along, closed[:, i]) for i in (0, 1)], axis=1).astype(np.float32)


def contours(
    silhouettes: NDArray[np.bool_], points: int = 256
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Trace the outline of each silhouette's largest component.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    points : int
        Points of each outline.

    Returns
    -------
    outlines : float32 array (T, points, 2)
        x and y of pixel centres; zeros for an empty silhouette.
    found : bool array (T,)
        False where the silhouette is empty.
    """
    outlines = np.zeros((len(silhouettes), points, 2), np.float32)
    found = np.zeros(len(silhouettes), bool)
    for i, silhouette in enumerate(np.ascontiguousarray(silhouettes)):
        outline = _outline(silhouette, points)
        if outline is not None:
            outlines[i], found[i] = outline, True
    return outlines, found


def fill_contours(
    outlines: NDArray[np.float32], found: NDArray[np.bool_], size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Fill outlines: the inverse of `contours` up to holes and smaller components.

    Parameters
    ----------
    outlines : float32 array (T, points, 2)
    found : bool array (T,)
        False gives an empty silhouette.
    size : (int, int)
        Height and width.

    Returns
    -------
    bool array (T, h, w)
    """
    filled = np.zeros((len(outlines), *size), np.uint8)
    for picture, outline, there in zip(filled, outlines, found, strict=True):
        if there:
            cv2.fillPoly(picture, [np.rint(outline * (1 << _BITS)).astype(np.int32)], 1, shift=_BITS)
    return filled.view(np.bool_)


def deform_contours(
    silhouettes: NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    strength: float = 0.2,
    points: int = 128,
    harmonics: int = 6,
) -> NDArray[np.bool_]:
    """Anonymize silhouettes by one smooth random deformation of their outlines.

    Model 1's way through the contour with a perturbation in place of its trained generator (ours): each
    outline point moves along its normal by a random wave of the point's index, the same in all frames of the
    sequence, so that a wider trunk stays wider.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    rng : numpy.random.Generator
    strength : float
        Standard deviation of the displacement in tenths of half the crop's width: 0.2 moves points by about
        0.44 pixels of 44 columns at each harmonic.
    points : int
        Points of each outline.
    harmonics : int
        Highest number of waves along the outline.

    Returns
    -------
    bool array (T, h, w)
        Empty where the input is empty.
    """
    outlines, found = contours(silhouettes, points)
    waves = np.arange(1, harmonics + 1)
    angle = 2.0 * np.pi * np.arange(points)[:, None] / points * waves
    weights = rng.standard_normal((2, harmonics)) * strength * silhouettes.shape[2] / 20.0
    offset = np.cos(angle) @ weights[0] + np.sin(angle) @ weights[1]
    # The crown stays: the crop's height is the person's.
    offset *= np.minimum(1.0, np.minimum(np.arange(points), points - np.arange(points)) / (points / 16))
    ahead, behind = np.roll(outlines, -2, axis=1), np.roll(outlines, 2, axis=1)
    tangent = ahead - behind
    length = np.maximum(np.hypot(tangent[..., 0], tangent[..., 1]), 1e-6)[..., None]
    normal = np.stack([-tangent[..., 1], tangent[..., 0]], axis=-1) / length
    moved = cast("NDArray[np.float32]", (outlines + normal * offset[:, None]).astype(np.float32))
    size = (silhouettes.shape[1], silhouettes.shape[2])
    return fill_contours(moved, found, size)
