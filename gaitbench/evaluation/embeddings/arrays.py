"""Embeddings and distances as other programs write them: ``.npz`` files, read without pickle and checked."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError

__all__ = ["Embeddings", "Labels", "labels_of", "read_arrays", "read_embeddings"]

#: What a view may be called.
_ANGLES = ("angle", "view")


@dataclass(frozen=True)
class Labels:
    """Whose sequences the rows of an array are.

    Parameters
    ----------
    keys : tuple of SequenceKey
        One a row.
    """

    keys: tuple[SequenceKey, ...]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Embeddings:
    """What a recognizer made of sequences.

    Parameters
    ----------
    x : float array (n, parts, d)
        A row of NaN or infinity, or of zeros alone, is a sequence that the recognizer could not read.
    labels : Labels
        n of them.
    source : str
        What messages call it.
    fingerprint : str
        Hash of all arrays.
    """

    x: NDArray[np.floating[Any]]
    labels: Labels
    source: str
    fingerprint: str

    @classmethod
    def of(
        cls, embeddings: Any, subject: Any, walk: Any, angle: Any, *, source: str = "embeddings"
    ) -> Embeddings:
        """From arrays.

        Parameters
        ----------
        embeddings : float array (n, d) or (n, parts, d)
        subject, walk : array (n,) of texts or whole numbers
            81 is ``081`` and walk 1 is ``01``.
        angle : array (n,) of whole numbers or texts of them
            Degrees, or any numbering of the views: 0 to 999.

        Raises
        ------
        DataError
            If shapes, types or lengths do not fit, or no row is finite.
        """
        x = np.asarray(embeddings)
        if x.dtype.kind not in "fiu" or x.ndim not in (2, 3) or not x.size:
            raise DataError(
                f"{source}: embeddings are {x.dtype} {x.shape}, not numbers (n, d) or (n, parts, d) with n, d > 0"
            )
        x = x if x.ndim == 3 else x[:, None, :]
        x = np.ascontiguousarray(x, dtype=np.float64 if x.dtype.itemsize > 4 else np.float32)
        labels = labels_of(subject, walk, angle, len(x), source)
        one = cls(x, labels, source, "")
        if not one.usable.any():
            raise DataError(
                f"{source}: all {len(x)} embeddings hold NaN or infinity, or are zeros; look at the recognizer"
            )
        mark = hashlib.sha256(repr(x.shape).encode() + np.ascontiguousarray(x).data)
        mark.update("\n".join(map(str, labels.keys)).encode("utf-8", "replace"))
        return cls(x, labels, source, mark.hexdigest())

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Rows that can be compared, bool (n,): finite, and not zeros alone (no recognizer's answer)."""
        found = np.empty(len(self.x), dtype=bool)
        for start in range(0, len(self.x), 4096):
            rows = self.x[start : start + 4096]
            found[start : start + 4096] = np.isfinite(rows).all(axis=(1, 2)) & rows.any(axis=(1, 2))
        return found

    @property
    def shape(self) -> tuple[int, int]:
        """Parts, and numbers of each."""
        return int(self.x.shape[1]), int(self.x.shape[2])


def labels_of(subject: Any, walk: Any, angle: Any, rows: int, source: str, prefix: str = "") -> Labels:
    """Labels from three arrays.

    Raises
    ------
    DataError
        If they are of another length or type.
    """
    named = {"subject": subject, "walk": walk, "angle": angle}
    texts = {name: _texts(value, f"{source}: {prefix}{name}", rows) for name, value in named.items()}
    angles = {text: _degrees(text, f"{source}: {prefix}angle") for text in set(texts["angle"])}
    subjects = [t.zfill(3) if t.isdigit() else t for t in texts["subject"]]
    walks = [t.zfill(2) if t.isdigit() else t for t in texts["walk"]]
    keys = zip(subjects, walks, texts["angle"], strict=True)
    return Labels(tuple(SequenceKey(s, w, angles[a]) for s, w, a in keys))


def _texts(values: Any, name: str, rows: int) -> list[str]:
    x = np.asarray(values)
    if x.ndim != 1 or len(x) != rows:
        raise DataError(f"{name} has the shape {x.shape}; it must be one label a row, ({rows},)")
    if x.dtype.kind == "f" and np.isfinite(x).all() and np.all(x == np.round(x)):
        x = x.astype(np.int64)
    if x.dtype.kind == "S":
        x = np.char.decode(x, "utf-8")
    if x.dtype.kind == "O" and all(isinstance(v, str | int) for v in x.tolist()):
        x = x.astype(str)
    if x.dtype.kind not in "iuU":
        raise DataError(f"{name} holds {x.dtype}; it must hold texts or whole numbers (names.astype('U'))")
    found = [str(v).strip() for v in x.tolist()]
    bad = next((t for t in found if not t or not t.isprintable() or any(c in t for c in ",=|/\\")), None)
    if bad is not None:
        raise DataError(f"{name} holds {bad!r}; names are letters, digits, - and _")
    return found


def _degrees(text: str, name: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 999:
        raise DataError(f"{name} holds {text!r}, no whole number from 0 to 999; number the views")
    return value


def read_arrays(path: Path, needed: tuple[str, ...]) -> Mapping[str, NDArray[Any]]:
    """All arrays of an ``.npz`` file; nothing in it can run.

    Raises
    ------
    DataError
        If it is missing, damaged, holds objects, or lacks an array.
    """
    if not path.is_file():
        raise DataError(f"{path} is missing; give an .npz file (numpy.savez)")
    try:
        loaded = np.load(path, allow_pickle=False)
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            raise DataError(f"{path} is one array; write named arrays with numpy.savez")
        with loaded as file:
            found = {name: _array(file, name, path) for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise DataError(f"{path} cannot be read as .npz ({error}); write it with numpy.savez") from error
    absent = [name for name in needed if name not in found]
    if absent:
        raise DataError(
            f"{path} has no array {', '.join(absent)}; it holds {', '.join(sorted(found)) or 'none'}"
        )
    return found


def _array(file: Any, name: str, path: Path) -> NDArray[Any]:
    try:
        return np.asarray(file[name])
    except ValueError as error:
        if "pickle" in str(error).lower():
            raise DataError(
                f"{path}: the array {name!r} holds Python objects, which are not read; write texts as "
                f"numpy.asarray({name}, dtype='U') and numbers as float32"
            ) from error
        raise


def read_embeddings(path: Path) -> Embeddings:
    """Read arrays ``embeddings``, ``subject``, ``walk`` and ``angle`` (or ``view``) of an ``.npz`` file.

    Raises
    ------
    DataError
        As `read_arrays` and `Embeddings.of`.
    """
    found = read_arrays(path, ("embeddings", "subject", "walk"))
    angle = next((found[name] for name in _ANGLES if name in found), None)
    if angle is None:
        raise DataError(f"{path} has no array angle (or view); it holds {', '.join(sorted(found))}")
    return Embeddings.of(found["embeddings"], found["subject"], found["walk"], angle, source=str(path))
