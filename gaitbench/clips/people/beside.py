"""The people of one frame: everybody who moves in it, or whom a segmenter has marked. Ours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS

__all__ = ["MOST", "beside", "parted", "whole_silhouette"]

#: Of the largest person's area, that somebody else has at least; and height over width of a person.
_OTHER, _UPRIGHT = 0.25, 1.2
#: Of a silhouette's area: what is a part of it.
_PART = 0.04
#: Gap in a torn body, as a share of the height of its larger part.
_APART = 0.6
#: People in a frame beyond which it is no walk but a crowd: the largest are followed.
MOST = 8


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
    while len(found) < MOST - 1:
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


def whole_silhouette(
    silhouette: NDArray[np.bool_], moving: NDArray[np.uint8], smallest: float
) -> tuple[NDArray[np.bool_], bool, bool]:
    """A silhouette with what clothes like the ground have torn off it; whether there was such a part, or somebody else.

    What stands above or below is a part of the same body; an upright patch at its side is another person.

    Parameters
    ----------
    silhouette : bool array (H, W)
        Not empty.
    moving : uint8 array (H, W)
        All that moves, 0 and 1.
    smallest : float
        Pixels of the smallest person.
    """
    rest = cv2.subtract(moving, silhouette.view(np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    x, y, width, height = cv2.boundingRect(silhouette.view(np.uint8))
    area = int(np.count_nonzero(silhouette))
    out, torn, other = silhouette, False, False
    for label in range(1, count):
        left, top, wide, tall, size = stats[label].tolist()
        if size < _PART * area:
            continue
        shared = max(0, min(left + wide, x + width) - max(left, x))
        apart = max(top - y - height, y - top - tall)
        if shared >= 0.5 * wide and apart < _APART * max(height, tall):
            out, torn = out | (labels == label), True
        elif size >= max(_OTHER * area, smallest) and tall > _UPRIGHT * wide and shared < 0.5 * wide:
            other = True
    return out, torn, other
