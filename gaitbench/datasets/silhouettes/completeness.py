"""Which silhouettes are whole, and how a generated one is made whole."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.components import fill_small_holes

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
        count, _, stats, _ = cv2.connectedComponentsWithStats(silhouette.view(np.uint8), connectivity=8)
        if count > 1:
            areas = stats[1:, cv2.CC_STAT_AREA]
            shares[i] = areas.max() / areas.sum()
    return shares


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
    whole[largest_share(silhouettes) >= share] = True
    whole[~standing] = False
    for i in np.flatnonzero(whole):
        mask = np.ascontiguousarray(silhouettes[i]).view(np.uint8)
        filled = fill_small_holes(mask, 0.01 * height * width)
        whole[i] = int(filled.sum()) - int(mask.sum()) <= holes * int(mask.sum())
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
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        if count > 2:
            mask = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).view(np.uint8)
        if count > 1:
            out[i] = fill_small_holes(mask, largest)
    return cast("NDArray[np.bool_]", out.view(np.bool_))
