"""Frame numbers, sizes and length of a sequence."""

from __future__ import annotations

from collections.abc import Iterator

from gaitbench.doctor.findings import Finding, listed
from gaitbench.doctor.reading.facts import Facts

__all__ = ["is_gap", "numbers", "short", "sizes"]

#: Numbers in a row, and their share of all, that may be missing: a camera, and CASIA-B, drops a frame now and then (89
#: of 98 in one of its sequences), and the alignment passes over ten.
LONGEST_HOLE, _MOST_MISSING = 4, 0.2
#: Frames a second: less than about one gait cycle tells no gait.
_CYCLE = 25


def is_gap(one: Facts) -> bool:
    """Whether more is missing of the numbers than is usual; of an export that wrote all its frames, anything."""
    if one.lost is not None:
        return len(one.lost) > (LONGEST_HOLE if one.aligned else 0)
    return one.hole > LONGEST_HOLE or one.missing > _MOST_MISSING * max(one.missing + one.frames, 1)


def numbers(one: Facts) -> Iterator[Finding]:
    """Gaps in the numbering of the frames."""
    if not is_gap(one):
        return
    if one.lost is not None:
        what, verb = ("frame", "was") if len(one.lost) == 1 else ("frames", "were")
        text = f"{what} {listed(one.lost)} {verb} exported, and not found"
        yield Finding("numbers", str(one.key), text, len(one.lost))
    else:
        place = f"the longest gap has {one.hole}, behind frame {one.after}"
        yield Finding(
            "numbers", str(one.key), f"{one.missing} frame numbers are missing; {place}", one.missing
        )


def sizes(one: Facts) -> Iterator[Finding]:
    """Pictures of several sizes in one sequence."""
    if len(one.sizes) > 1:
        (first, most), *others = one.sizes
        odd = sum(count for _, count in others)
        other = others[0][0]
        text = (
            f"{odd} of {most + odd} pictures are {other[1]} x {other[0]} pixels, not {first[1]} x {first[0]}"
        )
        yield Finding("sizes", str(one.key), text, odd)


def short(one: Facts, frames: int | None) -> Iterator[Finding]:
    """Too few frames with the person: under half of what the suite reads (those are refused), or under a second."""
    least = _CYCLE if frames is None else -(-frames // 2)
    if 0 < one.shown < least and not one.refused:
        why = "a second, about one gait cycle, is 25" if frames is None else f"the suite reads {frames}"
        yield Finding("short", str(one.key), f"{one.shown} frames show the person; {why}", one.shown)
