"""Crops that somebody else aligned, read as small frames and cut again by the silhouettes' own box. Ours.

An attacker who has crops alone aligns what he sees. Were they taken as they are, a tool that moves or shrinks people
within the crop would seem to hide them; so where a tool is judged both sides are cut again, alike.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any, ClassVar

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.npz import NpzFolder
from gaitbench.datasets.sources.opengait import OpenGait
from gaitbench.datasets.sources.plain_source import Levels, PlainSource
from gaitbench.errors import DataError

__all__ = ["CutAgain", "cut_again"]


class CutAgain(PlainSource):
    """The part of a source of crops that hands them out as frames."""

    #: Frames are crops: two sources need not have one size, and nothing says where in a picture a person stood.
    crops: ClassVar[bool] = True

    def fingerprint(self) -> str:
        """Another than that of the same crops taken as they are: figures of the two do not compare."""
        return hashlib.sha256(f"cut again {super().fingerprint()}".encode()).hexdigest()

    def _read(self, key: SequenceKey, place: Any) -> Levels:
        found = super()._read(key, place)
        if not found.aligned:
            return found
        height, width = found.levels.shape[1:]
        said = f"crops by others of {width} x {height} pixels, cut again by the silhouettes' own box"
        return replace(found, aligned=False, notes=(*found.notes, said))


class OpenGaitCutAgain(CutAgain, OpenGait):
    """OpenGait's tree, cut again."""


class NpzCutAgain(CutAgain, NpzFolder):
    """npz whose crops are cut again."""


_AGAIN: dict[type, type[CutAgain]] = {OpenGait: OpenGaitCutAgain, NpzFolder: NpzCutAgain}


def cut_again(data: Dataset) -> Dataset:
    """The source itself where it holds whole frames, by its first sequence, else the same files to be cut again.

    Raises
    ------
    DataError
        If a third party's source gives crops.
    """
    kind = _AGAIN.get(type(data))
    if kind is OpenGaitCutAgain:
        return _opened(kind, data)
    keys = data.keys()
    if not keys:
        return data
    try:
        held = data.held(keys[0]) if isinstance(data, PlainSource) else data.load(keys[0], video=False)
    except DataError:
        return data  # named when the sequence is judged
    if not held.aligned:
        return data
    if kind is None:
        raise DataError(
            f"{data.name} gives crops that somebody aligned, which cannot be cut again; hand in whole frames, or the "
            "crops as npz or in OpenGait's tree"
        )
    return _opened(kind, data)


def _opened(kind: type[CutAgain], data: Any) -> CutAgain:
    return kind(data.root, **data.settings())
