"""The walks of a film: everybody in it from entering to leaving, found in one reading and kept on the disk.

Memory is that of the frames at hand and of the walk that is going on, however long the film is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.people.beside import MOST, beside, whole_silhouette
from gaitbench.clips.people.quality import Quality, judged
from gaitbench.clips.people.strips import some, strip_of
from gaitbench.clips.people.tracks import LEAST, LONGEST, Seen, Track, Tracker
from gaitbench.clips.scene import Scene, background_scene, learned_scene
from gaitbench.datasets.clock import RATE, frames_at, said_of
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS
from gaitbench.datasets.silhouettes.extraction import iter_moving
from gaitbench.datasets.video import frame_rate, iter_timed, iter_video
from gaitbench.importing.clock import is_usual, on_clock
from gaitbench.importing.films.given_masks import GivenMasks

__all__ = ["Film", "FilmFrames", "Walk", "film_of", "find_walks"]

#: Frames, at 25 a second, within which somebody who is cut by the side is still entering, or leaving already.
_SOON = 12
_People = Sequence[tuple[int | None, NDArray[np.bool_]]]


@dataclass
class Film:
    """A film as it is read: its size, and which of its frames are taken.

    Parameters
    ----------
    path : Path
    size : (int, int)
        Height and width.
    frames : int
        Frames of the file.
    taken : int array (N,)
        Numbers of the frames that are looked at, from 0: 25 a second.
    numbers : int array (N,)
        Their numbers, from 1, on the clock of 25 a second.
    scene : Scene or None
        None where silhouettes are given.
    walks : list of Walk
        In the order in which they begin.
    notes : list of str
    """

    path: Path
    size: tuple[int, int]
    frames: int
    taken: NDArray[np.intp]
    numbers: NDArray[np.int32]
    scene: Scene | None
    walks: list[Walk] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def seconds(self, place: int) -> float:
        """When the frame at a place is shown."""
        return float(self.numbers[place] - 1) / RATE


@dataclass(frozen=True)
class Walk:
    """Somebody from entering to leaving.

    Parameters
    ----------
    first, last : int
        Places among the frames that are taken.
    frames : int
        With a silhouette.
    area : float
        Median pixels.
    quality : Quality
    kept : Path
        Where the silhouettes lie, and beside them a strip of pictures.
    cut : bool
        It ended because it was as long as a walk may be.
    name : int or None
        Of the instance, where a segmenter has numbered people.
    """

    first: int
    last: int
    frames: int
    area: float
    quality: Quality
    kept: Path
    cut: bool
    name: int | None

    @property
    def strip(self) -> bytes:
        """A PNG of some frames."""
        return self.kept.with_suffix(".png").read_bytes()

    def seen(self) -> list[Seen]:
        """The person, frame by frame."""
        return msgspec.msgpack.decode(self.kept.read_bytes(), type=list[Seen])


def film_of(path: Path, background: Path | None, masks: GivenMasks | None) -> Film:
    """Look at a film before its people are looked for: its clock, and the empty scene where it is needed.

    Raises
    ------
    DataError
        If it is no video, too short, or filmed by a moving camera.
    """
    scene, notes = None, []
    if masks is not None:
        clock = [time for _, time in iter_timed(path)]
        times = np.array([np.nan if time is None else time for time in clock])
        if np.isnan(times).any() or np.any(np.diff(times) <= 0):
            times = np.zeros(0)
        frames = len(clock)
        size = next(iter_video(path, 1)).shape[:2]
    else:
        scene = learned_scene(path) if background is None else background_scene(path, background)
        times, frames, size = scene.times, scene.frames, scene.picture.shape[:2]
        if not scene.seen_empty:
            notes.append("the scene is never seen empty: the median of the film stands for it")
    if len(times):
        times = times - times[0]
    else:
        notes.append("a video without a clock, its frame rate taken from the header or assumed")
        times = np.arange(frames) / (frame_rate(path) or RATE)
    if said := said_of(times):
        notes.append(said)
    taken = frames_at(times)
    rate = (len(taken) - 1) / (times[taken[-1]] - times[0]) if frames > 1 and times[-1] > 0 else RATE
    steady = is_usual(rate) and len(taken) == frames and "varying" not in said
    numbers = np.arange(1, frames + 1, dtype=np.int32) if steady else on_clock(times[taken])
    return Film(path, (int(size[0]), int(size[1])), frames, taken, numbers, scene, notes=notes)


def find_walks(film: Film, masks: GivenMasks | None, folder: Path) -> None:
    """Fill in a film's walks.

    Parameters
    ----------
    film : Film
    masks : GivenMasks or None
        Silhouettes that somebody else has made.
    folder : Path
        Where they are kept; lasts as long as they are wanted.
    """
    tracker = Tracker()
    met = short = ends = crowded = 0

    def take_in(ended: Sequence[Track]) -> None:
        nonlocal met, short, ends
        for track in ended:
            if track.met:
                met += len(track.seen)
            elif len(track.seen) < LEAST:
                short += 1
            else:
                film.walks.append(_walk(track, folder / f"{len(film.walks)}.walk"))
                ends += len(track.seen) - film.walks[-1].frames

    people = _extracted(film) if masks is None else _given(film, masks)
    for place, (frame, found) in enumerate(people):
        crowded += len(found) >= MOST and masks is None
        take_in(tracker.frame(place, found, frame))
    take_in(tracker.rest())
    film.walks.sort(key=lambda walk: (walk.first, -walk.area))
    if met:
        film.notes.append(f"{met} frames in which people hide each other left out")
    if short:
        film.notes.append(f"{short} appearances of fewer than {LEAST} frames left out")
    if ends:
        film.notes.append(
            f"{ends} frames left out in which the side of the picture cuts who enters or leaves"
        )
    if crowded:
        film.notes.append(f"{MOST} people or more in {crowded} frames: the {MOST} largest are followed there")
    if any(walk.cut for walk in film.walks):
        film.notes.append(f"a walk of more than {LONGEST // 1500} minutes is cut there")
    if masks is not None:
        film.notes += masks.notes


class FilmFrames:
    """Frames of a film by number, read in order; going back begins the film anew.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._frames: Iterator[NDArray[np.uint8]] = iter(())
        self._at = -1
        self._frame: NDArray[np.uint8] | None = None

    def give(self, wanted: Iterable[int]) -> Iterator[NDArray[np.uint8]]:
        """Frames by their numbers from 0, ascending; a number that stands twice is given twice.

        Raises
        ------
        DataError
            If the film cannot be read.
        """
        for number in wanted:
            if self._frame is None or number < self._at:
                self._frames, self._at = iter_video(self._path), -1
            while self._at < number:
                self._frame = next(self._frames)
                self._at += 1
            assert self._frame is not None
            yield self._frame


