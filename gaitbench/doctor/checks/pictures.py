"""Pictures that cannot be read, or that show nobody."""

from __future__ import annotations

from collections.abc import Iterator

from gaitbench.doctor.findings import Finding, listed
from gaitbench.doctor.reading.facts import Facts

__all__ = ["black", "empty", "refused", "unreadable"]

#: Names that a text holds.
_NAMED = 3


def unreadable(one: Facts) -> Iterator[Finding]:
    """Files that are no pictures."""
    if one.unreadable:
        rest = len(one.unreadable) - _NAMED
        names = ", ".join(one.unreadable[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        count = len(one.unreadable)
        text = f"{count} of {one.frames} pictures cannot be read: {names}"
        yield Finding("unreadable", str(one.key), text, count)


def refused(one: Facts) -> Iterator[Finding]:
    """Sequences that cannot be read at all; those of a kind that is told of frames are told there."""
    if one.refused in ("numbers", "unreadable", "video") and not one.unreadable:
        yield Finding(one.refused, str(one.key), one.why)


def empty(one: Facts) -> Iterator[Finding]:
    """Sequences in which nobody is seen."""
    nobody = one.refused == "empty" or (
        not one.refused and one.shown == 0 and one.frames > len(one.unreadable)
    )
    if nobody:
        where = "nobody is found in the video" if one.extracted else f"all {one.frames} pictures are black"
        yield Finding("empty", str(one.key), where, one.frames)


def black(one: Facts) -> Iterator[Finding]:
    """Black frames between frames that show the person; those before it enters and after it left are usual."""
    if one.black:
        frames, verb = ("frame", "is") if len(one.black) == 1 else ("frames", "are")
        yield Finding("black", str(one.key), f"{frames} {listed(one.black)} {verb} black", len(one.black))
