"""A clip read ahead: who is where, stretch by stretch, in the memory of one stretch.

A track is one person from entering to leaving: after a gap the next one begins, and gets a body of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.boxes import Extent, View, extent_of, smoothing, view_of, whole_boxes
from gaitbench.clips.painting import SIZE, Stretch
from gaitbench.clips.scene import Scene
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS, crop
from gaitbench.datasets.silhouettes.extraction import iter_moving

__all__ = ["CONTEXT", "Piece", "Seen", "pieces", "whole_silhouette"]

#: Frames around a stretch that are read with it, so that nothing jumps where it ends.
CONTEXT = 16
#: Share of the box, as far as it lies in the frame, that a silhouette covers at least; a person covers about a third.
_LEAST_SHARE = 0.08
#: Share of the box's rows that a silhouette reaches over at least.
_LEAST_ROWS = 0.45
#: Of a silhouette's area: what is a part of it, and what may be another person.
_PART, _OTHER = 0.04, 0.25
#: Gap in a torn body, as a share of the height of its larger part.
_APART = 0.6


@dataclass
class Seen:
    """What was seen of a clip so far.

    Parameters
    ----------
    frames, people : int
        Frames read, and those with somebody in them.
    torn, others : int
        Frames with somebody in them in which the silhouette was torn, and those with somebody else.
    tracks : int
        People, one after the other.
    """

    frames: int = 0
    people: int = 0
    torn: int = 0
    others: int = 0
    tracks: int = 0


@dataclass(frozen=True)
class Piece:
    """Some consecutive frames of a clip.

    Parameters
    ----------
    end : int
        Number of the frame after the last one, 0-based.
    track : int
        Number of the track, from 0.
    stretch : Stretch or None
        The frames with the person, those of the context around them too; None where nobody is there, or where only a
        part of a body is seen whose size nobody knows.
    core : slice
        Which frames of the stretch are this piece's own.
    hidden : int
        Frames with a person that has no box.
    """

    end: int
    track: int
    stretch: Stretch | None = None
    core: slice = field(default_factory=lambda: slice(0, 0))
    hidden: int = 0


@dataclass(frozen=True)
class _Found:
    """A silhouette in few bytes."""

    number: int
    bits: NDArray[np.uint8]
    shape: tuple[int, int]
    corner: tuple[int, int]
    extent: Extent

    def whole(self, frame_size: tuple[int, int]) -> NDArray[np.bool_]:
        """The silhouette in its frame."""
        out = np.zeros(frame_size, bool)
        rows, columns = self.shape
        part = np.unpackbits(self.bits, count=rows * columns).reshape(self.shape).view(np.bool_)
        out[self.corner[0] : self.corner[0] + rows, self.corner[1] : self.corner[1] + columns] = part
        return out


def _packed(number: int, silhouette: NDArray[np.bool_]) -> _Found:
    x, y, width, height = cv2.boundingRect(silhouette.view(np.uint8))
    part = silhouette[y : y + height, x : x + width]
    return _Found(number, np.packbits(part), (height, width), (y, x), extent_of(silhouette))


def pieces(frames: Iterable[NDArray[np.uint8]], scene: Scene, rate: float, seen: Seen) -> Iterator[Piece]:
    """Find the person in each frame, and give the clip piece by piece, in order and without gaps.

    Parameters
    ----------
    frames : iterable of uint8 arrays (H, W, 3)
    scene : Scene
    rate : float
        Frames a second.
    seen : Seen
        Counts; filled in.
    """
    size = (scene.picture.shape[0], scene.picture.shape[1])
    gap, length = smoothing(rate).longest_gap, int(np.clip(round(4 * rate), 60, 240))
    held: list[_Found] = []
    done = 0  # how many of those were in an earlier piece
    view: View | None = None

    def piece(upto: int, end: int) -> Piece:
        nonlocal view
        core = slice(done, upto)
        some = held[: upto + CONTEXT]
        numbers = np.array([f.number for f in some], np.int64)
        boxes = whole_boxes([f.extent for f in some], numbers, size, rate)
        if boxes is None:
            return Piece(end, seen.tracks, hidden=upto - done)
        few = np.array([_sliver(f, b, size) for f, b in zip(some, boxes, strict=True)])
        view = view_of(boxes, size) or view or View(0, mirrored=False)
        crops = np.concatenate(
            [crop(f.whole(size)[None], b[None], SIZE) for f, b in zip(some, boxes, strict=True)]
        )
        inside = np.min(np.concatenate([boxes[:, :2], size[::-1] - boxes[:, 2:]], axis=1), axis=1) > 0.0
        good = np.flatnonzero(~few)
        for row in np.flatnonzero(few).tolist():
            # nobody vanishes in the middle of the picture: where the extraction failed, the nearest posture stands in
            near = good[np.abs(numbers[good] - numbers[row]).argmin()] if len(good) and inside[row] else None
            crops[row] = False if near is None else crops[near]
        return Piece(end, seen.tracks, Stretch(numbers, crops, boxes, view), core)

    number = -1
    for number, (silhouette, moving) in enumerate(iter_moving(frames, scene.plate, scene.settings)):
        seen.frames += 1
        here = np.count_nonzero(silhouette) >= LEAST_PIXELS
        if held and number - held[-1].number > gap:
            yield piece(len(held), number)
            seen.tracks += 1
            held, done, view = [], 0, None
        if here:
            seen.people += 1
            silhouette, torn, other = whole_silhouette(
                silhouette, moving, scene.settings.smallest_person * moving.size
            )
            seen.torn += torn
            seen.others += other
            held.append(_packed(number, silhouette))
            if len(held) >= done + length + CONTEXT:
                upto = done + length
                yield piece(upto, held[upto].number)
                first = max(0, upto - CONTEXT)
                held, done = held[first:], upto - first
        elif not held and number % length == length - 1:
            yield Piece(number + 1, seen.tracks)
    if held:
        yield piece(len(held), number + 1)
        seen.tracks += 1
    else:
        yield Piece(number + 1, seen.tracks)


def _sliver(found: _Found, box: NDArray[np.float32], frame_size: tuple[int, int]) -> bool:
    """Whether next to nothing of a body is seen where its box is: a shadow that is left behind, a foot that enters."""
    left, top = np.maximum(box[:2], 0.0)
    right, bottom = np.minimum(box[2:], frame_size[::-1])
    wide, tall = max(0.0, float(right - left)), max(0.0, float(bottom - top))
    least = int(np.unpackbits(found.bits).sum()) < _LEAST_SHARE * wide * tall
    return least or found.shape[0] < _LEAST_ROWS * tall


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
        elif size >= max(_OTHER * area, smallest) and tall > 1.2 * wide and shared < 0.5 * wide:
            other = True
    return out, torn, other
