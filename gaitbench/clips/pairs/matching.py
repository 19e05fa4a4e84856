"""Which frame of a video after a tool shows what a frame before shows: by number, else by time. Ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Match", "match_frames", "nearest_frames"]

#: Clocks this near to each other are one.
_NEAR = 0.03


@dataclass(frozen=True)
class Match:
    """Frames of the original beside those of the other video.

    Parameters
    ----------
    numbers : int array (K,)
        1-based frame numbers of the original, increasing.
    other : int array (K,)
        1-based numbers of the other video's frames, increasing.
    said : str
        A phrase where frames did not meet one by one at one rate; "" else.
    """

    numbers: NDArray[np.int32]
    other: NDArray[np.int32]
    said: str = ""


def match_frames(numbers: Sequence[int], before: NDArray[np.float64], after: NDArray[np.float64]) -> Match:
    """Match frames of the original with those of the other video.

    Videos of as many frames meet frame by frame, whatever rate they are played at; else each frame meets the one
    nearest in time, once, and none further away than the longer of the two steps.

    Parameters
    ----------
    numbers : sequence of int
        1-based, increasing: frames of the original that matter.
    before, after : float arrays (N,) and (M,)
        Seconds of all frames of each, increasing from 0.
    """
    wanted = np.asarray(numbers, np.int32)
    step, other_step = _step(before), _step(after)
    if len(before) == len(after):
        said = ""
        if abs(other_step / step - 1) > _NEAR:
            said = (
                f"{1 / other_step:.4g} frames a second for {1 / step:.4g} of the original, and as many of them: "
                "matched frame by frame"
            )
        return Match(wanted, wanted.copy(), said)
    nearest = nearest_frames(before[wanted - 1], after)
    off = np.abs(after[nearest] - before[wanted - 1])
    kept: dict[int, int] = {}
    for i in np.flatnonzero(off <= 0.75 * max(step, other_step)).tolist():
        there = int(nearest[i])
        if there not in kept or off[i] < off[kept[there]]:
            kept[there] = i
    rows = np.array(sorted(kept.values()), np.intp)
    said = (
        f"{len(after)} frames in {after[-1] + other_step:.4g} s for {len(before)} in {before[-1] + step:.4g} s of the "
        f"original: matched by time, {len(rows)} of {len(wanted)} frames with a person"
    )
    return Match(wanted[rows], (nearest[rows] + 1).astype(np.int32), said)


def nearest_frames(times: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.intp]:
    """Which frame of another video is nearest to each of these times (seconds, increasing), 0-based."""
    right = np.minimum(np.searchsorted(other, times), len(other) - 1)
    left = np.maximum(right - 1, 0)
    return np.where(times - other[left] <= other[right] - times, left, right)


def _step(times: NDArray[np.float64]) -> float:
    """Seconds from frame to frame, on average."""
    return float(times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 1.0
