"""Points to pixels: bones and camera in one matrix, a depth buffer, and the nearest point of each pixel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.motion import Motion
from gaitbench.datasets.walkers.cameras.camera import HEIGHT, WIDTH, Camera
from gaitbench.datasets.walkers.figures.figure import Figure

__all__ = ["NEAR", "SPACING", "Hits", "Levels", "rasterize"]

#: Nearer than this (metres) a person is drawn from the finer points.
NEAR = 6.2
#: Metres between surface points for a near and a far person: three quarters of a pixel.
SPACING = {True: 0.0082, False: 0.0105}
Levels = Callable[[bool], Figure]

#: Frames that go through the matrix products together (few calls, few points that face us in some only, and
#: little waste at the end of a usual request).
_BLOCK = 7
#: Depth range about the person that 16 bits resolve, in metres.
_RANGE = 4.0
#: Bits that hold a point's number: a million points.
_BITS = 20
#: A depth in metres that is farther than anybody.
_FAR = np.float32(1000.0)
#: Points a little past the edge are drawn: they are the outline.
_EDGE = -0.08


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
        Place in `points` of the point nearest to the camera in each pixel of the box; 0 where there is none.
    points : intp array (M,)
        Points of the figure that may be seen in this frame; the first, 0, is nobody.
    light : float32 array (M,) or None
        Cosine between surface normal and the light for each of `points`, if asked for.  A view of a buffer: it
        holds until the next frame is asked for.
    """

    figure: Figure
    top: int
    left: int
    index: NDArray[np.int32]
    points: NDArray[np.intp]
    light: NDArray[np.float32] | None

    @property
    def parts(self) -> NDArray[np.uint8]:
        """Part of the figure in each pixel of the box, index into `PARTS` (h, w)."""
        return self.figure.parts.take(self.points.take(self.index))