def _extracted(film: Film) -> Iterator[tuple[NDArray[np.uint8], _People]]:
    scene = film.scene
    assert scene is not None
    smallest = scene.settings.smallest_person * film.size[0] * film.size[1]
    held: list[NDArray[np.uint8]] = []

    def frames() -> Iterator[NDArray[np.uint8]]:
        for frame in FilmFrames(film.path).give(film.taken.tolist()):
            held[:] = [frame]
            yield frame

    for silhouette, moving in iter_moving(frames(), scene.plate, scene.settings):
        if np.count_nonzero(silhouette) < LEAST_PIXELS:
            yield held[0], []
            continue
        whole, _, other = whole_silhouette(silhouette, moving, smallest)
        people = [whole, *(beside(whole, moving, smallest) if other else [])]
        yield held[0], [(None, mask) for mask in people]


def _given(film: Film, masks: GivenMasks) -> Iterator[tuple[NDArray[np.uint8], _People]]:
    for number, frame in zip(
        film.taken.tolist(), FilmFrames(film.path).give(film.taken.tolist()), strict=True
    ):
        yield frame, masks.people(number + 1, film.size)


def _walk(track: Track, kept: Path) -> Walk:
    """A track without its ends in which the side of the picture cuts the person, as long as enough remain."""
    first, last = _inside([one.look.sides for one in track.seen])
    seen = track.seen[first : last + 1] if last + 1 - first >= LEAST else track.seen
    quality = judged([one.look for one in seen])
    good = {one.place: fine for one, fine in zip(seen, quality.good, strict=True)}
    places = [place for place in track.tiles if place in good] or list(track.tiles)
    chosen = [places[i] for i in some(len(places))]
    strip = strip_of([track.tiles[p] for p in chosen], [good.get(p, False) for p in chosen])
    kept.with_suffix(".png").write_bytes(strip)  # not in memory: a film of hours has thousands of walks
    kept.write_bytes(msgspec.msgpack.encode(seen))
    area = float(np.median([one.look.area for one in seen]))
    return Walk(seen[0].place, seen[-1].place, len(seen), area, quality, kept, track.cut, track.name)


def _inside(cut: Sequence[bool]) -> tuple[int, int]:
    """First and last frame of a track that are neither cut by the side nor followed, or preceded, by such soon.

    A hand that enters before its body does not reach the side where the encoder has blurred it: nobody is whole yet.
    """
    first, last = 0, len(cut) - 1
    at = [i for i, one in enumerate(cut) if one]
    for i in at:
        if i - first > _SOON:
            break
        first = i + 1
    for i in reversed(at):
        if last - i > _SOON:
            break
        last = i - 1
    return first, last
