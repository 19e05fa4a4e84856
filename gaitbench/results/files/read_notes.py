"""How sequences were read, in words: notes that differ in a count alone are one line."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["read_lines"]

#: The count of a note that is another for every file.
_COUNT = re.compile(r"(\d+) frame numbers missing")
#: What stands for it while notes are compared; no note holds it.
_MARK = "\0"


def read_lines(read: Mapping[str, int]) -> list[str]:
    """A line for each way in which sequences were read.

    Parameters
    ----------
    read : mapping of str to int
        Note -> how many sequences bear it, as records hold it.

    Examples
    --------
    >>> read_lines({"1 frame numbers missing": 2, "6 frame numbers missing": 3, "at 25 a second": 1})
    ['Read: 5 sequences, 1 to 6 frame numbers missing', 'Read: 1 sequence, at 25 a second']
    """
    groups: dict[str, list[tuple[int, int]]] = {}
    for note, sequences in read.items():
        found = _COUNT.search(note)
        groups.setdefault(_COUNT.sub(_MARK, note), []).append((int(found[1]) if found else 0, sequences))
    lines = []
    for note, held in groups.items():
        low, high = min(held)[0], max(held)[0]
        sequences = sum(count for _, count in held)
        said = note.replace(_MARK, f"{low if low == high else f'{low} to {high}'} frame numbers missing")
        lines.append(f"Read: {sequences} sequence{'' if sequences == 1 else 's'}, {said}")
    return lines
