"""A clip anonymized frame by frame: the new person over the empty scene.

Nothing of the filmed frame is left but its light and the colours of the clothes: the whole picture is the empty scene,
so that no rim, no shadow and no limb that the extraction missed shows the old body. What moved besides the person is
gone with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.painting import SIZE, Stretch, anonymized_masks, joined, painted_crops
from gaitbench.clips.scene import Scene
from gaitbench.clips.stretches import CONTEXT, Piece, Seen, pieces
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
        The silhouettes of the filmed and of the new person; None where they are not asked for.
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
    seen : Seen
        Counts of what was found, complete when the film is.
    hidden : int
        Frames in which only a part of somebody is seen whose size nobody knows: taken out, and not painted.
    """

    path: Path
    scene: Scene
    anonymizer: Anonymizer
    colorizer: Colorizer
    seed: int
    rate: float
    seen: Seen
    hidden: int = 0


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
        If nobody is seen in the whole clip, or in too few frames; the film is not finished then.
    """
    frames = iter_video(film.path)
    start, tail, track = 0, None, -1
    for piece in pieces(iter_video(film.path), film.scene, film.rate, film.seen):
        film.hidden += piece.hidden
        drawn: NDArray[np.bool_] | None = None
        if piece.stretch is not None:
            rng = np.random.default_rng([film.seed, piece.track])
            drawn = anonymized_masks(film.anonymizer, piece.stretch, rng)
            if tail is not None and piece.track == track:
                seam = slice(piece.core.start, min(piece.core.start + len(tail), piece.core.stop))
                drawn[seam] = joined(tail[: seam.stop - seam.start], drawn[seam])
            tail = (
                drawn[piece.core.stop : piece.core.stop + min(_SEAM, CONTEXT)]
                if len(drawn) > piece.core.stop
                else None
            )
            track = piece.track
        while start < piece.end:
            stop = min(piece.end, start + _TOGETHER)
            yield from _shown(film, piece, drawn, frames, start, stop, masks)
            start = stop
            if progress is not None:
                progress(start / film.scene.frames, f"frame {start} of {film.scene.frames}")
    if film.seen.people < max(3, 0.005 * film.seen.frames):
        raise DataError(
            f"{film.path.name}: nobody is seen in it ({film.seen.people} of {film.seen.frames} frames); nothing is "
            "written"
        )


def _shown(
    film: Film,
    piece: Piece,
    drawn: NDArray[np.bool_] | None,
    frames: Iterator[NDArray[np.uint8]],
    start: int,
    stop: int,
    masks: bool,
) -> Iterator[Shown]:
    """Frames `start` to `stop` of a piece."""
    pictures = [next(frames) for _ in range(start, stop)]
    whole, painted, rows = piece.stretch, {}, np.zeros(0, np.intp)
    size = (film.scene.picture.shape[0], film.scene.picture.shape[1])
    if whole is not None and drawn is not None:
        rows = np.arange(piece.core.start, piece.core.stop)
        rows = rows[(whole.numbers[rows] >= start) & (whole.numbers[rows] < stop)]
    if len(rows) and whole is not None and drawn is not None:
        some = Stretch(whole.numbers[rows], whole.silhouettes[rows], whole.boxes[rows], whole.view)
        crops = painted_crops(film.colorizer, some, drawn[rows], [pictures[n - start] for n in some.numbers])
        painted = {
            int(n): (row, one)
            for n, row, one in zip(some.numbers.tolist(), rows.tolist(), crops, strict=True)
        }
    for number, picture in enumerate(pictures, start):
        shown = film.scene.relit(picture)
        if number not in painted or whole is None or drawn is None:
            nobody = np.zeros(size, bool) if masks else None
            yield Shown(shown, nobody, nobody)
            continue
        row, one = painted[number]
        box = whole.boxes[row]
        put_over(shown, one, drawn[row], box)
        if masks:
            old, new = (uncrop(m[row][None], box[None], size)[0] for m in (whole.silhouettes, drawn))
            yield Shown(shown, old, new)
        else:
            yield Shown(shown)


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
