"""One person's way through a clip, stretch by stretch: boxes, crops and the view, in the memory of one stretch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.boxes import View, extent_of, view_of, whole_boxes
from gaitbench.clips.painting import SIZE, Stretch
from gaitbench.clips.people.tracks import Seen
from gaitbench.datasets.silhouettes.alignment import crop

__all__ = ["CONTEXT", "Piece", "pieces"]

#: Frames around a stretch that are read with it, so that nothing jumps where it ends.
CONTEXT = 16
#: Share of the box, as far as it lies in the frame, that a silhouette covers at least; a person covers about a third.
_LEAST_SHARE = 0.08
#: Share of the box's rows that a silhouette reaches over at least.
_LEAST_ROWS = 0.45


@dataclass(frozen=True)
class Piece:
    """Some consecutive frames of somebody.

    Parameters
    ----------
    end : int
        Number of the frame after the last one, 0-based.
    stretch : Stretch or None
        The frames, those of the context around them too; None where only a part of a body is seen whose size nobody
        knows.
    core : slice
        Which frames of the stretch are this piece's own.
    hidden : int
        Frames with a person that has no box.
    """

    end: int
    stretch: Stretch | None = None
    core: slice = field(default_factory=lambda: slice(0, 0))
    hidden: int = 0


def pieces(found: Sequence[Seen], size: tuple[int, int], rate: float) -> Iterator[Piece]:
    """Somebody from entering to leaving, piece by piece, in order.

    Parameters
    ----------
    found : sequence of Seen
        Frame by frame; places are 0-based numbers of frames.
    size : (int, int)
        Height and width of the frames.
    rate : float
        Frames a second.
    """
    length = int(np.clip(round(4 * rate), 60, 240))
    view: View | None = None
    start = 0
    while start < len(found):
        stop = start + length if len(found) - start >= length + CONTEXT else len(found)
        first = max(0, start - CONTEXT)
        some = found[first : stop + CONTEXT]
        end = found[stop].place if stop < len(found) else found[-1].place + 1
        stretch = _stretch(some, size, rate, view)
        if stretch is None:
            yield Piece(end, hidden=stop - start)
        else:
            view = stretch.view
            yield Piece(end, stretch, slice(start - first, stop - first))
        start = stop


def _stretch(some: Sequence[Seen], size: tuple[int, int], rate: float, before: View | None) -> Stretch | None:
    numbers = np.array([one.place for one in some], np.int64)
    boxes = whole_boxes([extent_of(one.mask(size)) for one in some], numbers, size, rate)
    if boxes is None:
        return None
    few = np.array([_sliver(one, b, size) for one, b in zip(some, boxes, strict=True)])
    view = view_of(boxes, size) or before or View(0, mirrored=False)
    crops = np.concatenate(
        [crop(one.mask(size)[None], b[None], SIZE) for one, b in zip(some, boxes, strict=True)]
    )
    inside = np.min(np.concatenate([boxes[:, :2], size[::-1] - boxes[:, 2:]], axis=1), axis=1) > 0.0
    good = np.flatnonzero(~few)
    for row in np.flatnonzero(few).tolist():
        # nobody vanishes in the middle of the picture: where the extraction failed, the nearest posture stands in
        near = good[np.abs(numbers[good] - numbers[row]).argmin()] if len(good) and inside[row] else None
        crops[row] = False if near is None else crops[near]
    return Stretch(numbers, crops, boxes, view)


def _sliver(found: Seen, box: NDArray[np.float32], frame_size: tuple[int, int]) -> bool:
    """Whether next to nothing of a body is seen where its box is: a shadow that is left behind, a foot that enters."""
    left, top = np.maximum(box[:2], 0.0)
    right, bottom = np.minimum(box[2:], frame_size[::-1])
    wide, tall = max(0.0, float(right - left)), max(0.0, float(bottom - top))
    least = found.look.area < _LEAST_SHARE * wide * tall
    return least or found.look.height < _LEAST_ROWS * tall
