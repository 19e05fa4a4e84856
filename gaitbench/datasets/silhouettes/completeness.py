"""Which silhouettes are whole, and how a generated one is made whole."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.components import fill_small_holes, trace_outlines

__all__ = ["complete_frames", "largest_share", "tidy"]


def largest_share(silhouettes: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Share of each silhouette's pixels in its largest component (8-connected).

    Parameters
    ----------
    silhouettes : bool array (T, h, w)

    Returns
    -------
    float32 array (T,)
        In [0, 1]; 0 for an empty silhouette.
    """
    shares = np.zeros(len(silhouettes), np.float32)
    for i, silhouette in enumerate(np.ascontiguousarray(silhouettes)):
        mask = silhouette.view(np.uint8)
        shares[i] = _share(mask, trace_outlines(mask).patches)
    return shares


def _share(mask: NDArray[np.uint8], patches: int) -> float:
    """Share of the pixels in the largest of so many patches."""
    if patches < 2:
        return float(patches)
    areas = cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:, cv2.CC_STAT_AREA]
    return float(areas.max() / areas.sum())


def complete_frames(
    silhouettes: NDArray[np.bool_], *, share: float = 0.98, holes: float = 0.02
) -> NDArray[np.bool_]:
    """Tell which frames show a whole person, so that a generator trained on them never learns gaps.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    share : float
        Least share of the pixels in the largest component.
    holes : float
        Largest area of small holes over the area of the body; the gap between arm and trunk counts as one
        only while it is under 1 % of the crop.

    Returns
    -------
    bool array (T,)
        True where the component is large, small holes are few, and the body reaches from the upper to the
        lower twelfth of the crop and is nowhere between cut through.
    """
    height, width = silhouettes.shape[1:]
    margin = height // 12
    rows: NDArray[np.bool_] = np.asarray(silhouettes.any(axis=2))
    reaching = rows[:, : margin + 1].any(1) & rows[:, height - margin - 1 :].any(1)
    standing = reaching & rows[:, margin : height - margin].all(1)
    whole = np.zeros(len(silhouettes), bool)
    for i in np.flatnonzero(standing).tolist():
        mask = np.ascontiguousarray(silhouettes[i]).view(np.uint8)
        outlines = trace_outlines(mask)
        if np.float32(_share(mask, outlines.patches)) < share:
            continue
        filled = fill_small_holes(mask, 0.01 * height * width, outlines)
        whole[i] = filled is mask or int(filled.sum()) - int(mask.sum()) <= holes * int(mask.sum())
    return whole


def tidy(silhouettes: NDArray[np.bool_], *, hole: float = 0.004) -> NDArray[np.bool_]:
    """Keep the largest component of each frame and fill its small holes.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    hole : float
        Largest hole to fill, as a share of the crop (11 pixels of 64 x 44).

    Returns
    -------
    bool array (T, h, w)
    """
    out = np.zeros(silhouettes.shape, np.uint8)
    largest = hole * silhouettes.shape[1] * silhouettes.shape[2]
    for i, silhouette in enumerate(np.ascontiguousarray(silhouettes)):
        mask = silhouette.view(np.uint8)
        outlines = trace_outlines(mask)
        if outlines.patches > 1:
            _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
            mask = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).view(np.uint8)
            outlines = trace_outlines(mask)
        out[i] = fill_small_holes(mask, largest, outlines)
    return cast("NDArray[np.bool_]", out.view(np.bool_))
