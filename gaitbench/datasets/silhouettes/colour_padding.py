"""Colours carried past a person's outline, so that a crop's outline pixels are not mixed with black."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["widen_colours"]


def widen_colours(rgb: NDArray[np.uint8], masks: NDArray[np.bool_], *, pixels: int = 3) -> NDArray[np.uint8]:
    """Fill a rim around each silhouette with the mean colour of the person's pixels nearby.

    A rendering of a person over black that is made smaller mixes the outline with black: a reference that is darker at
    its outline than the clothes are. With the rim, only colours of the person are mixed.

    Parameters
    ----------
    rgb : uint8 array (T, H, W, 3)
        The person over black.
    masks : bool array (T, H, W)
    pixels : int
        Width of the rim; as wide as a pixel of the smaller picture or wider.

    Returns
    -------
    uint8 array (T, H, W, 3)
        Unchanged inside the masks and beyond the rim; frames without a person or without colours stay as they are.
    """
    out = rgb.copy()
    side = (2 * pixels + 1, 2 * pixels + 1)
    for i in np.flatnonzero(masks.any(axis=(1, 2))):
        rows, columns = (np.flatnonzero(masks[i].any(axis=axis)) for axis in (1, 0))
        box = (
            slice(max(0, rows[0] - pixels), rows[-1] + pixels + 1),
            slice(max(0, columns[0] - pixels), columns[-1] + pixels + 1),
        )
        inside = masks[i][box]
        if not rgb[i][box].any():
            continue
        near = cv2.boxFilter(inside.astype(np.float32), -1, side, borderType=cv2.BORDER_CONSTANT)
        colours = np.where(inside[..., None], rgb[i][box], 0).astype(np.float32)
        mean = cv2.boxFilter(colours, -1, side, borderType=cv2.BORDER_CONSTANT)
        rim = ~inside & (near > 1e-6)
        out[i][box][rim] = np.rint(mean[rim] / near[rim][:, None]).astype(np.uint8)
    return out
