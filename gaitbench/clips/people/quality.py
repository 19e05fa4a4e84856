"""Does a silhouette look like one whole person? A score of a sequence: the share of its frames that do.

All of it is *ours*: a walking person is taller than wide, fills about a third to two thirds of its box, has one head,
hangs together, keeps its size from frame to frame, and is not cut by the picture. A score is no truth: a well cut out
piece of furniture of a person's proportions passes, which is why there are pictures beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["FAULTS", "Look", "Quality", "judged", "look_at"]

#: Fault -> how it is said.
FAULTS: dict[str, str] = {
    "cut": "cut by the picture's edge",
    "torn": "torn into parts",
    "shape": "of no person's proportions",
    "full": "a box or a blot, not an outline",
    "two": "two heads",
    "jump": "of another size than the frames around",
}
#: Height over width of one person; a long stride with a bag is 1.3.
_TALL = (1.15, 6.5)
#: Share of the box that is filled.
_FILLED = (0.2, 0.8)
#: Share of the pixels that hang together.
_WHOLE = 0.9
#: Height and area over the medians of the frames around.
_HEIGHT, _AREA = (0.85, 1.18), (0.65, 1.5)
_AROUND = 6
#: The band in which heads stand, their least width and the gap between two, as shares of the height.
_BAND, _HEAD, _BETWEEN = 0.13, 0.06, 0.1


@dataclass(frozen=True)
class Look:
    """What one silhouette tells.

    Parameters
    ----------
    area, height, width : int
        In pixels.
    whole : float
        Share of the pixels in the largest part.
    heads : int
    sides, ends : bool
        The left or right, the upper or lower edge of the picture cuts it.
    """

    area: int
    height: int
    width: int
    whole: float
    heads: int
    sides: bool
    ends: bool


@dataclass(frozen=True)
class Quality:
    """Of a sequence.

    Parameters
    ----------
    score : float
        Share of the frames without a fault, 0 to 1.
    faults : dict of str to int
        Frames by their first fault, in the order of `FAULTS`.
    good : tuple of bool
        Frame by frame.
    """

    score: float
    faults: dict[str, int]
    good: tuple[bool, ...]


def look_at(mask: NDArray[np.bool_], *, aligned: bool = False) -> Look:
    """Look at a silhouette (H, W) that is not empty; of crops that somebody has aligned no edge cuts anything."""
    bits = np.ascontiguousarray(mask).view(np.uint8)
    x, y, width, height = cv2.boundingRect(bits)
    part = np.ascontiguousarray(bits[y : y + height, x : x + width])
    areas = cv2.connectedComponentsWithStats(part, connectivity=8)[2][1:, cv2.CC_STAT_AREA]
    area = int(areas.sum())
    sides = not aligned and (x == 0 or x + width == mask.shape[1])
    ends = not aligned and (y == 0 or y + height == mask.shape[0])
    return Look(area, height, width, float(areas.max()) / area, _heads(part), sides, ends)


def _heads(part: NDArray[np.uint8]) -> int:
    """Heads beside each other in the uppermost band of a silhouette's box."""
    height = len(part)
    columns = np.flatnonzero(part[: max(1, round(_BAND * height))].any(axis=0))
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > max(1.0, _BETWEEN * height)) + 1)
    return max(1, sum(len(run) >= _HEAD * height for run in runs))


def judged(looks: Sequence[Look]) -> Quality:
    """The score of a sequence, from the looks at its frames in order of time; 0 of none."""
    heights, areas = (np.array([getattr(one, what) for one in looks], float) for what in ("height", "area"))
    found = []
    for i, one in enumerate(looks):
        near = slice(max(0, i - _AROUND), i + _AROUND + 1)
        found.append(_fault(one, float(np.median(heights[near])), float(np.median(areas[near]))))
    counts = Counter(fault for fault in found if fault)
    good = tuple(not fault for fault in found)
    share = sum(good) / len(good) if good else 0.0
    return Quality(share, {fault: counts[fault] for fault in FAULTS if counts[fault]}, good)


def _fault(one: Look, height: float, area: float) -> str:
    inside = (
        ("cut", not (one.sides or one.ends)),
        ("torn", one.whole >= _WHOLE),
        ("two", one.heads == 1),
        ("shape", _TALL[0] <= one.height / one.width <= _TALL[1]),
        ("full", _FILLED[0] <= one.area / (one.height * one.width) <= _FILLED[1]),
        ("jump", _within(one.height / height, _HEIGHT) and _within(one.area / area, _AREA)),
    )
    return next((fault for fault, fine in inside if not fine), "")


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
