"""Pairs of videos as `evaluate` reads data: originals with silhouettes and colours, and their counterparts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.pairs.frame_counts import FrameCounts
from gaitbench.clips.pairs.laid_out import FilmOriginals, FilmShown
from gaitbench.clips.pairs.reading import FilmPair, read_pair_files
from gaitbench.clips.pairs.table import FilmPairs
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import Counterparts, Problem
from gaitbench.datasets.sources.casia_layout import Layout
from gaitbench.datasets.sources.tables.manifest import ManifestSet
from gaitbench.datasets.video import frame_rate, iter_video
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import DataError
from gaitbench.store import Store

__all__ = ["FilmData", "film_data"]


@dataclass
class FilmData:
    """What `evaluate` needs of pairs of videos.

    Parameters
    ----------
    originals : FilmOriginals
    counterparts : Counterparts
    problems : list of Problem
        What was wrong, one line each.
    said : list of str
        Lines that stand first: how many frames were judged, and why others were not.
    """

    originals: FilmOriginals
    counterparts: Counterparts
    problems: list[Problem] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def film_data(
    pairs: FilmPairs,
    workspace: Path,
    store: Store,
    jobs: int,
    progress: Callable[[float, str], None] = lambda share, text: None,
) -> FilmData:
    """Read pairs of videos and lay their silhouettes out below a workspace, from where everything else reads them.

    Parameters
    ----------
    pairs : FilmPairs
    workspace : Path
        An empty folder that lasts as long as the run.
    store : Store
        Keeps what was extracted.
    jobs : int
        Worker processes.
    progress : callable, optional

    Raises
    ------
    DataError
        If no original can be used, or no video after a tool.
    """
    problems = list(pairs.problems)
    frames = FrameCounts()
    layout = Layout(pairs.root, junk=pairs.junk, left_out=list(pairs.left_out))
    silhouettes: dict[SequenceKey, Path] = {}
    painted: dict[SequenceKey, Path] = {}
    refused: dict[SequenceKey, tuple[str, str]] = {}
    notes: dict[SequenceKey, tuple[str, ...]] = {}
    for one in read_pair_files(pairs, store, jobs, progress):
        cell, after = f"key={one.key}", pairs.after.get(one.key)
        if one.failed_before:
            problems.append(Problem("original", cell, f"{one.key}: original {one.failed_before}"))
            continue
        layout.silhouettes[one.key] = _written(workspace / "original" / str(one.key), one.before)
        layout.videos[one.key] = pairs.before[one.key]
        frames.add(one)
        problems += [Problem("doubt", cell, f"{one.key}: {text}") for text in one.doubts]
        if after is None:
            problems.append(Problem("missing", cell, f"{one.key}: no anonymized counterpart"))
            continue
        if one.failed_after:
            refused[one.key] = ("film", f"{one.key}: anonymized {one.failed_after}")
            problems.append(Problem("film", cell, refused[one.key][1]))
            continue
        notes[one.key] = tuple(f"{side}: {text}" for side, text in one.notes)
        silhouettes[one.key] = _written(workspace / "anonymized" / str(one.key), one.after)
        painted[one.key] = after
        if len(one.matched):
            painted[one.key] = _retimed(workspace / "pictures" / f"{one.key}.avi", one, pairs)
    if not layout.silhouettes or not silhouettes:
        side = "original" if not layout.silhouettes else "anonymized"
        raise DataError(f"no {side} video can be judged; first: {problems[0].message}")
    for key in sorted(set(pairs.after) - set(pairs.before)):
        place = pairs.after[key]
        silhouettes[key] = place  # without an original: named, and not judged
    originals = FilmOriginals(pairs.root, layout, {})
    shown = FilmShown(workspace, Layout(workspace, {k: p for k, p in silhouettes.items() if p.is_dir()}), {})
    marks = "-".join(
        one.fingerprint() for one in (shown, ManifestSet(workspace, Layout(workspace, {}, painted), {}))
    )
    counterparts = Counterparts(
        silhouettes, painted, marks, bool(painted), refused=refused, notes=notes,
        sources=dict(pairs.after), source=shown,
    )  # fmt: skip
    return FilmData(originals, counterparts, problems, frames.lines())


def _written(folder: Path, pictures: dict[int, bytes]) -> Path:
    folder.mkdir(parents=True)
    for number, content in pictures.items():
        (folder / f"{number:06d}.png").write_bytes(content)
    return folder


def _retimed(place: Path, one: FilmPair, pairs: FilmPairs) -> Path:
    """The video after the tool with the frames and the size of the original's, without further loss."""
    first = next(iter_video(pairs.before[one.key], 1))
    size = (first.shape[1], first.shape[0])
    repeats = Counter(one.matched.tolist())

    def frames() -> Iterator[NDArray[np.uint8]]:
        for number, frame in enumerate(iter_video(pairs.after[one.key]), start=1):
            if repeats[number]:
                shown = frame if frame.shape == first.shape else _resized(frame, size)
                for _ in range(repeats[number]):
                    yield shown

    write_lossless_avi(place, frames(), frame_rate(pairs.before[one.key]) or 25.0)
    return place


def _resized(frame: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    smaller = size[0] < frame.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(frame, size, interpolation=how), np.uint8)
