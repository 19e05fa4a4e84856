"""People who are cut by the border of the picture."""

from __future__ import annotations

from collections.abc import Iterator

from gaitbench.doctor.findings import Finding, listed
from gaitbench.doctor.reading.facts import Facts

__all__ = ["cut"]

#: Share of the frames in which head or feet may leave the picture, and in which a side may: people enter and leave
#: there. Of crops the sides alone count.
_ENDS, _SIDES, _SIDES_OF_CROPS = 0.1, 0.25, 0.5


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
        most = _ENDS if ends else _SIDES_OF_CROPS if crops else _SIDES
        if len(frames) >= 2 and len(frames) > most * one.frames:
            text = f"cut at the {edge} in {len(frames)} of {one.frames} frames ({listed(frames)})"
            yield Finding("cut", str(one.key), text, len(frames))
            return