def _matrices(
    motion: Motion, camera: Camera, light: NDArray[np.float64] | None, t: slice
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Projection (T, 3, B, 4) of each bone's points, and (2, T, B, 3) what its normals make of camera and light."""
    rotations, origins = motion.rotations[t], motion.origins[t]
    shift = origins - (rotations @ motion.rest[:, :, None])[..., 0]
    c = camera.matrix
    projection = np.empty((*rotations.shape[:2], 3, 4))
    projection[..., :3] = c[:, :3] @ rotations
    projection[..., 3] = shift @ c[:, :3].T + c[:, 3]
    toward = camera.position - origins
    toward /= np.linalg.norm(toward, axis=-1, keepdims=True)
    facing = np.zeros((2, *rotations.shape[:2], 3))
    facing[0] = (toward[..., None, :] @ rotations)[..., 0, :]
    if light is not None:
        facing[1] = light @ rotations
    return projection.transpose(0, 2, 1, 3).astype(np.float32), facing.astype(np.float32)


def rasterize(
    levels: Levels, motion: Motion, camera: Camera, light: NDArray[np.float64] | None, last: int
) -> Iterator[Hits]:
    """See the first `last` frames of `motion` through `camera`, one after the other.

    Parameters
    ----------
    levels : callable
        ``near (bool) -> Figure``: the figure sampled finely or coarsely, asked for only when needed.
    light : float64 array (3,) or None
        Direction to the light; None where nobody wants colours.
    """
    near = camera.project(motion.origins[:, 0])[:, 2] < NEAR
    cuts = [0, *(np.flatnonzero(near[1:] != near[:-1]) + 1), len(near)]
    for first, end in pairwise(cuts):
        if first < last:
            span = _span(levels(bool(near[first])), motion, camera, light, int(first), int(end))
            yield from islice(span, last - int(first))


def _span(
    figure: Figure, motion: Motion, camera: Camera, light: NDArray[np.float64] | None, first: int, last: int
) -> Iterator[Hits]:
    n = len(figure.parts)
    xyz = np.empty(3 * _BLOCK * n, dtype=np.float32)
    bright = np.empty(_BLOCK * n, dtype=np.float32)
    turned = np.empty((_BLOCK, n), dtype=np.float32)
    turned[:, 0] = -1.0  # point 0 is nobody and faces away
    ends = np.cumsum([1, *(group.normals.shape[1] for group in figure.groups)])
    projection, facing = _matrices(motion, camera, light, slice(first, last))
    # Rows of a product: those of all frames, one after the other.
    project = [projection[:, :, g.bones].reshape(-1, 4 * len(g.bones)) for g in figure.groups]
    face, shine = ([f[:, g.bones].reshape(-1, 3 * len(g.bones)) for g in figure.groups] for f in facing)
    # Blocks do not depend on how many frames were asked for: the same products, hence the same bits.
    for start in range(0, last - first, _BLOCK):
        size = min(_BLOCK, last - first - start)
        rows, rows3 = slice(start, start + size), slice(3 * start, 3 * (start + size))
        for group, f, begin, end in zip(figure.groups, face, ends[:-1], ends[1:], strict=True):
            np.matmul(f[rows], group.normals, out=turned[:size, begin:end])
        # Half of the points face away in every frame of the block: they are neither projected nor lit.
        faces = turned[:size] > _EDGE
        ever: NDArray[np.bool_] = np.asarray(faces.any(axis=0))
        ever[0] = True
        points = np.flatnonzero(ever)
        m = len(points)
        block, bright_block = xyz[: 3 * size * m].reshape(3 * size, m), bright[: size * m].reshape(size, m)
        cuts = np.searchsorted(points, ends)
        for k, (group, begin) in enumerate(zip(figure.groups, ends[:-1], strict=True)):
            low, high = cuts[k], cuts[k + 1]
            if low == high:
                continue
            # A point's numbers lie together: fetching them costs a third of fetching from as many rows.
            own = group.points.take(points[low:high] - begin, axis=0)
            width = 4 * len(group.bones)
            np.matmul(project[k][rows3], own[:, :width].T, out=block[:, low:high])
            if light is not None:
                np.matmul(shine[k][rows], own[:, width:].T, out=bright_block[:, low:high])
        block[:, 0] = block[:, -1]  # nobody: anywhere about the person, for it is never seen
        number = np.arange(m)
        place = np.cumsum(ever) - 1
        for i in range(size):
            away = place.take(np.flatnonzero(ever ^ faces[i]))
            top, left, index = _nearest(block[3 * i : 3 * i + 3], away, number)
            yield Hits(figure, top, left, index, points, None if light is None else bright_block[i])


def _nearest(
    xyz: NDArray[np.float32], away: NDArray[np.intp], number: NDArray[np.intp]
) -> tuple[int, int, NDArray[np.int32]]:
    """Top and left of the box about the points, and for each of its pixels the point nearest to us.

    Parameters
    ----------
    xyz : float32 array (3, m)
        Column times depth, row times depth, and depth of the points; used up. Point 0 is nobody.
    away : intp array
        Points that face away, hence are not seen; 0 among them.
    number : intp array (m,)
        0 to m - 1.
    """
    column, row, z = xyz
    inverse = np.reciprocal(z)
    # Whole numbers up to a picture's size are exact in 32 bits, and there many times as fast as integers of 64.
    column *= inverse
    np.trunc(column, out=column)
    row *= inverse
    np.trunc(row, out=row)
    top, bottom = int(row.min()) - 2, int(row.max()) + 3
    left, right = int(column.min()) - 2, int(column.max()) + 3
    z[away] = _FAR
    if top < 0 or left < 0 or bottom > HEIGHT or right > WIDTH:  # somebody at the edge of the picture
        top, left, bottom, right = max(top, 0), max(left, 0), min(bottom, HEIGHT), min(right, WIDTH)
        inside = np.flatnonzero((column >= left) & (column < right) & (row >= top) & (row < bottom))
        number, z, column, row = (values.take(inside) for values in (number, z, column, row))
        if len(number) == 0:
            return 0, 0, np.zeros((3, 3), dtype=np.int32)
    width = right - left
    row -= np.float32(top)
    row *= np.float32(width)
    row += column
    row -= np.float32(left)
    # Nearness above, the point's number below: the largest key of a pixel is its nearest point. What faces away is
    # so far that its key is negative.
    z -= z.min()
    z *= np.float32(-65535.0 / _RANGE)
    z += np.float32(65535.0)
    key = z.astype(np.int32).astype(np.int64)
    key <<= _BITS
    key += number
    buffer = np.zeros((bottom - top) * width, dtype=np.int64)
    np.maximum.at(buffer, row.astype(np.int32).astype(np.intp), key)
    buffer &= (1 << _BITS) - 1
    index = buffer.astype(np.int32)
    _fill(index, width)
    return top, left, index.reshape(bottom - top, width)


def _fill(index: NDArray[np.int32], width: int) -> None:
    """Close gaps of one pixel: empty, with three of its four neighbours seen.  In place.

    `index` holds the rows of a box of that width one after the other. True gaps (between the legs, under the arm)
    are open on two sides and stay.
    """
    seen = (index > 0).view(np.int8)
    count = seen[: -2 * width] + seen[2 * width :]
    count += seen[width - 1 : -width - 1]
    count += seen[width + 1 : 1 - width]
    holes = np.flatnonzero(count > 2 + 2 * seen[width:-width]) + width
    if len(holes):
        near = np.maximum(index[holes - width], index[holes + width])
        index[holes] = np.maximum(near, index[holes - 1])
