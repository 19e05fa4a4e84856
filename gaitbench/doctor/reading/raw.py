"""A sequence as its files hold it, each picture read once: what can be read, and why the rest cannot."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import singledispatch
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.imported.notes import read_sequence_note
from gaitbench.datasets.sources.imported.tree import ImportedSet
from gaitbench.datasets.sources.member_source import MemberSource
from gaitbench.datasets.sources.pattern import PatternFolder
from gaitbench.errors import DataError
from recognizer.gait_energy.mask_files import MaskError, decode, decode_content

__all__ = ["Raw", "read_raw"]

#: What the sources say of gaps; here they are counted.
_GAPS = "frame numbers missing"


@dataclass
class Raw:
    """A sequence before anything is made of it.

    Parameters
    ----------
    place : str
        Where it lies.
    numbers : list of int
        Frame numbers, ascending.
    pictures : list of array or None
        As decoded, (H, W) or (H, W, C); None where a file is no picture.
    unreadable : list of str
        Names of those files.
    refused, why : str
        Kind of the fault, and the reader's line, where nothing can be read.
    aligned : bool
    levels : bool
        The pictures are levels of an array, not files.
    notes : tuple of str
        How the source read it, where that was not plain.
    """

    place: str
    numbers: list[int] = field(default_factory=list)
    pictures: list[NDArray[Any] | None] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    refused: str = ""
    why: str = ""
    aligned: bool = False
    levels: bool = False
    notes: tuple[str, ...] = ()


@singledispatch
def read_raw(dataset: Dataset, key: SequenceKey) -> Raw | None:
    """Read a sequence; None where it has no silhouettes of its own, or only the source knows how they are read.

    Nothing is raised: what cannot be read is part of the answer.
    """
    return None


@read_raw.register
def _(dataset: CasiaB, key: SequenceKey) -> Raw | None:
    folder = dataset.layout.silhouettes.get(key)
    if folder is None:
        return None
    raw = Raw(_below(folder, Path(dataset.root)))
    try:
        found = frame_files(folder)
    except DataError as error:
        raw.refused, raw.why = "numbers", str(error)
        return raw
    raw.notes = tuple(note for note in found.notes if _GAPS not in note)
    for number, path in found.files.items():
        raw.numbers.append(number)
        _add(raw, path.name, lambda path=path: decode(path))
    return raw


@read_raw.register
def _(dataset: ImportedSet, key: SequenceKey) -> Raw | None:
    raw = read_raw.dispatch(CasiaB)(dataset, key)
    if raw is not None:
        raw.aligned = read_sequence_note(Path(dataset.root), key).aligned
        raw.levels = True  # as they were written: nothing is taken off them
    return raw


@read_raw.register
def _(dataset: PatternFolder, key: SequenceKey) -> Raw:
    files = dataset.places[key]
    numbers = sorted(files)
    names = [files[n] for n in numbers]
    raw = Raw(os.path.commonpath([n.rpartition("/")[0] or "." for n in names]))
    from_zero = int(numbers[0] == 0)
    raw.notes = ("frames counted from 0",) if from_zero else ()
    for number, name, content in zip(numbers, names, _contents(dataset, names), strict=True):
        raw.numbers.append(number + from_zero)
        _add(raw, name, lambda content=content, name=name: decode_content(content, name))
    return raw


@read_raw.register
def _(dataset: MemberSource, key: SequenceKey) -> Raw:
    place = dataset.places[key]
    raw = Raw(next(iter(place.values())))
    try:
        found = dataset._read(key, place)
    except DataError as error:
        raw.refused, raw.why = "unreadable", str(error)
        return raw
    raw.numbers = found.numbers.tolist()
    raw.pictures = list(found.levels)
    raw.aligned, raw.levels, raw.notes = found.aligned, True, found.notes
    return raw


def _contents(dataset: MemberSource, names: list[str]) -> list[bytes]:
    """Contents of files; of one that cannot be read, none."""
    try:
        return dataset.members.read(names)
    except DataError:
        return [_content(dataset, name) for name in names]


def _content(dataset: MemberSource, name: str) -> bytes:
    try:
        return dataset.members.read([name])[0]
    except DataError:
        return b""


def _add(raw: Raw, name: str, read: Any) -> None:
    try:
        raw.pictures.append(np.asarray(read()))
    except MaskError:
        raw.pictures.append(None)
        raw.unreadable.append(name)


def _below(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
