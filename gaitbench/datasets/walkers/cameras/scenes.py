"""The empty scenes: a room and a yard, seen by each of the eleven cameras.  Ray cast once per camera."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.cameras.camera import FOCAL, HEIGHT, WIDTH, Camera, camera_at

__all__ = ["LIGHTS", "SCENES", "background_plate", "plate_seen_by"]

SCENES: tuple[str, ...] = ("indoor", "outdoor")
#: Direction to the light (unit vectors), share of ambient light, strength of the contact shadow.
LIGHTS: dict[str, tuple[NDArray[np.float64], float, float]] = {
    "indoor": (np.array([0.22, 0.38, 0.90]), 0.64, 0.34),
    "outdoor": (np.array([-0.42, 0.52, 0.74]), 0.56, 0.46),
}
Array = NDArray[Any]
#: Half-size of the room (x), wall behind the path and wall behind the cameras (y), height.
_ROOM = (9.5, -3.6, 9.5, 3.1)
#: Rays cast together.
_PIECE = 48 * WIDTH


@lru_cache(maxsize=1)
def _lattice() -> NDArray[np.float32]:
    return np.random.default_rng(2012).uniform(-1.0, 1.0, 1 << 16).astype(np.float32)


def _noise(u: Array, v: Array, scale: float, seed: int) -> Array:
    """Smooth value noise in [-1, 1] over world metres (bilinear in a fixed table of 256 x 256 values)."""
    x, y = u / scale + 37.0 * seed, v / scale + 91.0 * seed
    x0, y0 = np.floor(x), np.floor(y)
    fx, fy = x - x0, y - y0
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    i, j = x0.astype(np.intp) & 255, (y0.astype(np.intp) & 255) << 8
    i1, j1 = (i + 1) & 255, (j + 256) & 65535
    table = _lattice()
    low = table.take(i + j)
    low += fx * (table.take(i1 + j) - low)
    high = table.take(i + j1)
    high += fx * (table.take(i1 + j1) - high)
    low += fy * (high - low)
    return low


def _cloud(u: Array, v: Array, scale: float, seed: int) -> Array:
    return (
        0.5 * _noise(u, v, scale, seed)
        + 0.3 * _noise(u, v, scale / 2.1, seed + 1)
        + 0.2 * _noise(u, v, scale / 4.3, seed + 2)
    )


def _paint(out: Array, where: NDArray[np.bool_], color: Array) -> None:
    out[where] = color[where] if color.ndim == 2 else color


def _planks(u: Array, v: Array, base: tuple[float, float, float], seed: int) -> Array:
    row = np.floor(v / 0.18)
    length = u / 1.4 + 0.37 * (row % 5)
    tone = _noise(np.floor(length) + 0.5, row + 0.5, 1.0, seed)
    grain = _cloud(u * 0.3, v * 3.0, 0.25, seed + 5)
    color = np.asarray(base) * (1 + 0.10 * tone + 0.05 * grain)[:, None]
    joint = ((v / 0.18) % 1.0 < 0.05) | (length % 1.0 < 0.012)
    color[joint] *= 0.82
    return color


def _indoor(origin: Array, rays: Array) -> Array:
    half, near, far, height = _ROOM
    n = len(rays)
    out = np.zeros((n, 3), dtype=np.float32)
    planes = ((2, 0.0, "floor"), (2, height, "ceiling"), (1, near, "near"), (1, far, "far"), (0, half, "end"),
              (0, -half, "end"))  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.stack([(np.float32(level) - origin[axis]) / rays[:, axis] for axis, level, _ in planes])
    reach[~(reach > 1e-6)] = np.inf
    # From inside a box the nearest plane is the one seen: each point is coloured once.
    nearest = reach.argmin(axis=0)
    for k, (_, level, kind) in enumerate(planes):
        hit = nearest == k
        p = origin + reach[k, hit][:, None] * rays[hit]
        out[hit] = _indoor_surface(kind, level, p)
    return out


def _indoor_surface(kind: str, level: float, p: Array) -> Array:
    x, y, z = p[:, 0], p[:, 1], p[:, 2]
    if kind == "floor":
        color = _planks(x, y, (150.0, 134.0, 112.0), 3)
        lane = np.abs(np.abs(y) - 0.85) < 0.025
        color[lane] = (196, 190, 176)
        color *= (1 + 0.06 * np.exp(-((x**2 + y**2) / 14)))[:, None]
        return color
    if kind == "ceiling":
        color = np.broadcast_to(np.array([214.0, 212.0, 206.0]), p.shape).copy()
        color[((x / 0.6) % 1 < 0.03) | ((y / 0.6) % 1 < 0.03)] *= 0.86
        return color
    u = x if kind in ("near", "far") else y
    if kind == "end":
        u = u + (17.0 if level > 0 else 43.0)
    elif kind == "far":
        u = u + 71.0
    wall = {"near": (188.0, 182.0, 168.0), "far": (176.0, 184.0, 186.0), "end": (182.0, 176.0, 160.0)}[kind]
    color = np.asarray(wall) * (1 + 0.030 * _cloud(u, z, 1.6, 11))[:, None]
    color *= (0.90 + 0.05 * np.clip(z, 0, 2))[:, None]
    low = z < 0.95
    color[low] *= np.array([0.86, 0.90, 0.92])
    color[np.abs(z - 0.95) < 0.025] *= 0.78
    _paint(color, z < 0.11, np.array([104.0, 92.0, 78.0]))
    place = u % 6.4
    door = (place > 0.9) & (place < 1.85) & (z < 2.08)
    _paint(color, (place > 0.80) & (place < 1.95) & (z < 2.18), np.array([120.0, 104.0, 86.0]))
    _paint(color, door, np.array([148.0, 112.0, 78.0]))
    _paint(
        color,
        door & ((np.abs(place - 1.375) < 0.3) & (np.abs(z - 1.45) < 0.45)),
        np.array([134.0, 100.0, 70.0]),
    )
    _paint(color, (np.abs(place - 1.72) < 0.05) & (np.abs(z - 1.02) < 0.03), np.array([210.0, 204.0, 180.0]))
    window = (place > 2.9) & (place < 4.5) & (z > 1.02) & (z < 2.35)
    _paint(color, (place > 2.82) & (place < 4.58) & (z > 0.96) & (z < 2.42), np.array([226.0, 224.0, 218.0]))
    pane = np.stack([176 + 26 * (z - 1.2), 196 + 18 * (z - 1.2), 212 + 10 * (z - 1.2)], axis=1)
    _paint(color, window & (np.abs(place - 3.7) > 0.03), pane)
    rib = (place > 2.95) & (place < 4.45) & (z > 0.16) & (z < 0.84)
    _paint(color, rib, np.array([212.0, 210.0, 202.0]))
    color[rib & ((place / 0.09) % 1 < 0.3)] *= 0.76
    board = (place > 5.05) & (place < 5.95) & (z > 1.15) & (z < 1.85)
    _paint(color, board, np.array([92.0, 120.0, 110.0]))
    sheet = board & ((place * 2.6) % 1 > 0.25) & ((z * 2.9) % 1 > 0.3)
    _paint(color, sheet, np.array([224.0, 220.0, 206.0]))
    shelf = (place > 5.0) & (place < 6.0) & (z < 0.80)
    _paint(color, shelf, np.array([116.0, 84.0, 58.0]))
    color[shelf & ((z / 0.38) % 1 < 0.06)] *= 0.7
    return color


def _outdoor(origin: Array, rays: Array) -> Array:
    n = len(rays)
    out = np.empty((n, 3), dtype=np.float32)
    distance = np.full(n, np.inf, dtype=np.float32)
    owner = np.zeros(n, dtype=np.int8)  # 0 the sky, 1 the ground, then the walls
    walls = ((1, -5.2, "facade"), (1, 12.0, "hedge"), (0, 13.0, "hedge"), (0, -13.0, "hedge"),
             (1, -4.2, "bush"))  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"):
        t = -origin[2] / rays[:, 2]
        hit = (t > 0) & (t < 60)
        distance[hit] = t[hit]
        owner[hit] = 1
        for number, (axis, level, kind) in enumerate(walls, start=2):
            t = (np.float32(level) - origin[axis]) / rays[:, axis]
            height = origin[2] + t * rays[:, 2]
            may = np.flatnonzero((t > 0) & (t < distance) & (height > -0.01) & (height < 4.6))
            z = height[may]
            u = origin[1 - axis] + t[may] * rays[may, 1 - axis]
            top = np.full(len(may), 4.6)
            if kind == "hedge":
                top = 2.4 + 0.8 * _cloud(u, u * 0 + level, 2.2, 21) + 0.25 * _cloud(u, z, 0.5, 25)
            elif kind == "bush":
                clump = _noise(u, u * 0, 2.6, 31)
                top = np.where(clump > 0.0, 1.3 * clump, 0.0) + 0.22 * _cloud(u, z, 0.4, 33) * (clump > 0)
            hit = may[z < top]
            distance[hit] = t[hit]
            owner[hit] = number
    # What is hidden by something nearer is not coloured.
    for number in np.flatnonzero(np.bincount(owner)).tolist():
        hit = np.flatnonzero(owner == number)
        if number == 0:
            out[hit] = _sky(rays[hit])
            continue
        p = origin + distance[hit][:, None] * rays[hit]
        if number == 1:
            out[hit] = _ground(p)
            continue
        axis, level, kind = walls[number - 2]
        u, z = p[:, 1 - axis], p[:, 2]
        out[hit] = _facade(u, z) if kind == "facade" else _leaves(u + 3 * level, z, kind)
    return out


def _sky(rays: Array) -> Array:
    elevation = rays[:, 2] / np.linalg.norm(rays, axis=1)
    sky = np.array([168.0, 192.0, 216.0]) + np.clip(elevation, 0, 1)[:, None] * np.array(
        [-60.0, -40.0, -10.0]
    )
    bearing = np.arctan2(rays[:, 1], rays[:, 0])
    clouded: Array = sky + (10 * _cloud(bearing * 9, elevation * 30, 1.5, 61))[:, None]
    return clouded


def _ground(p: Array) -> Array:
    x, y = p[:, 0], p[:, 1]
    edge = 1.45 + 0.06 * _cloud(x, x * 0, 0.5, 57)
    paved = np.abs(y) < edge
    out = np.empty(p.shape, dtype=np.float32)
    out[paved] = _slabs(x[paved], y[paved])
    x, y = x[~paved], y[~paved]
    out[~paved] = (
        np.array([98.0, 114.0, 66.0])
        * (1 + 0.16 * _cloud(x, y, 0.7, 41) + 0.14 * _noise(x, y, 0.09, 44))[:, None]
    )
    return out


def _slabs(x: Array, y: Array) -> Array:
    slab: Array = (
        np.array([158.0, 152.0, 142.0])
        * (1 + 0.05 * _cloud(x, y, 0.8, 47) + 0.05 * _noise(x, y, 0.05, 49))[:, None]
    )
    row = np.floor(y / 0.5)
    slab *= (1 + 0.05 * _noise(np.floor(x / 0.8 + 0.5 * (row % 2)) + 0.5, row + 0.5, 1.0, 53))[:, None]
    slab[((y / 0.5) % 1 < 0.05) | ((x / 0.8 + 0.5 * (row % 2)) % 1 < 0.03)] *= 0.80
    return slab


def _facade(u: Array, z: Array) -> Array:
    row = np.floor(z / 0.09)
    brick = _noise(np.floor(u / 0.26 + 0.5 * (row % 2)) + 0.5, row + 0.5, 1.0, 71)
    color = np.array([168.0, 132.0, 108.0]) * (1 + 0.10 * brick + 0.05 * _cloud(u, z, 1.5, 73))[:, None]
    color[((z / 0.09) % 1 < 0.14) | ((u / 0.26 + 0.5 * (row % 2)) % 1 < 0.05)] *= 1.10
    color[z < 0.55] = np.array([140.0, 136.0, 128.0]) * (1 + 0.05 * _cloud(u, z, 0.4, 75)[z < 0.55])[:, None]
    place = u % 3.1
    _paint(color, (np.abs(place - 1.5) < 0.68) & (z > 0.92) & (z < 2.58), np.array([222.0, 218.0, 208.0]))
    glass = np.stack([70 + 24 * z, 84 + 26 * z, 96 + 28 * z], axis=1)
    _paint(color, (np.abs(place - 1.5) < 0.6) & (np.abs(place - 1.5) > 0.025) & (z > 1.0) & (z < 2.5), glass)
    return color


def _leaves(u: Array, z: Array, kind: str) -> Array:
    tone = 0.32 * _cloud(u, z, 0.35, 81) + 0.25 * _noise(u, z, 0.08, 85)
    base = np.array([62.0, 84.0, 48.0]) if kind == "hedge" else np.array([84.0, 104.0, 58.0])
    return base * (0.9 + tone + 0.08 * np.clip(z, 0, 3))[:, None]


@lru_cache(maxsize=44)
def background_plate(scene: str, angle: int) -> NDArray[np.uint8]:
    """The empty scene as the camera at `angle` sees it, without noise: uint8 (240, 320, 3)."""
    return plate_seen_by(camera_at(angle), scene)


def plate_seen_by(camera: Camera, scene: str) -> NDArray[np.uint8]:
    """The empty scene as any camera sees it, without noise: uint8 (240, 320, 3), read-only."""
    cast = _indoor if scene == "indoor" else _outdoor
    # Two rays a pixel, on its diagonal, smooth both upright and level edges.
    v, u = np.mgrid[0:HEIGHT, 0:WIDTH]
    small = np.zeros((HEIGHT * WIDTH, 3), dtype=np.float32)
    for inset in (0.25, 0.75):
        local = np.stack(
            [(u + inset - WIDTH / 2) / FOCAL, (v + inset - HEIGHT / 2) / FOCAL, np.ones(u.shape)], axis=-1
        )
        rays = (local.reshape(-1, 3) @ camera.axes).astype(np.float32)
        # In pieces that stay in the processor's cache: twice as fast as all rays at once.
        for i in range(0, len(rays), _PIECE):
            piece = slice(i, i + _PIECE)
            small[piece] += np.float32(0.5) * cast(camera.position.astype(np.float32), rays[piece])
    soft = cv2.GaussianBlur(small.reshape(HEIGHT, WIDTH, 3), (3, 3), 0.5)
    plate: NDArray[np.uint8] = np.clip(np.round(soft), 0, 255).astype(np.uint8)
    plate.setflags(write=False)
    return plate
