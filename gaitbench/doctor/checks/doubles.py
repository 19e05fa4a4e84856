"""The same content under two names, and the same frame again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gaitbench.doctor.findings import Finding
from gaitbench.doctor.reading.facts import Facts

__all__ = ["doubled", "still"]

#: Frames, and their share of a sequence, that must be those of another before they are called a copy; and that must be
#: the one before once more until somebody stands still.
_FEWEST, _COPY, _STILL = 5, 0.3, 0.2


def doubled(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Sequences whose silhouettes, or many of them, are those of an earlier one: one finding a copy."""
    codes = [np.unique(_codes(one)) for one in facts]
    for later, (earlier, shared) in sorted(_partners(codes).items()):
        one, other = facts[later], facts[earlier]
        if one.prints == other.prints:
            yield Finding("doubled", str(one.key), f"holds the same silhouettes as {other.key}", one.frames)
        elif shared >= max(_FEWEST, _COPY * min(len(codes[later]), len(codes[earlier]))):
            text = f"{shared} of its silhouettes are those of {other.key}"
            yield Finding("doubled", str(one.key), text, shared)


def still(one: Facts) -> Iterator[Finding]:
    """One frame over and over, or many that repeat the one before."""
    codes = _codes(one)
    again = int(np.count_nonzero(codes[1:] == codes[:-1]))
    if again < max(_FEWEST - 1, _STILL * len(codes)):
        return
    whole = again == len(codes) - 1
    text = (
        f"all {len(codes)} frames are the same"
        if whole
        else f"{again} of {len(codes)} frames repeat the one before"
    )
    yield Finding("still", str(one.key), text, again)


def _codes(one: Facts) -> NDArray[np.uint64]:
    return np.frombuffer(one.prints, dtype=np.uint64)


def _partners(codes: Sequence[NDArray[np.uint64]]) -> dict[int, tuple[int, int]]:
    """Of each sequence that shares frames with earlier ones: the one it shares most with, and how many."""
    owners = np.repeat(np.arange(len(codes)), [len(own) for own in codes])
    together = np.concatenate(codes) if codes else np.zeros(0, np.uint64)
    order = np.lexsort((owners, together))
    together, owners = together[order], owners[order]
    again = np.flatnonzero(together[1:] == together[:-1]) + 1
    starts = np.flatnonzero(np.r_[True, together[1:] != together[:-1]])
    firsts = owners[starts[np.searchsorted(starts, again, side="right") - 1]]
    pairs, counts = np.unique(np.stack([owners[again], firsts], axis=1), axis=0, return_counts=True)
    best: dict[int, tuple[int, int]] = {}
    for (later, earlier), count in zip(pairs.tolist(), counts.tolist(), strict=True):
        if count > best.get(later, (0, 0))[1]:
            best[later] = (earlier, count)
    return best
