"""Everybody who appears in a clip, found in one reading and kept on the disk: who is where, and who is who.

Memory is that of the people who are in the picture, however long the clip is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from gaitbench.clips.boxes import smoothing
from gaitbench.clips.people.beside import MOST, beside, whole_silhouette
from gaitbench.clips.people.tracks import GAP, LEAST, Seen, Track, Tracker, overlap
from gaitbench.clips.scene import Scene
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS
from gaitbench.datasets.silhouettes.extraction import iter_moving
from gaitbench.datasets.video import iter_video

__all__ = ["Appearance", "Counts", "find_people"]

#: Overlap of boxes from which on a track that was cut for its length goes on as the next one.
_SAME = 0.15
#: Share of the picture that stands out of the scene from which on it is no person: half of it is a face at the lens.
_ELSEWHERE = 0.5


@dataclass
class Counts:
    """What was seen of a clip.

    Parameters
    ----------
    frames, people : int
        Frames read, and those with somebody in them.
    torn, several : int
        Frames in which the largest silhouette was torn, and those with several people.
    together : int
        Frames in which people hide each other, so that nobody can be told from the other.
    brief : int
        Patches beside somebody that were gone at once, and are nobody.
    crowded : int
        Frames with more people than are followed.
    elsewhere, first_elsewhere : int
        Frames of which most stands out of the scene: the film was cut there, or the light switched; the first of them.
    """

    frames: int = 0
    people: int = 0
    torn: int = 0
    several: int = 0
    together: int = 0
    brief: int = 0
    crowded: int = 0
    elsewhere: int = 0
    first_elsewhere: int = 0


@dataclass
class Appearance:
    """Somebody from entering to leaving.

    Parameters
    ----------
    first, last : int
        0-based numbers of frames.
    frames : int
        With a silhouette.
    area : float
        Median pixels.
    person : int
        Number of the person, from 0, in the order in which they appear.
    kept : Path
        Where the silhouettes lie.
    """

    first: int
    last: int
    frames: int
    area: float
    person: int
    kept: Path

    def seen(self) -> list[Seen]:
        """The person, frame by frame."""
        return msgspec.msgpack.decode(self.kept.read_bytes(), type=list[Seen])


def find_people(
    path: Path,
    scene: Scene,
    rate: float,
    folder: Path,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[list[Appearance], Counts]:
    """Follow everybody through a clip.

    A second appearance, after a gap, is another person: nobody can tell whether it is the same.

    Parameters
    ----------
    path : Path
    scene : Scene
    rate : float
        Frames a second.
    folder : Path
        Where silhouettes are kept; lasts as long as they are wanted.
    progress : callable, optional
        Told the share that is done.

    Returns
    -------
    (list of Appearance, Counts)
        In the order in which they begin.
    """
    counts, tracker, gap = Counts(), Tracker(), smoothing(rate).longest_gap
    smallest = scene.settings.smallest_person * scene.picture.shape[0] * scene.picture.shape[1]
    found: list[Appearance] = []
    cut: dict[int, Seen] = {}  # where those who were cut for their length were last, by place in `found`
    crowded: set[int] = set()

    def take_in(tracks: Sequence[Track]) -> None:
        for track in tracks:
            if track.met:
                counts.together += len(track.seen)
                continue
            parts = _parted(track.seen, gap)
            for part in parts:
                # a patch beside somebody that is gone at once is nobody
                if len(part) < LEAST and any(one.place in crowded for one in part):
                    counts.brief += 1
                    continue
                kept = folder / f"{len(found)}.person"
                kept.write_bytes(msgspec.msgpack.encode(part))
                area = float(np.median([one.look.area for one in part]))
                found.append(Appearance(part[0].place, part[-1].place, len(part), area, -1, kept))
                before[len(found) - 1] = part[0]
            if track.cut and parts:
                cut[len(found) - 1] = parts[-1][-1]

    before: dict[int, Seen] = {}
    for number, (silhouette, moving) in enumerate(iter_moving(iter_video(path), scene.plate, scene.settings)):
        counts.frames += 1
        people = []
        if np.count_nonzero(moving) > _ELSEWHERE * moving.size:
            counts.first_elsewhere = counts.first_elsewhere if counts.elsewhere else number
            counts.elsewhere += 1
        if np.count_nonzero(silhouette) >= LEAST_PIXELS:
            whole, torn, other = whole_silhouette(silhouette, moving, smallest)
            people = [whole, *(beside(whole, moving, smallest) if other else [])]
            counts.people += 1
            counts.torn += torn
            counts.several += len(people) > 1
            counts.crowded += len(people) >= MOST
            if len(people) > 1:
                crowded.add(number)
        crowded = {n for n in crowded if n > number - 4 * GAP} if number % GAP == 0 else crowded
        take_in(tracker.frame(number, [(None, mask) for mask in people]))
        progress((number + 1) / scene.frames)
    take_in(tracker.rest())
    _number(found, before, cut)
    found.sort(key=lambda one: (one.first, -one.area))
    return found, counts


def _parted(seen: list[Seen], gap: int) -> list[list[Seen]]:
    """A track cut where nobody is seen for longer than the gap."""
    places = np.array([one.place for one in seen])
    cuts = [0, *(np.flatnonzero(np.diff(places) > gap) + 1).tolist(), len(seen)]
    return [seen[a:b] for a, b in itertools.pairwise(cuts)]


def _number(found: list[Appearance], before: dict[int, Seen], cut: dict[int, Seen]) -> None:
    """Give everybody a number; who goes on where a track was cut for its length keeps it."""
    order = sorted(range(len(found)), key=lambda i: (found[i].first, -found[i].area))
    people = 0
    for i in order:
        known = [
            found[j].person
            for j, last in cut.items()
            if 0 < before[i].place - last.place <= GAP and overlap(last.box, before[i].box) > _SAME
        ]
        found[i].person = known[0] if known else people
        people += not known
