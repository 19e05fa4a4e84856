"""The name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["close_to", "did_you_mean", "nearest"]


def close_to(name: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> list[str]:
    """Known names that are near to `name`, the nearest first; `cutoff` is how much of it they share, 0 to 1."""
    return difflib.get_close_matches(name, list(known), n=most, cutoff=cutoff)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?``, or nothing where no known name is near."""
    near = close_to(name, known)
    return f"; did you mean {near[0]!r}?" if near else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest known one, and all of them.

    Examples
    --------
    >>> nearest("colour", ["color", "shape"])
    "; did you mean 'color'? Known: color, shape"
    >>> nearest("x", ["color", "shape"])
    '. Known: color, shape'
    """
    names = [name for name in known if name]
    return f"{did_you_mean(name, names) or '.'} Known: {', '.join(names)}" if names else ""
