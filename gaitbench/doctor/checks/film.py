"""A video and the silhouettes beside it."""

from __future__ import annotations

from collections.abc import Iterator

from gaitbench.doctor.findings import Finding
from gaitbench.doctor.reading.facts import Facts

__all__ = ["video"]


def video(one: Facts) -> Iterator[Finding]:
    """Videos that break off, or are not of the recording whose silhouettes lie beside them."""
    film = one.film
    if film is None:
        return
    if film.broken:
        yield Finding("video", str(one.key), film.broken)
    elif one.sizes and film.size != one.size:
        shown = f"{film.size[1]} x {film.size[0]}" if film.size else "of no size"
        text = f"the video is {shown}, the silhouettes {one.size[1]} x {one.size[0]}"
        yield Finding("video", str(one.key), text)
    elif film.frames < one.numbers[1]:
        text = f"silhouettes up to frame {one.numbers[1]}, the video has {film.frames}"
        yield Finding("video", str(one.key), text)
