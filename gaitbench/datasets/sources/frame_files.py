"""The pictures of one sequence in a folder: their frame numbers, wherever those stand in the names."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from gaitbench.datasets.sources.tree import of_one_kind
from gaitbench.errors import DataError

__all__ = ["FrameFiles", "frame_files"]

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class FrameFiles:
    """Pictures by frame number, ascending, 1-based.

    Parameters
    ----------
    files : dict of int to Path
    notes : tuple of str
        What was understood or is odd, in a phrase each: counted from 0, numbered by order, gaps.
    """

    files: dict[int, Path]
    notes: tuple[str, ...] = ()


def frame_files(folder: Path) -> FrameFiles:
    """Find the pictures of a folder and their numbers.

    The number is the last group of digits that differs from file to file (``001-nm-01-090-017.png``,
    ``frame_17_mask.png``, ``17.png``); names without such a group are taken in natural order. Numbers from 0 are
    counted from 1. Ours.

    Raises
    ------
    DataError
        If the folder cannot be read, or two files have one number.
    """
    try:
        with os.scandir(folder) as found:
            names = of_one_kind(e.name for e in found)
    except OSError as error:
        raise DataError(f"{folder}: cannot be read ({error.strerror}); check the path") from None
    names.sort(key=_natural)
    numbers, notes = _numbers(folder, names)
    files = dict(sorted(zip(numbers, (folder / name for name in names), strict=True)))
    if files and 0 in files:
        files = {n + 1: path for n, path in files.items()}
        notes.append("frames counted from 0")
    if files and (missing := max(files) - min(files) + 1 - len(files)):
        notes.append(f"{missing} frame numbers missing between the first and the last")
    return FrameFiles(files, tuple(notes))


def _natural(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Order in which 2 comes before 10."""
    return tuple(
        (part.isdecimal() and part.isascii(), int(part) if part.isdecimal() and part.isascii() else 0, part)
        for part in re.split(r"(\d+)", name)
    )


def _numbers(folder: Path, names: list[str]) -> tuple[list[int], list[str]]:
    groups = [[int(d) for d in _DIGITS.findall(Path(n).stem)] for n in names]
    if not names:
        return [], []
    bare = [n for n, g in zip(names, groups, strict=True) if not g]
    if bare and 2 * len(bare) < len(names):
        raise DataError(
            f"{folder / bare[0]}: no frame number in its name, the others have one; CASIA-B writes "
            "001-nm-01-000-017.png; name it so or take it away"
        )
    if all(groups) and len(set(map(len, groups))) == 1:
        places = list(zip(*groups, strict=True))
        for place in reversed(places):
            if len(set(place)) == len(names):
                return list(place), []
        twice = max(places, key=lambda p: len(set(p)))
        if len(set(twice)) > 1:
            number, count = Counter(twice).most_common(1)[0]
            pair = [n for n, v in zip(names, twice, strict=True) if v == number][:2]
            raise DataError(
                f"{folder}: {count} files have the frame number {number} ({', '.join(pair)}); keep one of them"
            )
    if all(groups):
        last = [g[-1] for g in groups]
        if len(set(last)) == len(names):
            return last, []
    return list(range(1, len(names) + 1)), ["no frame numbers in the names, taken in their order"]
