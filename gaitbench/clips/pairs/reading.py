"""A pair of videos as an artifact of the store: silhouettes of both, frame by frame, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.pairs.masks import LEAST_SEEN, FilmMasks, film_masks
from gaitbench.clips.pairs.matching import match_frames, nearest_frames
from gaitbench.clips.pairs.table import FilmPairs
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError
from gaitbench.processes import worker_pool
from gaitbench.store import Store, closure_digest, digest
from gaitbench.store.file_hashes import content_hashes

__all__ = ["FilmPair", "read_pair_files"]


@dataclass(frozen=True)
class FilmPair:
    """What was found in two videos; a side that failed has no pictures.

    Parameters
    ----------
    key : SequenceKey
    before, after : dict of int to bytes
        Number of the original's frame -> silhouette as PNG, of the original's size. Both have the same numbers, unless
        the other side failed.
    matched : int array (N,)
        For each frame of the original's video the 1-based number of the frame after the tool that shows it; empty where
        they are the same and of one size, so that the video itself can be read.
    failed_before, failed_after : str
        Why nothing was found; "" where something was.
    doubts : tuple of str
        What is wrong, one line each, with the side that it is about.
    notes : tuple of (str, str)
        Side (``original`` or ``anonymized``) and how it was read.
    frames : int
        Of the video before the tool.
    left_out : dict of str to int
        Reason -> frames of it that are not judged.
    empty : int
        Frames that are judged in which nobody is found after the tool.
    """

    key: SequenceKey
    before: dict[int, bytes]
    after: dict[int, bytes]
    matched: NDArray[np.int64]
    failed_before: str
    failed_after: str
    doubts: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    frames: int
    left_out: dict[str, int]
    empty: int


def read_pair_files(
    pairs: FilmPairs,
    store: Store,
    jobs: int,
    progress: Callable[[float, str], None] = lambda share, text: None,
) -> Iterator[FilmPair]:
    """Read every pair, in `jobs` processes; what the store has is not made again. One is in memory at a time.

    Raises
    ------
    DataError
        If a file cannot be read from the disk.
    """
    keys = sorted(pairs.before)
    places = [(pairs.before[key], pairs.after.get(key)) for key in keys]
    try:
        hashes = iter(content_hashes([p for both in places for p in both if p is not None]))
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read ({error.strerror}); check the disk") from error
    code = closure_digest(_make)
    marks = [[next(hashes) for p in both if p is not None] for both in places]
    tasks = [digest("films", str(key), *mark, code) for key, mark in zip(keys, marks, strict=True)]
    todo = [i for i, task in enumerate(tasks) if not store.has("films", task)]
    if todo:
        from joblib import delayed

        work = (delayed(_make)(store, tasks[i], *places[i]) for i in todo)
        pool = worker_pool(jobs, len(todo), return_as="generator")
        for done, _ in enumerate(pool(work), start=1):
            progress(done / len(todo), f"{done} of {len(todo)} pairs of videos")
    yield from (_loaded(key, store, task) for key, task in zip(keys, tasks, strict=True))


def _loaded(key: SequenceKey, store: Store, task: str) -> FilmPair:
    arrays, meta = store.expect("films", task)
    numbers = arrays["numbers"].tolist()

    def pictures(side: str) -> dict[int, bytes]:
        blob, ends = arrays[side].tobytes(), [0, *arrays[f"{side} ends"].tolist()]
        return {n: blob[ends[i] : ends[i + 1]] for i, n in enumerate(numbers) if i + 1 < len(ends)}

    return FilmPair(
        key, pictures("before"), pictures("after"), arrays["matched"].astype(np.int64), meta["failed"][0],
        meta["failed"][1], tuple(meta["doubts"]), tuple((side, text) for side, text in meta["notes"]),
        meta["frames"], meta["left_out"], meta["empty"],
    )  # fmt: skip


def _make(store: Store, task: str, before: Path, after: Path | None) -> None:
    """Read one pair (runs in a worker)."""
    doubts: list[str] = []
    notes: list[list[str]] = []
    failed = ["", ""]
    films: list[FilmMasks | None] = [None, None]
    for i, (path, side) in enumerate(((before, "original"), (after, "anonymized"))):
        met = None if films[0] is None else _met_by(films[0])
        try:
            found = None if path is None else film_masks(path, met)
        except DataError as error:
            failed[i] = str(error)
            continue
        films[i] = found
        if path is not None and found is not None:
            doubts += [f"{side} {path.name}: {text}" for text in found.doubts]
            notes += [[side, text] for text in found.notes]
    original, shown = films
    sides: list[list[bytes]] = [[], []]
    numbers: NDArray[np.int32] = np.zeros(0, np.int32)
    matched = np.zeros(0, np.int64)
    left_out: dict[str, int] = {}
    empty = 0
    if original is not None:
        numbers = np.array(original.walk, np.int32)
        left_out = original.left_out
        if shown is not None and after is not None:
            match = match_frames(original.walk, original.times, shown.times)
            if len(match.numbers) < LEAST_SEEN:
                failed[1] = f"{after.name}: {match.said or 'no frame meets one of the original'}; too few"
                shown = None
            else:
                numbers = match.numbers
                doubts += [f"{after.name}: {match.said}"] if match.said else []
                left_out["that no frame after the tool meets in time"] = len(original.walk) - len(numbers)
                empty = sum(n not in shown.pictures for n in match.other.tolist())
                sides[1], matched = _placed(original, shown, match.other, after, doubts)
        sides[0] = [original.pictures[n] for n in numbers.tolist()]
    arrays: dict[str, NDArray[Any]] = {"numbers": numbers, "matched": matched}
    for name, pngs in zip(("before", "after"), sides, strict=True):
        arrays[name] = np.frombuffer(b"".join(pngs), np.uint8)
        arrays[f"{name} ends"] = np.cumsum([len(one) for one in pngs], dtype=np.int64)
    told = {
        "failed": failed, "doubts": doubts, "notes": notes, "frames": 0 if original is None else len(original.times),
        "left_out": left_out, "empty": empty,
    }  # fmt: skip
    store.save("films", task, arrays, told)


def _met_by(original: FilmMasks) -> Callable[[NDArray[np.float64]], list[int]]:
    """Times of a video after the tool -> numbers of its frames that the original's walk meets."""
    return lambda times: match_frames(original.walk, original.times, times).other.tolist()


