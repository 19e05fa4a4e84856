"""Surfaces as points: tubes swept along a limb, sampled so densely that a camera sees no gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.body import BONES

__all__ = ["Patch", "Station", "Tube", "monotone", "smoothstep", "sweep"]

Array = NDArray[np.float64]


def smoothstep(x: Array, low: float, high: float) -> Array:
    """0 below `low`, 1 above `high`, smooth between (either order)."""
    t = np.minimum(np.maximum((x - low) / (high - low), 0.0), 1.0)  # three times as fast as clip on few
    smooth: Array = t * t * (3 - 2 * t)
    return smooth


def monotone(x: Array, knots: Array, values: Array) -> Array:
    """Monotone cubic interpolation (Fritsch & Carlson 1980) of `values` (K, C) over `knots` at `x` (N,)."""
    h = np.diff(knots)
    slope = np.diff(values, axis=0) / h[:, None]
    tangent = np.zeros_like(values)
    if len(knots) > 2:
        w1 = (2 * h[1:] + h[:-1])[:, None]
        w2 = (h[1:] + 2 * h[:-1])[:, None]
        same = slope[1:] * slope[:-1] > 0
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            harmonic = (w1 + w2) / (w1 / slope[:-1] + w2 / slope[1:])
        tangent[1:-1] = np.where(same, harmonic, 0.0)
    tangent[0], tangent[-1] = slope[0], slope[-1]
    i = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, len(h) - 1)
    step = h[i][:, None]
    t = ((x - knots[i]) / h[i])[:, None]
    t2, t3 = t * t, t * t * t
    return (
        (2 * t3 - 3 * t2 + 1) * values[i]
        + (t3 - 2 * t2 + t) * step * tangent[i]
        + (-2 * t3 + 3 * t2) * values[i + 1]
        + (t3 - t2) * step * tangent[i + 1]
    )


@dataclass(frozen=True)
class Patch:
    """Sampled points of one part of the figure in the rest pose.

    Parameters
    ----------
    points, normals : float64 arrays (N, 3)
        Rest positions in metres, and unit outward normals.
    part : int
        Index into `gaitbench.datasets.walkers.figures.figure.PARTS`.
    u, v : float64 arrays (N,)
        Texture coordinates in metres: around (0 = front) and along.
    bones : tuple of str
        Bones that move the points.
    weights : float64 array (N, K)
        Their shares; rows sum to one.
    """

    points: Array
    normals: Array
    part: int
    u: Array
    v: Array
    bones: tuple[str, ...]
    weights: Array

    def keep(self, mask: NDArray[np.bool_]) -> Patch:
        """The points where `mask` holds."""
        return Patch(
            self.points[mask],
            self.normals[mask],
            self.part,
            self.u[mask],
            self.v[mask],
            self.bones,
            self.weights[mask],
        )


#: A cross-section of a tube: see `Tube`.
Station = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Tube:
    """A swept tube: stations of superelliptic cross-sections along an axis.

    Parameters
    ----------
    stations : sequence of (s, x, y, half breadth, half depth front, half depth back)
        Along the axis `s` (metres, strictly growing); for ``axis="x"`` the section lies in (y, z), and
        ``x`` holds its height, front is up and back is down.
    square : float
        Exponent of the superellipse: 2 is an ellipse, larger is boxier.
    axis : str
        ``"z"`` (limbs, trunk, head) or ``"x"`` (feet).
    """

    stations: Sequence[Station]
    square: float = 2.0
    axis: str = "z"


Relief = Callable[[Array, Array], Array]


def _evaluate(
    c: Array, row: NDArray[np.intp], s: Array, phi: Array, tube: Tube, relief: Relief | None
) -> Array:
    """Points of the surface; `c` holds the section of each row at its height, `row` the row of each point."""
    cos, sin = np.cos(phi), np.sin(phi)
    if tube.square != 2.0:
        e = 2.0 / tube.square
        cos, sin = np.copysign(np.abs(cos) ** e, cos), np.copysign(np.abs(sin) ** e, sin)
    depth = np.where(cos > 0, c[row, 3], c[row, 4])
    breadth = c[row, 2]
    if relief is not None:
        extra = relief(s, phi)
        depth, breadth = depth + extra, breadth + extra
    across, side = c[row, 0] + depth * cos, c[row, 1] + breadth * sin
    if tube.axis == "z":
        return np.stack([across, side, s], axis=1)
    return np.stack([s, side, across], axis=1)


def _growing(knots: Array) -> Array:
    """Knots that grow by a millimetre at least: on some bodies measures cross (a chin below the neck's joint)."""
    steps = 1e-3 * np.arange(len(knots))
    grown: Array = np.maximum.accumulate(knots - steps) + steps
    return grown if (np.diff(knots) < 1e-3).any() else knots


def _even(square: float, aspect: float, turn: Array) -> Array:
    """Angles whose points lie evenly along a superellipse: equal steps of the angle would leave its flat sides bare."""
    phi = np.linspace(-np.pi, np.pi, 721)
    e = 2.0 / square
    x = np.copysign(np.abs(np.cos(phi)) ** e, np.cos(phi))
    y = aspect * np.copysign(np.abs(np.sin(phi)) ** e, np.sin(phi))
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    even: Array = np.interp(turn * length[-1], length, phi)
    return even


def sweep(
    tube: Tube,
    spacing: float,
    part: int,
    bones: tuple[str, ...],
    weigh: Callable[[Array, Array], Array] | None = None,
    relief: Relief | None = None,
) -> Patch:
    """Sample a tube about every `spacing` metres.

    Parameters
    ----------
    tube : Tube
    spacing : float
        Distance between neighbouring points in metres.
    part : int
        Part label of the points.
    bones : tuple of str
        Bones that move it.
    weigh : callable or None
        ``(points (N, 3), phi (N,)) -> weights (N, K)``; None for a single bone.
    relief : callable or None
        ``(s, phi) -> metres`` added to the section's radii (nose, hair, folds).
    """
    table = np.array(tube.stations, dtype=np.float64)
    knots = _growing(table[:, 0])
    fine = np.linspace(knots[0], knots[-1], 300)
    c = monotone(fine, knots, table[:, 1:])
    change = np.abs(np.diff(c[:, 2:], axis=0)).max(axis=1) + np.abs(np.diff(c[:, :2], axis=0)).max(axis=1)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(fine), change))])
    rows = max(3, int(np.ceil(length[-1] / spacing)))
    at = np.interp((np.arange(rows) + 0.5) * length[-1] / rows, length, fine)
    c = monotone(at, knots, table[:, 1:])
    depth = np.maximum(0.5 * (c[:, 3] + c[:, 4]), 1e-4)
    breadth = np.maximum(c[:, 2], 1e-4)
    if relief is not None:
        extra = relief(at, np.full_like(at, np.pi))
        depth, breadth = depth + np.abs(extra), breadth + np.abs(extra)
    ring = np.pi * (3 * (depth + breadth) - np.sqrt((3 * depth + breadth) * (depth + 3 * breadth)))
    ring *= 1.0 + 0.12 * (tube.square - 2.0)
    count = np.maximum(4, np.ceil(ring / spacing)).astype(np.intp)
    s = np.repeat(at, count)
    row = np.repeat(np.arange(rows), count)
    first = np.repeat(np.cumsum(count) - count, count)
    place = (np.arange(count.sum()) - first) / np.repeat(count, count)
    turn = (place + 0.5 * (row % 2) / np.repeat(count, count)) % 1.0
    phi = 2 * np.pi * turn - np.pi
    if tube.square != 2.0:
        phi = _even(tube.square, float(np.median(breadth / depth)), turn)
    points = _evaluate(c, row, s, phi, tube, relief)
    # A step of a tenth of a millimetre: small against every feature, large against rounding.
    step = np.where(at + 1e-4 < knots[-1], 1e-4, -1e-4)
    beyond = monotone(at + step, knots, table[:, 1:])
    along = (_evaluate(beyond, row, s + step[row], phi, tube, relief) - points) / step[row][:, None]
    around = _evaluate(c, row, s, phi + 1e-3, tube, relief) - points
    normals = np.cross(around, along) if tube.axis == "z" else np.cross(along, around)
    norm = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = normals / np.maximum(norm, 1e-12)
    weights = np.ones((len(points), 1)) if weigh is None else weigh(points, phi)
    around_scale = float(np.median(ring)) / (2 * np.pi)
    return Patch(points, normals, part, phi * around_scale, s.copy(), bones, weights)


def bone_indices(bones: Sequence[str]) -> NDArray[np.intp]:
    """Positions of `bones` in `BONES`."""
    return np.array([BONES.index(b) for b in bones], dtype=np.intp)
