"""A sequence as files of a layout, frame by frame: in the memory of one frame."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.containers.archive import MOST_BYTES
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.imported.notes import SequenceNote, sequence_place
from gaitbench.datasets.sources.imported.tree import background_stem, silhouettes_place
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import DataError
from gaitbench.importing.asked import Asked
from gaitbench.importing.placing import put_file, put_folder
from gaitbench.store.atomic import write_bytes, write_whole

__all__ = ["Clip", "Silhouettes", "strip_place", "write_sequence"]


@dataclass(frozen=True)
class Silhouettes:
    """The silhouettes of a sequence, read when they are wanted.

    Parameters
    ----------
    size : (int, int)
        Height and width.
    numbers : int array (T,)
        1-based, on the clock of 25 a second.
    masks : callable
        Gives T bool arrays (H, W).
    aligned : bool
    """

    size: tuple[int, int]
    numbers: NDArray[np.int32]
    masks: Callable[[], Iterable[NDArray[np.bool_]]]
    aligned: bool = False


@dataclass(frozen=True)
class Clip:
    """Colours: a file that is copied, or frames, uint8 (H, W, 3), at 25 a second."""

    file: Path | None = None
    frames: Callable[[], Iterable[NDArray[np.uint8]]] | None = None


def write_sequence(
    asked: Asked,
    key: SequenceKey,
    found: Silhouettes,
    note: SequenceNote,
    strip: bytes,
    colours: Clip | None = None,
    background: Clip | None = None,
) -> None:
    """Write everything of a sequence, its note last: it is there when that is.

    Raises
    ------
    DataError
        If something else is in its place, or the disk is full or not writable.
    """
    try:
        if asked.layout == "npz":
            _write_npz(asked.dest / f"{key}.npz", found, key)
        else:
            for clip, stem in ((background, background_stem(key)), (colours, str(key))):
                if clip is not None:
                    _write_clip(asked.dest / "video", stem, clip)
            _write_tree(asked.dest, key, found)
        place = sequence_place(asked.dest, key)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(strip_place(asked.dest, key), strip, shared=True)
        write_bytes(place, msgspec.json.format(msgspec.json.encode(note), indent=1) + b"\n")
    except OSError as error:
        raise DataError(
            f"{key}: cannot be written below {asked.dest} ({error.strerror or error}); free some space, or shorten "
            "the name, and run again"
        ) from None


def strip_place(root: Path, key: SequenceKey) -> Path:
    """The picture of some frames of a sequence."""
    return sequence_place(root, key).with_suffix(".png")


def _write_tree(root: Path, key: SequenceKey, found: Silhouettes) -> None:
    def fill(folder: Path) -> None:
        for number, mask in zip(found.numbers.tolist(), found.masks(), strict=True):
            done, content = cv2.imencode(".png", mask.view(np.uint8) * np.uint8(255))
            assert done
            (folder / f"{key}-{number:03d}.png").write_bytes(content.tobytes())

    put_folder(root / silhouettes_place(key), fill)


def _write_npz(place: Path, found: Silhouettes, key: SequenceKey) -> None:
    shape = (len(found.numbers), *found.size)
    if int(np.prod(shape)) > MOST_BYTES:
        raise DataError(
            f"{key}: {shape[0]} silhouettes of {shape[2]} x {shape[1]} pixels are more than an .npz may hold "
            f"({MOST_BYTES >> 20} MB); import them as a tree (--to casia-b)"
        )

    def write(part: Path) -> None:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
            small = {"frame_numbers": found.numbers.astype(np.int32), "aligned": np.array(found.aligned)}
            for name, array in small.items():
                with file.open(_dated(name), "w") as stream:
                    np.lib.format.write_array(stream, array, allow_pickle=False)
            with file.open(_dated("silhouettes"), "w", force_zip64=True) as stream:
                head = {"descr": "|u1", "fortran_order": False, "shape": shape}
                np.lib.format.write_array_header_1_0(stream, head)
                for mask in found.masks():
                    stream.write((mask.view(np.uint8) * np.uint8(255)).tobytes())

    put_file(place, write)


def _dated(name: str) -> zipfile.ZipInfo:
    """A member whose date is fixed, so that the same sequence gives the same bytes."""
    info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _write_clip(folder: Path, stem: str, clip: Clip) -> None:
    if clip.file is not None:
        source = clip.file
        put_file(folder / f"{stem}{source.suffix}", lambda part: _copied(source, part))
    elif clip.frames is not None:
        frames = clip.frames
        put_file(folder / f"{stem}.avi", lambda part: write_lossless_avi(part, frames(), RATE))


def _copied(source: Path, part: Path) -> None:
    shutil.copyfile(source, part)


def at_every_number(
    frames: Iterable[NDArray[np.uint8]], numbers: Iterable[int], total: int
) -> Iterator[NDArray[np.uint8]]:
    """A video of `total` frames: frame `numbers[i]` is `frames[i]`, one that is missing repeats the one before."""
    shown: NDArray[np.uint8] | None = None
    at = 0
    for frame, number in zip(frames, numbers, strict=True):
        for _ in range(at + 1, number):
            yield frame if shown is None else shown
        shown, at = frame, number
        yield frame
    for _ in range(at, total):
        assert shown is not None
        yield shown
