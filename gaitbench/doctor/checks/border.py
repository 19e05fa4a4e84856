"""People who are cut by the border of the picture."""

from __future__ import annotations

from collections.abc import Iterator

from gaitbench.doctor.findings import Finding, listed
from gaitbench.doctor.reading.facts import Facts

__all__ = ["cut"]

#: Share of the frames in which head or feet may leave the picture, and in which a side may: people enter and leave
#: there, and those frames are not counted up to a quarter. Of crops the sides alone count.
_ENDS, _SIDES, _SIDES_OF_CROPS = 0.05, 0.25, 0.5
#: Frame numbers that may lie between two frames of one entry.
_NEAR = 5


def cut(one: Facts, crops: bool) -> Iterator[Finding]:
    """People of whom a part is outside the picture.

    Parameters
    ----------
    one : Facts
    crops : bool
        The pictures are crops: head and feet reach their border by intention.
    """
    shape = one.shape
    if shape is None or one.inverted or one.filled or not one.frames:
        return
    for edge in ("top", "bottom", "left", "right"):
        frames: tuple[int, ...] = getattr(shape, edge)
        ends = edge in ("top", "bottom")
        if crops and ends:
            continue
        most = _SIDES_OF_CROPS if crops else _ENDS
        if not ends and not crops and len(frames) <= _SIDES * one.frames:
            frames = _passing(frames, one.seen)
        if len(frames) >= 2 and len(frames) > most * one.frames:
            text = f"cut at the {edge} in {len(frames)} of {one.frames} frames ({listed(frames)})"
            yield Finding("cut", str(one.key), text, len(frames))
            return


def _passing(frames: tuple[int, ...], seen: tuple[int, int]) -> tuple[int, ...]:
    """Frames but those in which the person enters, from the first on, or leaves, up to the last."""
    rest = list(frames)
    before = seen[0]
    while rest and rest[0] - before <= _NEAR:
        before = rest.pop(0)
    after = seen[1]
    while rest and after - rest[-1] <= _NEAR:
        after = rest.pop()
    return tuple(rest)
