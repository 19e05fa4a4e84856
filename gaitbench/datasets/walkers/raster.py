"""Points to pixels: bones and camera in one matrix, a depth buffer, and the nearest point of each pixel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.camera import HEIGHT, WIDTH, Camera
from gaitbench.datasets.walkers.figure import Figure
from gaitbench.datasets.walkers.motion import Motion

__all__ = ["Hits", "rasterize"]

#: Frames that go through the matrix products together: their points fit the second-level cache.
_BLOCK = 4
#: Depth range about the person that 16 bits resolve, in metres.
_RANGE = 4.0


@dataclass(frozen=True)
class Hits:
    """What one camera sees of the person in one frame.

    Parameters
    ----------
    top, left : int
        Place of the box in the frame in pixels.
    index : int32 array (h, w)
        Point of the figure nearest to the camera in each pixel of the box; -1 where there is none.
    light : float32 array (N,)
        Cosine between surface normal and the light, for every point of the figure.
    """

    top: int
    left: int
    index: NDArray[np.int32]
    light: NDArray[np.float32]


def _matrices(motion: Motion, camera: Camera, light: NDArray[np.float64], t: slice) -> tuple[NDArray, NDArray]:
    rotations, origins = motion.rotations[t], motion.origins[t]
    shift = origins - (rotations @ motion.rest[:, :, None])[..., 0]
    c = camera.matrix
    projection = np.empty((*rotations.shape[:2], 3, 4))
    projection[..., :3] = c[:, :3] @ rotations
    projection[..., 3] = shift @ c[:, :3].T + c[:, 3]
    toward = camera.position - origins
    toward /= np.linalg.norm(toward, axis=-1, keepdims=True)
    facing = np.empty((*rotations.shape[:2], 2, 3))
    facing[..., 0, :] = (toward[..., None, :] @ rotations)[..., 0, :]
    facing[..., 1, :] = light @ rotations
    return projection.astype(np.float32), facing.astype(np.float32)


def rasterize(
    figure: Figure, motion: Motion, camera: Camera, light: NDArray[np.float64], first: int, last: int
) -> Iterator[Hits]:
    """See frames `first` to `last` - 1 of `motion` through `camera`, one after the other."""
    n = len(figure.parts)
    xyz = np.empty((_BLOCK, 3, n), dtype=np.float32)
    turned = np.empty((_BLOCK, 2, n), dtype=np.float32)
    for start in range(first, last, _BLOCK):
        size = min(_BLOCK, last - start)
        projection, facing = _matrices(motion, camera, light, slice(start, start + size))
        begin = 0
        for bones, position, normal in figure.groups:
            k, m = len(bones), position.shape[1]
            here = slice(begin, begin + m)
            p = projection[:, bones].transpose(0, 2, 1, 3).reshape(size, 3, 4 * k)
            f = facing[:, bones].transpose(0, 2, 1, 3).reshape(size, 2, 3 * k)
            np.matmul(p, position, out=xyz[:size, :, here])
            np.matmul(f, normal, out=turned[:size, :, here])
            begin += m
        for i in range(size):
            yield _nearest(xyz[i], turned[i])


def _nearest(xyz: NDArray[np.float32], turned: NDArray[np.float32]) -> Hits:
    # Points a little past the edge stay: they are the outline.
    seen = np.flatnonzero(turned[0] > -0.08)
    z = xyz[2][seen]
    inverse = np.float32(1.0) / z
    column = (xyz[0][seen] * inverse).astype(np.int32)
    row = (xyz[1][seen] * inverse).astype(np.int32)
    inside = (column >= 0) & (column < WIDTH) & (row >= 0) & (row < HEIGHT)
    if not inside.all():
        seen, z, column, row = seen[inside], z[inside], column[inside], row[inside]
    if len(seen) == 0:
        return Hits(0, 0, np.full((1, 1), -1, dtype=np.int32), turned[1])
    top, left = max(int(row.min()) - 2, 0), max(int(column.min()) - 2, 0)
    bottom, right = min(int(row.max()) + 3, HEIGHT), min(int(column.max()) + 3, WIDTH)
    width = right - left
    pixel = (row - top) * width + (column - left)
    # Far to near, the last write stays: a radix sort of 16-bit depths is the cheapest exact depth buffer here.
    near = z.min()
    depth = ((z - near) * np.float32(-65535.0 / _RANGE) + np.float32(65535.0)).astype(np.uint16)
    order = np.argsort(depth, kind="stable")
    index = np.full((bottom - top) * width, -1, dtype=np.int32)
    index[pixel[order]] = seen[order]
    index = index.reshape(bottom - top, width)
    _fill(index)
    return Hits(top, left, index, turned[1].copy())


def _fill(index: NDArray[np.int32]) -> None:
    """Close single-pixel gaps: an empty pixel between two seen ones on opposite sides, in both directions or one.

    In place.  A gap needs three of its four neighbours, so that true gaps (between the legs) stay open.
    """
    empty = index[1:-1, 1:-1] < 0
    around = [index[:-2, 1:-1], index[2:, 1:-1], index[1:-1, :-2], index[1:-1, 2:]]
    count = sum((a >= 0).astype(np.int8) for a in around)
    holes = empty & (count >= 3)
    if holes.any():
        r, c = np.nonzero(holes)
        best = np.maximum(np.maximum(around[0][r, c], around[1][r, c]), np.maximum(around[2][r, c], around[3][r, c]))
        index[r + 1, c + 1] = best
