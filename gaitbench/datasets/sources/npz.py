"""One ``.npz`` a sequence: arrays, read without pickle. Ours.

``silhouettes`` (frames, height, width) is needed; ``frame_numbers`` (frames,) and ``aligned`` (true where the
silhouettes are crops that are aligned already) may be there. The file's name is the sequence's: ``007-nm-01-090.npz``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.containers.archive import MOST_BYTES
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.member_source import MemberSource, first_names
from gaitbench.datasets.sources.plain_source import Levels
from gaitbench.errors import DataError

__all__ = ["NpzFolder"]

_KNOWN = {"silhouettes", "frame_numbers", "aligned"}


class NpzFolder(MemberSource):
    """A folder of ``KEY.npz`` (the `Dataset` protocol); folders in it, and archives, are looked through.

    Parameters
    ----------
    root : Path or str
    rate : float, optional
        Frames a second; 25, and said, if not given.
    """

    label = "npz"

    @staticmethod
    def fits(root: Path) -> bool:
        """Files ``KEY.npz``."""
        return any(name.endswith(".npz") and _key(name) is not None for name in first_names(root))

    def _looked_for(self) -> str:
        return "KEY.npz such as 007-nm-01-090.npz"

    def _sequence_of(self, name: str) -> tuple[SequenceKey, int] | None:
        key = _key(name) if name.endswith(".npz") else None
        return None if key is None else (key, 0)

    def _read(self, key: SequenceKey, place: dict[int, str]) -> Levels:
        (content,) = self.members.read([place[0]])
        shown = f"{self.root}/{place[0]}"
        arrays = _arrays(content, shown)
        if "silhouettes" not in arrays:
            raise DataError(
                f"{shown}: has no array silhouettes; it holds {', '.join(sorted(arrays)) or 'none'}"
            )
        levels = arrays["silhouettes"]
        if levels.ndim != 3 or not len(levels):
            raise DataError(f"{shown}: silhouettes of shape {levels.shape}, not (frames, height, width)")
        numbers = arrays.get("frame_numbers", np.arange(1, len(levels) + 1))
        fine = numbers.shape == (len(levels),) and numbers.dtype.kind in "iu"
        if (
            not fine
            or numbers[0] < 1
            or numbers[-1] >= 2**31
            or (np.diff(numbers.astype(np.int64)) <= 0).any()
        ):
            raise DataError(f"{shown}: frame_numbers are not {len(levels)} ascending whole numbers from 1 on")
        aligned = bool(np.all(arrays.get("aligned", np.False_)))
        others = sorted(set(arrays) - _KNOWN)
        notes = (f"arrays beside the silhouettes not read: {', '.join(others)}",) if others else ()
        return Levels(levels, numbers.astype(np.int32), notes, aligned=aligned)


def _key(name: str) -> SequenceKey | None:
    try:
        return SequenceKey.parse(name.rpartition("/")[2].removesuffix(".npz"))
    except DataError:
        return None


def _arrays(content: bytes, name: str) -> Mapping[str, NDArray[Any]]:
    """All arrays of a file; their sizes are looked at before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            if sum(one.file_size for one in held.infolist()) > MOST_BYTES:
                raise DataError(f"{name}: unpacks to more than {MOST_BYTES >> 20} MB; it is not read")
            for one in held.infolist():
                _check_head(held, one.filename, one.file_size, name)
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return {array: np.asarray(file[array]) for array in file.files}
    except DataError:
        raise
    except Exception as error:  # a damaged file shows itself as almost anything
        why = " ".join(str(error).split())[:120]
        if "pickle" in why.lower() or "object" in why.lower():
            raise DataError(
                f"{name}: holds Python objects, which are not read; write numbers alone"
            ) from None
        raise DataError(
            f"{name}: cannot be read as .npz ({why or type(error).__name__}); write it again"
        ) from None


def _check_head(held: zipfile.ZipFile, array: str, size: int, name: str) -> None:
    """Refuse an array whose shape asks for other bytes than there are: numpy would allocate them first."""
    if not array.endswith(".npy"):
        return
    with held.open(array) as stream:
        version = np.lib.format.read_magic(stream)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = read(stream)
    if dtype.hasobject:
        raise DataError(f"{name}: the array {array[:-4]!r} holds Python objects, which are not read")
    asked = dtype.itemsize
    for n in shape:
        asked *= int(n)
    if not 0 <= asked <= size:
        raise DataError(f"{name}: the array {array[:-4]!r} says it is larger than the file; write it again")