def _placed(
    original: FilmMasks, shown: FilmMasks, other: NDArray[np.int32], after: Path, doubts: list[str]
) -> tuple[list[bytes], NDArray[np.int64]]:
    """Silhouettes after the tool in the original's size, and which frame shows which where that is not plain."""
    nobody = np.zeros(shown.size, np.uint8)
    black = cv2.imencode(".png", nobody)[1].tobytes()
    found = [shown.pictures.get(n, black) for n in other.tolist()]
    same_size = original.size == shown.size
    if not same_size:
        (h, w), (height, width) = shown.size, original.size
        odd = "" if abs(w * height / (h * width) - 1) < 0.02 else ", of another shape"
        doubts.append(f"{after.name}: {w} x {h} pixels, the original has {width} x {height}{odd}: scaled")
        found = [_scaled(png, original.size) for png in found]
    if same_size and len(original.times) == len(shown.times):
        return found, np.zeros(0, np.int64)
    if len(original.times) == len(shown.times):
        return found, np.arange(1, len(original.times) + 1, dtype=np.int64)
    return found, nearest_frames(original.times, shown.times).astype(np.int64) + 1


def _scaled(png: bytes, size: tuple[int, int]) -> bytes:
    read = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert read is not None
    grown = cv2.resize(read, size[::-1], interpolation=cv2.INTER_LINEAR)
    content: bytes = cv2.imencode(".png", (grown >= 128).astype(np.uint8) * np.uint8(255))[1].tobytes()
    return content
