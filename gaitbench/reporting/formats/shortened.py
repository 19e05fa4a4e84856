"""Long lists of names in few words: ``081-120`` for forty people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

__all__ = ["shortened"]

#: Names of a list that are printed when no ranges make it shorter.
_MOST = 12
#: As many numbers in a row are a range.
_RUN = 3


def shortened(value: Any) -> str:
    """A value of a protocol for people to read: of a list of numbered names its ranges, of a long list its beginning.

    Examples
    --------
    >>> shortened(["001", "002", "003", "007"])
    "['001-003', '007'] (4)"
    >>> shortened([0, 54, 90]), shortened(28)
    ('[0, 54, 90]', '28')
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        return repr(value)
    if not all(isinstance(one, str) for one in value):
        return _cut([repr(one) for one in value], len(value))
    parts = list(_ranges(value))
    return _cut([repr(one) for one in parts], len(value))


def _ranges(names: Sequence[str]) -> Iterator[str]:
    """Names as they stand, numbers of one width that follow each other as ``first-last``."""

    def place(pair: tuple[int, str]) -> tuple[int, int] | tuple[str, int]:
        index, name = pair
        # what is no number stands alone: no other has its place
        return (len(name), int(name) - index) if name.isascii() and name.isdecimal() else ("", -1 - index)

    for _, group in groupby(enumerate(names), key=place):
        held = [name for _, name in group]
        yield from held if len(held) < _RUN else [f"{held[0]}-{held[-1]}"]


def _cut(words: list[str], count: int) -> str:
    more = f", ... and {len(words) - _MOST} more" if len(words) > _MOST else ""
    shorter = f" ({count})" if len(words) != count or more else ""
    return f"[{', '.join(words[:_MOST])}{more}]{shorter}"
