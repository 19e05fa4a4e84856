"""A clip anonymized frame by frame: the new people over the empty scene.

Nothing of the filmed frame is left but its light and the colours of the clothes: the whole picture is the empty scene,
so that no rim, no shadow and no limb that the extraction missed shows the old body. What moved besides people is gone
with it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.painting import SIZE, Stretch, anonymized_masks, joined, painted_crops
from gaitbench.clips.people.appearances import Appearance, Counts, find_people
from gaitbench.clips.scene import Scene
from gaitbench.clips.stretches import CONTEXT, Piece, pieces
from gaitbench.datasets.silhouettes.uncropping import placed_coverage, placed_picture, uncrop
from gaitbench.datasets.video import iter_video
from gaitbench.errors import DataError
from gaitbench.systems import Anonymizer, Colorizer

__all__ = ["Film", "Shown", "anonymized_film"]

#: Frames over which one drawing of the body passes into the next.
_SEAM = 12
#: Standard deviation, in pixels of the crop, that takes the fraying off a drawn outline.
_OUTLINE = 1.2
#: Frames painted at a time: what is held of whole pictures.
_TOGETHER = 24


@dataclass(frozen=True)
class Shown:
    """One frame of the new film.

    Parameters
    ----------
    picture : uint8 array (H, W, 3)
    old, new : bool arrays (H, W) or None
        The silhouettes of the filmed and of the new people; None where they are not asked for.
    """

    picture: NDArray[np.uint8]
    old: NDArray[np.bool_] | None = None
    new: NDArray[np.bool_] | None = None


@dataclass
class Film:
    """How a clip is anonymized, and what came of it.

    Parameters
    ----------
    path : Path
    scene : Scene
    anonymizer : Anonymizer
    colorizer : Colorizer
    seed : int
        Of the bodies that are drawn.
    rate : float
        Frames a second.
    counts : Counts
        What was found.
    people : list of Appearance
        Everybody who appears.
    hidden : int
        Frames in which only a part of somebody is seen whose size nobody knows: taken out, and not painted.
    """

    path: Path
    scene: Scene
    anonymizer: Anonymizer
    colorizer: Colorizer
    seed: int
    rate: float
    counts: Counts = field(default_factory=Counts)
    people: list[Appearance] = field(default_factory=list)
    hidden: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the frames."""
        return self.scene.picture.shape[0], self.scene.picture.shape[1]


@dataclass(frozen=True)
class _Painted:
    """Somebody in one frame: both silhouettes and the colours in a box."""

    number: int
    old: NDArray[np.bool_]
    new: NDArray[np.bool_]
    colours: NDArray[np.uint8]
    box: NDArray[np.float32]


def anonymized_film(
    film: Film, *, masks: bool = False, progress: Callable[[float, str], None] | None = None
) -> Iterator[Shown]:
    """The new film, one frame at a time, in the memory of a few seconds of it.

    Parameters
    ----------
    film : Film
    masks : bool
        Give whole-frame silhouettes too.
    progress : callable, optional

    Raises
    ------
    DataError
        If nobody is seen in the whole clip, or in too few frames.
    """
    tell = progress or (lambda share, text: None)
    with tempfile.TemporaryDirectory(prefix="gaitbench-anonymize-") as folder:
        film.people, film.counts = find_people(
            film.path, film.scene, film.rate, Path(folder), lambda s: tell(0.4 * s, "looking for people")
        )
        if film.counts.people < max(3, 0.005 * film.counts.frames):
            raise DataError(
                f"{film.path.name}: nobody is seen in it ({film.counts.people} of {film.counts.frames} frames); "
                "nothing is written"
            )
        frames, total = iter_video(film.path), film.counts.frames
        waiting, here = list(film.people), list[_Person]()
        for start in range(0, total, _TOGETHER):
            stop = min(total, start + _TOGETHER)
            pictures = [next(frames) for _ in range(start, stop)]
            while waiting and waiting[0].first < stop:
                here.append(_Person(film, waiting.pop(0)))
            # who is larger is nearer, and stands before the others
            here.sort(key=lambda one: one.appearance.area)
            painted: dict[int, list[_Painted]] = {}
            for person in here:
                for one in person.painted(start, stop, pictures):
                    painted.setdefault(one.number, []).append(one)
            here = [person for person in here if person.appearance.last >= stop]
            for number, picture in enumerate(pictures, start):
                yield _shown(film, picture, painted.get(number, []), masks)
            tell(0.4 + 0.6 * stop / total, f"frame {stop} of {total}")


