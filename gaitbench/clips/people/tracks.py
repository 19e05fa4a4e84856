"""Who is who from frame to frame: people followed by where they are, and parted for good where they meet. Ours.

Nothing but the place tells people apart here. Where two hide each other nobody knows who comes out on which side: both
tracks end there, and new ones begin. A name on the wrong person would spoil every figure that is measured later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.people.quality import Look, look_at
from gaitbench.clips.people.strips import FRAMES, tile

__all__ = ["GAP", "LEAST", "LONGEST", "Seen", "Track", "Tracker", "overlap", "seen_in"]

#: Frames, at 25 a second, without somebody that end a track; and those of the shortest and the longest one.
GAP, LEAST, LONGEST = 25, 8, 7500
#: Overlap of boxes (intersection over union) from which on they are the same person's.
_SAME = 0.15
#: Frames in which somebody who is gone was seen just now, share of their box that somebody else then covers, and by how
#: much that one has grown, where two have met.
_JUST, _COVERED, _GROWN = 4, 0.4, 1.25
#: Area of the smaller of two people who meet over that of the larger, at least.
_OF_A_SIZE = 0.3
#: A track whose area falls to this share after two have met is one of them alone.
_ALONE = 0.75

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Seen:
    """Somebody in one frame, in few bytes.

    Parameters
    ----------
    place : int
        Of the frame among those that are looked at, from 0.
    box : (int, int, int, int)
        Left, top, width, height.
    png : bytes
        The silhouette in its box.
    look : Look
    """

    place: int
    box: Box
    png: bytes = field(repr=False)
    look: Look

    def mask(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """The silhouette in its frame of `size` (height, width)."""
        out = np.zeros(size, bool)
        x, y, width, height = self.box
        read = cv2.imdecode(np.frombuffer(self.png, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert read is not None
        out[y : y + height, x : x + width] = read > 0
        return out


def seen_in(place: int, mask: NDArray[np.bool_]) -> Seen:
    """Somebody in a frame, from their silhouette (H, W), which is not empty."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    part = np.ascontiguousarray(mask[y : y + height, x : x + width]).view(np.uint8)
    done, content = cv2.imencode(".png", part * np.uint8(255))
    assert done
    return Seen(place, (x, y, width, height), content.tobytes(), look_at(mask))


