"""Shadows on grey film (R = G = B), where every pixel has the plate's colour and the usual test takes legs for shadows.

A shadow lets the ground be seen through it: the same texture, darker by one gain. What has no texture says nothing of
that; there only soft shadows count, and those that lie flat on the ground, wider than a leg or a shoe.
All of it is *ours*; texture as a mark of shadows is usual (Sanin, Sanderson, Lovell 2012 compare such tests).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.empty_scene import ExtractionSettings

__all__ = ["grey_shadow"]

#: Width of a shadow on the ground, as a share of the region's height: feet are narrower.
_FLAT = 0.18
#: Window over which gain and texture are measured, in pixels and for a picture of so many rows.
_WINDOW, _ROWS = 7, 240
#: Least correlation with the plate under a shadow, and largest rest without the gain, as a share of the light.
_ALIKE, _REST = 0.8, 0.08
#: Without texture a shadow takes no more of the light than this.
_SOFTEST = 0.85


def grey_shadow(
    here: NDArray[np.uint8],
    weak: NDArray[np.uint8],
    plate: NDArray[np.uint8],
    low: NDArray[np.uint8],
    rows: int,
    s: ExtractionSettings,
) -> NDArray[np.uint8]:
    """Which weak pixels are a shadow, 0 or 255.

    Parameters
    ----------
    here, plate : uint8 arrays (h, w)
        The region of a frame in the plate's light, and of the plate.
    weak : uint8 array (h, w)
        Pixels that differ, 0 or 255.
    low : uint8 array (h, w)
        Threshold of the plate, from which the noise is told.
    rows : int
        Height of the whole frame.
    s : ExtractionSettings
    """
    side = max(5, round(_WINDOW * rows / _ROWS) // 2 * 2 + 1)
    image, empty = here.astype(np.float32), plate.astype(np.float32)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)

    light, full = mean(image), mean(empty)
    varies = np.maximum(mean(image * image) - light * light, 0.0)
    ground = np.maximum(mean(empty * empty) - full * full, 0.0)
    both = mean(image * empty) - light * full
    gain = light / np.maximum(full, 1.0)
    rest = np.sqrt(np.maximum(varies - 2 * gain * both + gain * gain * ground, 0.0))
    noise = low.astype(np.float32) / np.float32(2 * s.low)
    textured = ground > (1.2 * noise) ** 2
    seen = (both > _ALIKE * np.sqrt(varies * ground)) & (rest < np.maximum(_REST * light, noise))
    height = here.shape[0]
    darkest = np.full((height, 1), s.soft_darkest, np.float32)
    darkest[height - int(height * s.shadow_zone) :] = s.shadow_darkest
    ratio = image / np.maximum(empty, 1.0)
    dark = (ratio > darkest) & (ratio < min(s.shadow_brightest, 1.0))
    soft = (ratio > max(_SOFTEST, s.soft_darkest)) & (rest < np.maximum(0.04 * light, noise))
    # On the ground a shadow lies flat: wider, in one row, than a leg or a shoe.
    ground_rows = np.zeros(here.shape, np.uint8)
    ground_rows[height - int(height * s.shadow_zone) :] = 1
    flat = cv2.morphologyEx(
        (dark & (weak > 0)).astype(np.uint8) * ground_rows,
        cv2.MORPH_OPEN,
        np.ones((1, max(3, round(_FLAT * height))), np.uint8),
    )
    found = dark & (np.where(textured, seen, soft) | (flat > 0)) & (weak > 0)
    return np.where(found, np.uint8(255), np.uint8(0))
