"""From hits to film: lit colours over the plate, contact shadow, light drift and camera noise."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.camera import HEIGHT, WIDTH, Camera
from gaitbench.datasets.walkers.figure import Figure
from gaitbench.datasets.walkers.raster import Hits

__all__ = ["NOISE_SIGMA", "composite", "expose", "lit", "shadow"]

#: Camera noise in grey levels; the same in the three channels, as sensors filtered by a codec show it.
NOISE_SIGMA = 1.7
_POOL = (HEIGHT + 160, WIDTH + 160)


@lru_cache(maxsize=1)
def _noise_pool() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Positive and negative parts of one large noise picture; frames take windows of it."""
    rng = np.random.default_rng(20)
    n = np.round(rng.normal(0.0, NOISE_SIGMA, _POOL)).astype(np.int16)
    up = np.repeat(np.maximum(n, 0).astype(np.uint8)[..., None], 3, axis=2)
    down = np.repeat(np.maximum(-n, 0).astype(np.uint8)[..., None], 3, axis=2)
    return up, down


def lit(figure: Figure, hits: Hits, ambient: float) -> NDArray[np.float32]:
    """Shaded colours of the box, zero where the person is not: float32 (h, w, 3), 0 to 255."""
    flat = hits.index.ravel()
    seen = np.flatnonzero(flat >= 0)
    points = flat[seen]
    shade = ambient + (1.16 - ambient) * np.clip(hits.light[points], -0.25, 1.0)
    out = np.zeros((flat.size, 3), dtype=np.float32)
    out[seen] = figure.colors[points] * shade[:, None].astype(np.float32)
    return out.reshape(*hits.index.shape, 3)


def composite(frame: NDArray[np.uint8], hits: Hits, color: NDArray[np.float32]) -> None:
    """Lay the person over `frame` in place, with the soft outline a lens gives."""
    h, w = hits.index.shape
    layer = np.empty((h, w, 4), dtype=np.float32)
    layer[..., :3] = color
    layer[..., 3] = hits.index >= 0
    layer = cv2.GaussianBlur(layer, (3, 3), 0.55)
    box = frame[hits.top : hits.top + h, hits.left : hits.left + w]
    mixed = box * (1.0 - layer[..., 3:]) + layer[..., :3]
    np.clip(np.rint(mixed), 0, 255, out=mixed)
    box[...] = mixed


def shadow(frame: NDArray[np.uint8], camera: Camera, spots: NDArray[np.float64], strength: float) -> None:
    """Darken the floor about `spots` (n, 3): world x, y and radius in metres of each soft ellipse.  In place."""
    at = np.concatenate([spots[:, :2], np.zeros((len(spots), 1))], axis=1)
    centre = camera.project(at)
    scale = 448.0 / centre[:, 2]
    # A circle on the floor is foreshortened by the camera's elevation above it.
    tilt = camera.position[2] / np.linalg.norm(camera.position - at, axis=1)
    rx, ry = spots[:, 2] * scale, spots[:, 2] * scale * np.maximum(tilt, 0.12)
    left = int(max(0, np.floor((centre[:, 0] - 2.5 * rx).min())))
    right = int(min(WIDTH, np.ceil((centre[:, 0] + 2.5 * rx).max())))
    top = int(max(0, np.floor((centre[:, 1] - 2.5 * ry).min())))
    bottom = int(min(HEIGHT, np.ceil((centre[:, 1] + 2.5 * ry).max())))
    if right <= left or bottom <= top:
        return
    x = np.arange(left, right, dtype=np.float32) + 0.5
    y = np.arange(top, bottom, dtype=np.float32) + 0.5
    light = np.ones((bottom - top, right - left), dtype=np.float32)
    for i in range(len(spots)):
        gx = np.exp(-(((x - centre[i, 0]) / rx[i]) ** 2)).astype(np.float32)
        gy = np.exp(-(((y - centre[i, 1]) / ry[i]) ** 2)).astype(np.float32)
        light *= 1.0 - np.float32(strength) * gy[:, None] * gx
    box = frame[top:bottom, left:right]
    box[...] = box * light[..., None]


def expose(frame: NDArray[np.uint8], gain: float, offset: tuple[int, int]) -> NDArray[np.uint8]:
    """Apply the light's drift and the camera's noise (the window of the pool at `offset`)."""
    up, down = _noise_pool()
    r, c = offset
    window = (slice(r, r + HEIGHT), slice(c, c + WIDTH))
    out = cv2.convertScaleAbs(frame, alpha=gain)
    return cv2.subtract(cv2.add(out, up[window]), down[window])
