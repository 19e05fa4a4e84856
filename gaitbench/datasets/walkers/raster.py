"""Points to pixels: bones and camera in one matrix, a depth buffer, and the nearest point of each pixel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.camera import HEIGHT, WIDTH, Camera
from gaitbench.datasets.walkers.figure import Figure
from gaitbench.datasets.walkers.motion import Motion

__all__ = ["NEAR", "SPACING", "Hits", "Levels", "rasterize"]

#: Nearer than this (metres) a person is drawn from the finer points.
NEAR = 6.2
#: Metres between surface points for a near and a far person: three quarters of a pixel.
SPACING = {True: 0.0082, False: 0.0105}
Levels = Callable[[bool], Figure]

#: Frames that go through the matrix products together (measured: 4 is slower, 16 gains little more).
_BLOCK = 8
#: Depth range about the person that 16 bits resolve, in metres.
_RANGE = 4.0


@dataclass(frozen=True)
class Hits:
    """What one camera sees of the person in one frame.

    Parameters
    ----------
    figure : Figure
        Whose points these are.
    top, left : int
        Place of the box in the frame in pixels.
    index : int32 array (h, w)
        Point of the figure nearest to the camera in each pixel of the box; 0 where there is none.
    light : float32 array (N,)
        Cosine between surface normal and the light, for every point of the figure.  A view of a buffer: it holds
        until the next frame is asked for.
    """

    figure: Figure
    top: int
    left: int
    index: NDArray[np.int32]
    light: NDArray[np.float32]


def _matrices(
    motion: Motion, camera: Camera, light: NDArray[np.float64], t: slice
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
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
    levels: Levels, motion: Motion, camera: Camera, light: NDArray[np.float64], last: int
) -> Iterator[Hits]:
    """See the first `last` frames of `motion` through `camera`, one after the other.

    Parameters
    ----------
    levels : callable
        ``near (bool) -> Figure``: the figure sampled finely or coarsely, asked for only when needed.
    """
    near = camera.project(motion.origins[:, 0])[:, 2] < NEAR
    cuts = [0, *(np.flatnonzero(near[1:] != near[:-1]) + 1), len(near)]
    for first, end in pairwise(cuts):
        if first < last:
            span = _span(levels(bool(near[first])), motion, camera, light, int(first), int(end))
            yield from islice(span, last - int(first))


def _span(
    figure: Figure, motion: Motion, camera: Camera, light: NDArray[np.float64], first: int, last: int
) -> Iterator[Hits]:
    n = len(figure.parts)
    xyz = np.empty((3 * _BLOCK, n), dtype=np.float32)
    turned = np.empty((2 * _BLOCK, n), dtype=np.float32)
    turned[:, 0] = -1.0  # point 0 is nobody and faces away
    xyz[:, 0] = 1.0
    # Blocks do not depend on how many frames were asked for: the same products, hence the same bits.
    for start in range(first, last, _BLOCK):
        size = min(_BLOCK, last - start)
        projection, facing = _matrices(motion, camera, light, slice(start, start + size))
        begin = 1
        for bones, position, normal in figure.groups:
            k, m = len(bones), position.shape[1]
            here = slice(begin, begin + m)
            # The rows of all frames of the block in one product.
            p = projection[:, bones].transpose(0, 2, 1, 3).reshape(3 * size, 4 * k)
            f = facing[:, bones].transpose(0, 2, 1, 3).reshape(2 * size, 3 * k)
            np.matmul(p, position, out=xyz[: 3 * size, here])
            np.matmul(f, normal, out=turned[: 2 * size, here])
            begin += m
        for i in range(size):
            yield _nearest(figure, xyz[3 * i : 3 * i + 3], turned[2 * i : 2 * i + 2])


def _nearest(figure: Figure, xyz: NDArray[np.float32], turned: NDArray[np.float32]) -> Hits:
    # Points a little past the edge stay: they are the outline.
    seen = np.flatnonzero(turned[0] > -0.08)
    z = xyz[2].take(seen)
    inverse = np.reciprocal(z)
    column = (xyz[0].take(seen) * inverse).astype(np.int32)
    row = (xyz[1].take(seen) * inverse).astype(np.int32)
    top, bottom = int(row.min()) - 2, int(row.max()) + 3
    left, right = int(column.min()) - 2, int(column.max()) + 3
    if top < 0 or left < 0 or bottom > HEIGHT or right > WIDTH:  # somebody at the edge of the picture
        top, left, bottom, right = max(top, 0), max(left, 0), min(bottom, HEIGHT), min(right, WIDTH)
        inside = (column >= left) & (column < right) & (row >= top) & (row < bottom)
        seen, z, column, row = seen[inside], z[inside], column[inside], row[inside]
        if len(seen) == 0:
            return Hits(figure, 0, 0, np.zeros((3, 3), dtype=np.int32), turned[1])
    width = right - left
    row -= top
    row *= width
    row += column
    row -= left
    # Far to near, the last write stays: a radix sort of 16-bit depths is the cheapest depth buffer measured.
    z -= z.min()
    z *= np.float32(-65535.0 / _RANGE)
    z += np.float32(65535.0)
    order = np.argsort(z.astype(np.uint16), kind="stable")
    index = np.zeros((bottom - top, width), dtype=np.int32)
    index.reshape(-1)[row.take(order)] = seen.take(order)
    _fill(index)
    return Hits(figure, top, left, index, turned[1])


def _fill(index: NDArray[np.int32]) -> None:
    """Close gaps of one pixel: empty, with three of its four neighbours seen.  In place.

    True gaps (between the legs, under the arm) are open on two sides and stay.
    """
    seen = (index > 0).view(np.int8)
    count = seen[:-2, 1:-1] + seen[2:, 1:-1] + seen[1:-1, :-2] + seen[1:-1, 2:]
    count -= 4 * seen[1:-1, 1:-1]
    holes = np.flatnonzero(count.ravel() >= 3)
    if len(holes):
        r, c = np.divmod(holes, count.shape[1])
        index[r + 1, c + 1] = np.maximum(np.maximum(index[r, c + 1], index[r + 2, c + 1]), index[r + 1, c])
