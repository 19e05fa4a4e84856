"""All outlines of a silhouette as one vector of fixed length, and back: what Model 1 reads and writes.

[T20]: Model 1 works on the contour (given). Ours: a broken silhouette has several outlines and an arm may leave
a hole; they share the points of the vector by their length, so that nothing is mended and nothing is lost. A
whole body without holes is one outline of equal arc length, beginning at the crown.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["closed_outline", "fill_parts", "trace_parts"]

#: Fixed-point bits of cv2's drawing.
_BITS = 4
#: Fewest points of an outline.
_FEWEST = 4


def closed_outline(outline: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Outline (n, 2) from the middle of its topmost row round to that point again, and the way to each point."""
    rows = outline[:, 1]
    top = np.flatnonzero(rows == rows.min())
    across = outline[top, 0]
    ordered = np.sort(across)
    half = len(ordered) // 2
    middle = (ordered[half] + ordered[-1 - half]) / 2.0
    start = top[np.abs(across - middle).argmin()]
    turned = np.concatenate([outline[start:], outline[: start + 1]])
    way = np.zeros(len(turned))
    steps = turned[1:] - turned[:-1]
    np.hypot(steps[:, 0], steps[:, 1], out=way[1:])
    return turned, way.cumsum(out=way)


def _outlines(silhouette: NDArray[np.bool_], least: float) -> Iterator[tuple[NDArray[np.float64], bool]]:
    """Outlines of components, largest first, then of holes; each (n, 2) as (x, y) and whether it is a hole."""
    found, tree = cv2.findContours(silhouette.view(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if len(found) == 1:  # nearly always
        yield found[0][:, 0].astype(np.float64), False
        return
    areas = np.array([cv2.contourArea(c) + 0.5 * len(c) for c in found])
    holes = tree[0, :, 3] >= 0
    limit = least * areas[~holes].max()
    for hole in (False, True):
        chosen = [int(i) for i in np.flatnonzero(holes == hole) if areas[i] >= limit]
        for i in sorted(chosen, key=lambda i: -areas[i]):
            yield found[i][:, 0].astype(np.float64), hole


def trace_parts(
    silhouettes: NDArray[np.bool_], points: int = 192, *, least: float = 0.01
) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
    """Trace components and holes of each silhouette.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    points : int
        Points P of all outlines of a frame together.
    least : float
        Components and holes under this share of the largest component are left out.

    Returns
    -------
    outlines : float32 array (T, P, 2)
        x and y of pixel centres, of equal arc length within a frame; zeros for an empty silhouette.
    parts : int16 array (T, P)
        Which outline each point belongs to: 1 is the largest component, further components count up, holes
        are -1, -2, ...; 0 throughout for an empty silhouette.
    """
    outlines = np.zeros((len(silhouettes), points, 2), np.float32)
    parts = np.zeros((len(silhouettes), points), np.int16)
    for t, silhouette in enumerate(np.ascontiguousarray(silhouettes)):
        if not silhouette.any():
            continue
        found = [(*closed_outline(line), hole) for line, hole in _outlines(silhouette, least)]
        if len(found) == 1:  # nearly always
            _place(outlines[t], *found[0][:2])
            parts[t] = 1
            continue
        found = found[: points // _FEWEST]
        lengths = np.array([max(way[-1], 1.0) for _, way, _ in found])
        spare = points - _FEWEST * len(found)
        ends = np.concatenate([[0.0], np.cumsum(lengths)]) / lengths.sum() * spare
        cuts = np.rint(ends).astype(int) + _FEWEST * np.arange(len(found) + 1)
        numbers = np.cumsum([not hole for *_, hole in found]), -np.cumsum([hole for *_, hole in found])
        for k, ((line, way, hole), (begin, end)) in enumerate(zip(found, pairwise(cuts), strict=True)):
            _place(outlines[t, begin:end], line, way)
            parts[t, begin:end] = numbers[int(hole)][k]
    return outlines, parts


def _place(points: NDArray[np.float32], line: NDArray[np.float64], way: NDArray[np.float64]) -> None:
    """Spread points (n, 2) evenly over a closed line whose corners lie at `way`."""
    at = np.arange(len(points)) * (way[-1] / len(points))
    points[:, 0] = np.interp(at, way, line[:, 0])
    points[:, 1] = np.interp(at, way, line[:, 1])


def fill_parts(
    outlines: NDArray[np.float32], parts: NDArray[np.int16], size: tuple[int, int]
) -> NDArray[np.bool_]:
    """Fill outlines: the inverse of `trace_parts`.

    Parameters
    ----------
    outlines : float32 array (T, P, 2)
        Points beyond the crop are drawn on its rim.
    parts : int16 array (T, P)
    size : (int, int)
        Height and width.

    Returns
    -------
    bool array (T, h, w)
        Empty only where `parts` is 0 throughout.
    """
    filled = np.zeros((len(outlines), *size), np.uint8)
    rim = np.array([size[1] - 1, size[0] - 1], np.float32)
    grid = np.rint(np.clip(outlines, 0.0, rim) * (1 << _BITS)).astype(np.int32)
    for picture, line, part in zip(filled, grid, parts, strict=True):
        last = int(part.max(initial=0))
        if last == 1 and part.min() == 1:  # nearly always
            cv2.fillPoly(picture, [line], 1, shift=_BITS)
            continue
        for number in range(1, last + 1):
            cv2.fillPoly(picture, [line[part == number]], 1, shift=_BITS)
        # An outline runs over the body's own pixels, round a hole too.
        holes = [line[part == number] for number in range(-1, int(part.min(initial=0)) - 1, -1)]
        for hole in holes:
            cv2.fillPoly(picture, [hole], 0, shift=_BITS)
            cv2.polylines(picture, [hole], True, 1, shift=_BITS)
    return filled.view(np.bool_)