@dataclass(eq=False)
class Track:
    """One person from entering to leaving.

    Parameters
    ----------
    seen : list of Seen
    tiles : dict of int to uint8 array
        Pictures of some of the frames, by place.
    name : int or None
        Of the instance, where a segmenter has numbered people.
    met : bool
        Two people as one: they hide each other.
    cut : bool
        Ended because it was as long as a track may be.
    """

    seen: list[Seen] = field(default_factory=list)
    tiles: dict[int, NDArray[np.uint8]] = field(default_factory=dict)
    name: int | None = None
    met: bool = False
    cut: bool = False
    _step: int = 1

    def add(self, one: Seen, mask: NDArray[np.bool_], frame: NDArray[np.uint8] | None) -> None:
        """The next frame."""
        if len(self.seen) % self._step == 0:
            self.tiles[one.place] = tile(mask, frame)
            if len(self.tiles) > 3 * FRAMES:  # spread evenly, however long it becomes
                self.tiles = dict(list(self.tiles.items())[::2])
                self._step *= 2
        self.seen.append(one)

    def expected(self, place: int) -> Box:
        """Where the person should be at a place in time."""
        last = self.seen[-1]
        before = self.seen[max(0, len(self.seen) - 6)]
        ahead = min(place - last.place, GAP // 2) / max(1, last.place - before.place)
        x, y, width, height = last.box
        middle, earlier = x + width / 2, before.box[0] + before.box[2] / 2
        return round(x + (middle - earlier) * ahead), y, width, height

    def usual_area(self) -> float:
        """Median area over the last frames."""
        return float(np.median([one.look.area for one in self.seen[-10:]]))


class Tracker:
    """Follows people; tracks come out as they end, those of `met` people too."""

    def __init__(self) -> None:
        self._live: list[Track] = []

    def frame(
        self,
        place: int,
        masks: Sequence[tuple[int | None, NDArray[np.bool_]]],
        frame: NDArray[np.uint8] | None = None,
    ) -> list[Track]:
        """Take in a frame; returns the tracks that have ended.

        Parameters
        ----------
        place : int
            Greater than the last.
        masks : sequence of (name or None, bool array (H, W))
            The people of the frame; a name says whose it is, whatever the place.
        frame : uint8 array (H, W, 3), optional
            For pictures.
        """
        ended = [t for t in self._live if place - t.seen[-1].place > GAP or len(t.seen) >= LONGEST]
        for track in ended:
            track.cut = len(track.seen) >= LONGEST
        self._live = [t for t in self._live if t not in ended]
        found = [(name, mask, seen_in(place, mask)) for name, mask in masks]
        matched = self._matched(place, [(name, one) for name, _, one in found])
        ended += self._end_at_meetings(place, matched, [one for _, _, one in found])
        for i, (name, mask, one) in enumerate(found):
            known = matched.get(i)
            if known is not None and known in self._live:
                track = known
            else:
                track = Track(name=name, met=known is not None and known.met)
                self._live.append(track)
            track.add(one, mask, frame)
        return ended

    def rest(self) -> list[Track]:
        """The tracks that are left at the end of a film."""
        left, self._live = self._live, []
        return left

    def _matched(self, place: int, found: Sequence[tuple[int | None, Seen]]) -> dict[int, Track]:
        """Which person of the frame goes on with which track: the best overlaps first."""
        pairs = []
        for i, (name, one) in enumerate(found):
            for track in self._live:
                if name is not None or track.name is not None:
                    score = float(name == track.name)
                else:
                    score = overlap(track.expected(place), one.box)
                    score = max(score, overlap(track.seen[-1].box, one.box))
                if score > _SAME:
                    pairs.append((score, i, track))
        matched: dict[int, Track] = {}
        for _, i, track in sorted(pairs, key=lambda pair: -pair[0]):
            if i not in matched and track not in matched.values():
                matched[i] = track
        return matched

    def _end_at_meetings(self, place: int, matched: dict[int, Track], found: Sequence[Seen]) -> list[Track]:
        """End the tracks of people who hide each other, or who come apart again."""
        ended: list[Track] = []
        taken = [t for t in self._live if t in matched.values()]
        for i, track in list(matched.items()):
            if track.name is not None:
                continue
            one = found[i]
            if track.met:
                apart = one.look.area < _ALONE * track.usual_area()
                near = sum(overlap(track.expected(place), other.box) > _SAME for other in found) > 1
                if apart or near:
                    ended.append(track)
                    del matched[i]
                continue
            lost = [t for t in self._live if t not in taken and _has_met(t, track, one, place)]
            if lost and one.look.area > _GROWN * track.usual_area():
                ended += [track, *(t for t in lost if t not in ended)]
                matched[i] = Track(met=True)
        self._live = [t for t in self._live if t not in ended]
        return ended


def _has_met(gone: Track, track: Track, one: Seen, place: int) -> bool:
    """Whether somebody who was there just now is behind, or before, the person of another track.

    Both have been followed for a while and are of a size: a leg that enters before its trunk is nobody else.
    """
    known = gone.name is None and min(len(gone.seen), len(track.seen)) >= LEAST
    of_a_size = known and gone.usual_area() > _OF_A_SIZE * track.usual_area()
    just = place - gone.seen[-1].place <= _JUST
    return of_a_size and just and _covered(gone.expected(place), one.box) > _COVERED


def _shared(one: Box, other: Box) -> int:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0, wide) * max(0, high)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    shared = _shared(one, other)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def _covered(one: Box, other: Box) -> float:
    return _shared(one, other) / (one[2] * one[3])
