"""What originals of any format say beside their silhouettes: frame numbers, colours, and what is not read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.plain_source import PlainSource
from gaitbench.datasets.sources.tree import LeftOut

__all__ = [
    "background_of",
    "clips_of",
    "colours_of",
    "has_silhouettes",
    "junk_of",
    "left_out_of",
    "numbers_of",
]


def has_silhouettes(data: Dataset, key: SequenceKey) -> bool:
    """Whether a sequence comes with silhouettes; else they would have to be extracted from a video."""
    return key in data.layout.silhouettes if isinstance(data, CasiaB) else True


def numbers_of(data: Dataset, key: SequenceKey) -> Sequence[int]:
    """Numbers of all frames of a sequence's silhouettes, those that show nobody among them, ascending.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    if isinstance(data, CasiaB):
        return list(frame_files(data.layout.silhouettes[key]).files)
    if isinstance(data, PlainSource):
        return data.numbers(key)
    return [int(n) for n in data.load(key, video=False).frame_numbers]


def clips_of(data: Dataset) -> Mapping[SequenceKey, Path]:
    """Videos of the originals."""
    return data.layout.videos if isinstance(data, CasiaB) else {}


def colours_of(data: Dataset) -> set[SequenceKey]:
    """Sequences whose colours are known, from videos or from frames."""
    return {*clips_of(data), *getattr(data, "frames", {})}


def background_of(data: Dataset, key: SequenceKey) -> Path | None:
    """The clip of the empty scene of a sequence."""
    return data.layout.background(key) if isinstance(data, CasiaB) else None


def left_out_of(data: Dataset) -> Sequence[LeftOut]:
    """Files and folders that are not read."""
    if isinstance(data, CasiaB):
        return data.layout.left_out
    if isinstance(data, PlainSource):
        data.keys()  # found while the files are looked through
        return data.left_out
    return ()


def junk_of(data: Dataset) -> int:
    """Files that systems leave behind."""
    return data.layout.junk if isinstance(data, CasiaB) else 0
