"""Tears, mended: where a bent knee or hair pulls the points of one part apart, the scene shows through."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.cameras.raster import Hits
from gaitbench.datasets.walkers.figures.tailor import PART

__all__ = ["mended"]

#: Pixels of the largest tear (ours): a gap of one leg in itself, such as under a bent knee, is wider.
LARGEST = 12
#: By part of the figure what has no gaps in itself: 1 the left leg, 2 the right one, 3 the head, 0 everything else.
_WHOLE = np.zeros(256, dtype=np.uint8)
for _number, _parts in enumerate(
    (("thigh_l", "shank_l", "foot_l"), ("thigh_r", "shank_r", "foot_r"), ("head", "hair", "neck")), 1
):
    _WHOLE[[PART[part] for part in _parts]] = _number


def mended(hits: Hits) -> Hits:
    """The same without tears: gaps of a few pixels that one leg or the head alone surrounds show the point beside.

    Gaps between the legs, or between arm and trunk, have something else at one of their sides and stay.
    """
    empty = (hits.index == 0).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(empty, connectivity=4)
    small = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] <= LARGEST)
    if len(small) == 0:
        return hits
    parts = hits.parts  # looked up anew each time that it is asked for
    index: NDArray[np.int32] | None = None
    for number in small[small > 0].tolist():
        left, top, width, height = (int(v) for v in stats[number, : cv2.CC_STAT_AREA])
        if min(left, top) < 1 or left + width >= empty.shape[1] or top + height >= empty.shape[0]:
            continue  # at the border of the box: outside
        box = (slice(top - 1, top + height + 1), slice(left - 1, left + width + 1))
        gap = labels[box] == number
        around = cv2.dilate(gap.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~gap
        of = _WHOLE[parts[box][around]]
        if of.min() == 0 or of.min() != of.max():
            continue
        index = hits.index.copy() if index is None else index
        rows, columns = np.nonzero(around)
        for row, column in np.argwhere(gap).tolist():
            nearest = int(((rows - row) ** 2 + (columns - column) ** 2).argmin())
            index[box][row, column] = hits.index[box][rows[nearest], columns[nearest]]
    return hits if index is None else replace(hits, index=index)
