"""The people of one frame: everybody who moves in it, or whom a segmenter has marked. Ours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.stretches import whole_silhouette
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS

__all__ = ["beside", "parted"]

#: Of the largest person's area, that somebody else has at least; and height over width of a person.
_OTHER, _UPRIGHT = 0.25, 1.2
#: People in a frame beyond which it is no walk but a crowd: the largest are followed.
_MOST = 8


def parted(marked: NDArray[np.uint8], smallest: float) -> list[NDArray[np.bool_]]:
    """The people among marked pixels, the largest first.

    Parameters
    ----------
    marked : uint8 array (H, W)
        0 and 1.
    smallest : float
        Pixels of the smallest person.

    Returns
    -------
    list of bool arrays (H, W)
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(marked, connectivity=8)
    if count < 2:
        return []
    areas = stats[1:, cv2.CC_STAT_AREA]
    if areas.max() < max(smallest, LEAST_PIXELS):
        return []
    main = labels == 1 + int(areas.argmax())
    whole, _, other = whole_silhouette(main, marked, smallest)
    return [whole, *(beside(whole, marked, smallest) if other else [])]


def beside(main: NDArray[np.bool_], moving: NDArray[np.uint8], smallest: float) -> list[NDArray[np.bool_]]:
    """People beside the largest one: upright patches, each with what was torn off it, the largest first.

    Parameters
    ----------
    main : bool array (H, W)
    moving : uint8 array (H, W)
        All that moves, 0 and 1.
    smallest : float
        Pixels of the smallest person.

    Returns
    -------
    list of bool arrays (H, W)
    """
    least = max(smallest, LEAST_PIXELS, _OTHER * np.count_nonzero(main))
    rest = np.asarray(cv2.subtract(moving, main.view(np.uint8)), np.uint8)
    found: list[NDArray[np.bool_]] = []
    while len(found) < _MOST - 1:
        count, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
        sizes = stats[:, cv2.CC_STAT_AREA].copy()
        sizes[0] = 0
        upright = stats[:, cv2.CC_STAT_HEIGHT] > _UPRIGHT * stats[:, cv2.CC_STAT_WIDTH]
        sizes[(sizes < least) | ~upright] = 0
        if count < 2 or not sizes.any():
            break
        one = labels == int(sizes.argmax())
        whole, _, _ = whole_silhouette(one, rest, smallest)
        found.append(whole)
        rest = np.asarray(cv2.subtract(rest, whole.view(np.uint8)), np.uint8)
    return found
