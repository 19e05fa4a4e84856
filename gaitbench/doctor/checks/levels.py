"""Inverted, filled and grey masks."""

from __future__ import annotations

from collections.abc import Iterator

from gaitbench.doctor.findings import Finding, listed
from gaitbench.doctor.reading.facts import Facts

__all__ = ["filled", "grey", "inverted"]


def inverted(one: Facts) -> Iterator[Finding]:
    """White around a black person, in all frames or in some."""
    if one.refused == "inverted" or one.inverted:
        whole = one.refused == "inverted" or len(one.inverted) == one.frames
        frames = one.inverted or (one.numbers[0],)
        text = "white around a black person" if whole else f"frames {listed(frames)} are inverted"
        yield Finding("inverted", str(one.key), text, len(frames))


def filled(one: Facts) -> Iterator[Finding]:
    """Pictures that are white all over."""
    if one.refused == "filled" or one.filled:
        whole = one.refused == "filled"
        text = "white fills the pictures" if whole else f"frames {listed(one.filled)} are filled with white"
        yield Finding("filled", str(one.key), text, len(one.filled) or one.frames)


def grey(one: Facts) -> Iterator[Finding]:
    """More than two levels. Aligned silhouettes have soft rims by custom (OpenGait scales them): that is no fault.

    Of a person who is small or half hidden such a rim is most of what there is; so theirs count where most frames do.
    """
    aligned = one.throughout if 2 * len(one.throughout) > one.frames else ()
    frames = aligned if one.aligned else one.grey
    if not frames or one.inverted or one.refused:
        return
    what = "levels of grey throughout" if one.throughout else "grey at the outline"
    where = "all frames" if len(frames) == one.frames else f"frames {listed(frames)}"
    yield Finding("grey", str(one.key), f"{what} in {where}", len(frames))
