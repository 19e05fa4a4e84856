"""From hits to film: lit colours over the plate, contact shadow, light drift and camera noise."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.camera import FOCAL, HEIGHT, WIDTH, Camera
from gaitbench.datasets.walkers.raster import Hits

__all__ = ["NOISE_SIGMA", "composite", "expose", "lit", "shadow", "shadow_spots"]

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


def lit(hits: Hits, ambient: float) -> NDArray[np.uint8]:
    """Shaded colours and coverage of the box, zero where the person is not: uint8 (h, w, 4), coverage 0 or 255."""
    flat = hits.index.ravel()
    out = hits.figure.colors.take(flat, axis=0)
    shade = hits.light.take(flat)
    np.clip(shade, -0.25, 1.0, out=shade)
    shade *= np.float32(1.16 - ambient)
    shade += np.float32(ambient)
    out[:, :3] *= shade[:, None]
    np.minimum(out, 255.0, out=out)
    return out.astype(np.uint8).reshape(*hits.index.shape, 4)


def composite(frame: NDArray[np.uint8], hits: Hits, color: NDArray[np.uint8]) -> None:
    """Lay the person over `frame` in place, with the soft outline a lens gives."""
    h, w = hits.index.shape
    soft = cv2.GaussianBlur(color, (3, 3), 0.55, borderType=cv2.BORDER_CONSTANT)
    person = cv2.cvtColor(soft, cv2.COLOR_RGBA2RGB)
    clear = cv2.cvtColor(255 - soft[..., 3], cv2.COLOR_GRAY2RGB)
    box = frame[hits.top : hits.top + h, hits.left : hits.left + w]
    box[...] = cv2.add(cv2.multiply(box, clear, scale=1 / 255), person)


def shadow_spots(camera: Camera, spots: NDArray[np.float64]) -> NDArray[np.float32]:
    """Where the soft ellipses lie in the picture.

    Parameters
    ----------
    spots : float64 array (T, n, 3)
        World x, y and radius in metres.

    Returns
    -------
    float32 array (T, n, 4)
        Centre column and row, half-axes across and down, in pixels.
    """
    at = np.concatenate([spots[..., :2], np.zeros((*spots.shape[:-1], 1))], axis=-1)
    centre = camera.project(at)
    scale = FOCAL / centre[..., 2]
    # A circle on the floor is foreshortened by the camera's elevation above it.
    tilt = camera.position[2] / np.linalg.norm(camera.position - at, axis=-1)
    radius = spots[..., 2] * scale
    return np.stack([centre[..., 0], centre[..., 1], radius, radius * tilt], axis=-1).astype(np.float32)


_ACROSS = np.arange(WIDTH, dtype=np.float32) + np.float32(0.5)
_DOWN = np.arange(HEIGHT, dtype=np.float32) + np.float32(0.5)


def shadow(frame: NDArray[np.uint8], ellipses: NDArray[np.float32], strength: float) -> None:
    """Darken the floor in soft `ellipses` (n, 4), one frame's share of `shadow_spots`.  In place."""
    low = (ellipses[:, :2] - 2 * ellipses[:, 2:]).min(axis=0)
    high = (ellipses[:, :2] + 2 * ellipses[:, 2:]).max(axis=0)
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(WIDTH, int(high[0]) + 1), min(HEIGHT, int(high[1]) + 1)
    if right <= left or bottom <= top:
        return
    x = (_ACROSS[left:right] - ellipses[:, :1]) / ellipses[:, 2:3]
    y = (_DOWN[top:bottom] - ellipses[:, 1:2]) / ellipses[:, 3:4]
    gx, gy = np.exp(-x * x), np.exp(-y * y)
    # Three soft spots add up to nearly the product of what each lets through.
    light = np.float32(1.0) - np.float32(strength) * np.minimum(gy.T @ gx, np.float32(1.5))
    box = frame[top:bottom, left:right]
    box[...] = cv2.multiply(box, cv2.cvtColor(light, cv2.COLOR_GRAY2RGB), dtype=cv2.CV_8U)


def expose(frame: NDArray[np.uint8], gain: float, offset: tuple[int, int]) -> NDArray[np.uint8]:
    """Apply the light's drift and the camera's noise (the window of the pool at `offset`)."""
    up, down = _noise_pool()
    r, c = offset
    window = (slice(r, r + HEIGHT), slice(c, c + WIDTH))
    table = np.rint(np.minimum(gain * np.arange(256), 255)).astype(np.uint8)
    out = np.asarray(cv2.LUT(frame, table), dtype=np.uint8)
    cv2.add(out, up[window], dst=out)
    cv2.subtract(out, down[window], dst=out)
    return out
