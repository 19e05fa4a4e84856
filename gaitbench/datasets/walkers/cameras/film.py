"""From hits to film: lit colours over the plate, contact shadow, light drift and camera noise."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.cameras.camera import FOCAL, HEIGHT, WIDTH, Camera
from gaitbench.datasets.walkers.cameras.raster import Hits

__all__ = ["NOISE_SIGMA", "Shadow", "composite", "expose", "lit"]

#: Camera noise in grey levels; the same in the three channels, as sensors filtered by a codec show it.
NOISE_SIGMA = 1.7
_POOL = (HEIGHT + 160, WIDTH + 160)
#: What makes the noise positive in bytes.
_LIFT = 16


@lru_cache(maxsize=1)
def _noise_pool() -> NDArray[np.uint8]:
    """One large noise picture, raised by `_LIFT`; frames take windows of it."""
    rng = np.random.default_rng(20)
    n = np.round(rng.normal(0.0, NOISE_SIGMA, _POOL)) + _LIFT
    return np.repeat(np.clip(n, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def lit(hits: Hits, ambient: float) -> NDArray[np.uint8]:
    """Shaded colours and coverage of the box, zero where the person is not: uint8 (h, w, 4), coverage 0 or 255."""
    assert hits.light is not None
    at = np.flatnonzero(hits.index)
    places = hits.index.ravel().take(at)
    color = hits.figure.colors.take(hits.points.take(places), axis=1)
    shade = hits.light.take(places)
    np.maximum(shade, np.float32(-0.25), out=shade)
    np.minimum(shade, np.float32(1.0), out=shade)
    shade *= np.float32(1.16 - ambient)
    shade += np.float32(ambient)
    color *= shade
    np.minimum(color, np.float32(255.0), out=color)
    pixels = np.full((len(at), 4), 255, dtype=np.uint8)
    for channel in range(3):
        pixels[:, channel] = color[channel]
    out = np.zeros((*hits.index.shape, 4), dtype=np.uint8)
    # Four bytes move as one.
    out.view(np.uint32).reshape(-1)[at] = pixels.view(np.uint32)[:, 0]
    return out


def composite(frame: NDArray[np.uint8], hits: Hits, color: NDArray[np.uint8]) -> None:
    """Lay the person over `frame` in place, with the soft outline a lens gives."""
    h, w = hits.index.shape
    soft = cv2.GaussianBlur(color, (3, 3), 0.55, borderType=cv2.BORDER_CONSTANT)
    person = cv2.cvtColor(soft, cv2.COLOR_RGBA2RGB)
    clear = cv2.cvtColor(255 - soft[..., 3], cv2.COLOR_GRAY2RGB)
    box = frame[hits.top : hits.top + h, hits.left : hits.left + w]
    cv2.add(cv2.multiply(box, clear, scale=1 / 255), person, dst=box)


class Shadow:
    """Soft ellipses on the floor, worked out for all frames of a sequence at once.

    Parameters
    ----------
    camera : Camera
    spots : float64 array (T, n, 3)
        World x, y and radius in metres.
    strength : float
        How much light the middle of a spot takes, 0 to 1.
    """

    def __init__(self, camera: Camera, spots: NDArray[np.float64], strength: float) -> None:
        at = np.concatenate([spots[..., :2], np.zeros((*spots.shape[:-1], 1))], axis=-1)
        centre = camera.project(at)
        # A circle on the floor is foreshortened by the camera's elevation above it.
        tilt = camera.position[2] / np.linalg.norm(camera.position - at, axis=-1)
        across = spots[..., 2] * FOCAL / centre[..., 2]
        self.strength = strength
        self._columns, x = _extent(centre[..., 0], across, WIDTH)
        self._rows, y = _extent(centre[..., 1], across * tilt, HEIGHT)
        self._x, self._y = x, y.transpose(0, 2, 1).copy()

    def fall(self, frame: NDArray[np.uint8], t: int) -> None:
        """Darken the floor of `frame`, number `t` of the sequence.  In place."""
        (left, right), (top, bottom) = self._columns[t], self._rows[t]
        if right <= left or bottom <= top:
            return
        # Three soft spots add up to nearly the product of what each lets through.
        dark = np.minimum(self._y[t, top:bottom] @ self._x[t, :, left:right], np.float32(1.5))
        light = cv2.convertScaleAbs(dark, alpha=-255 * self.strength, beta=255)
        box = frame[top:bottom, left:right]
        cv2.multiply(box, cv2.cvtColor(light, cv2.COLOR_GRAY2RGB), dst=box, scale=1 / 255)


def _extent(
    centre: NDArray[np.float64], half: NDArray[np.float64], size: int
) -> tuple[list[list[int]], NDArray[np.float32]]:
    """Along one axis: pixels from and to (T, 2) where the spots matter, and their profiles (T, n, size)."""
    low = np.clip((centre - 2 * half).min(axis=1), 0, size).astype(int)
    high = np.clip((centre + 2 * half).max(axis=1) + 1, 0, size).astype(int)
    pixels = np.arange(size, dtype=np.float32) + np.float32(0.5)
    x = (pixels - centre[..., None].astype(np.float32)) / half[..., None].astype(np.float32)
    return np.stack([low, high], axis=1).tolist(), np.exp(-x * x)


def expose(frame: NDArray[np.uint8], gain: float, offset: tuple[int, int], out: NDArray[np.uint8]) -> None:
    """Apply the light's drift and the camera's noise (the window of the pool at `offset`); the result is `out`."""
    r, c = offset
    cv2.addWeighted(frame, gain, _noise_pool()[r : r + HEIGHT, c : c + WIDTH], 1.0, -_LIFT, dst=out)