class _Person:
    """Somebody who is in the picture, painted a few frames at a time."""

    def __init__(self, film: Film, appearance: Appearance) -> None:
        self.appearance = appearance
        self._film = film
        self._pieces = pieces(appearance.seen(), film.size, film.rate)
        self._piece: Piece | None = None
        self._drawn: NDArray[np.bool_] | None = None
        self._tail: NDArray[np.bool_] | None = None

    def painted(self, start: int, stop: int, pictures: list[NDArray[np.uint8]]) -> Iterator[_Painted]:
        """In the frames `start` to `stop`, whose pictures these are."""
        while True:
            if self._piece is None or self._piece.end <= start:
                following = next(self._pieces, None)
                if following is None:
                    return
                self._begin(following)
                continue
            yield from self._rows(self._piece, start, stop, pictures)
            if self._piece.end >= stop:
                return
            pictures, start = pictures[self._piece.end - start :], self._piece.end

    def _begin(self, piece: Piece) -> None:
        self._piece, self._drawn = piece, None
        self._film.hidden += piece.hidden
        if piece.stretch is None:
            self._tail = None
            return
        rng = np.random.default_rng([self._film.seed, self.appearance.person])
        drawn = anonymized_masks(self._film.anonymizer, piece.stretch, rng)
        core = piece.core
        if self._tail is not None:
            seam = slice(core.start, min(core.start + len(self._tail), core.stop))
            drawn[seam] = joined(self._tail[: seam.stop - seam.start], drawn[seam])
        after = drawn[core.stop : core.stop + min(_SEAM, CONTEXT)]
        self._tail = after if len(after) else None
        self._drawn = drawn

    def _rows(
        self, piece: Piece, start: int, stop: int, pictures: list[NDArray[np.uint8]]
    ) -> Iterator[_Painted]:
        whole, drawn = piece.stretch, self._drawn
        if whole is None or drawn is None:
            return
        rows = np.arange(piece.core.start, piece.core.stop)
        rows = rows[(whole.numbers[rows] >= start) & (whole.numbers[rows] < stop)]
        if not len(rows):
            return
        some = Stretch(whole.numbers[rows], whole.silhouettes[rows], whole.boxes[rows], whole.view)
        shown = [pictures[n - start] for n in some.numbers]
        crops = painted_crops(self._film.colorizer, some, drawn[rows], shown)
        for row, number, colours in zip(rows.tolist(), some.numbers.tolist(), crops, strict=True):
            yield _Painted(number, whole.silhouettes[row], drawn[row], colours, whole.boxes[row])


def _shown(film: Film, picture: NDArray[np.uint8], people: list[_Painted], masks: bool) -> Shown:
    """One frame: the empty scene in its light, and the people, those who are farther away first."""
    shown = film.scene.relit(picture)
    for one in people:
        put_over(shown, one.colours, one.new, one.box)
    if not masks:
        return Shown(shown)
    old, new = np.zeros(film.size, bool), np.zeros(film.size, bool)
    for one in people:
        for whole, crop in ((old, one.old), (new, one.new)):
            whole |= uncrop(crop[None], one.box[None], film.size)[0]
    return Shown(shown, old, new)


def put_over(
    scene: NDArray[np.uint8], painted: NDArray[np.uint8], mask: NDArray[np.bool_], box: NDArray[np.float32]
) -> None:
    """Put a painted person over a picture, in place; the outline is smooth at the picture's resolution.

    Parameters
    ----------
    scene : uint8 array (H, W, 3)
    painted : uint8 array (h, w, 3)
        With colours beyond the outline, see `gaitbench.datasets.silhouettes.colour_padding.widen_colours`.
    mask : bool array (h, w)
    box : float array (4,)
    """
    assert painted.shape[:2] == SIZE
    size = (scene.shape[0], scene.shape[1])
    region, coverage = placed_coverage(mask, box, size, smooth=_OUTLINE)
    if not coverage.size:
        return
    _, colours = placed_picture(painted, box, size)
    under = scene[region].astype(np.float32)
    under += coverage[..., None] * (colours.astype(np.float32) - under)
    scene[region] = np.rint(under).astype(np.uint8)
