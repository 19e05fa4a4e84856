"""A hall that makes it hard to cut people out: a floor that mirrors them, a lamp behind the camera, rolling flicker.

The shadow is looked up: the person as the lamp sees them is what floor and wall do not get of its light. The mirror
image is the person seen by a camera below the floor.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.motion import Motion
from gaitbench.datasets.walkers.cameras.camera import FOCAL, HEIGHT, WIDTH, Camera, camera_at
from gaitbench.datasets.walkers.cameras.film import lit
from gaitbench.datasets.walkers.cameras.raster import Hits, Levels, rasterize

__all__ = ["Hall"]

#: Where the lamp hangs, in metres: at a window of the wall behind the cameras.
_LAMP = np.array([2.5, 9.2, 2.9])
#: Places of the wall behind the path and of the walls at the ends, and the height of the ceiling.
_WALL, _END, _CEILING = -3.6, 9.5, 3.1
#: Share of the light that the lamp's shadow takes, and its softness in pixels as the lamp sees them.
_SHADOW, _PENUMBRA = 0.35, 2.0
#: Share of light that the floor mirrors, and how blurred.
_GLOSS, _BLUR = 0.28, 1.2
#: Bands of light that roll over the picture, as lamps on mains give under a shutter that reads row by row: how deep,
#: how many a picture, and how far they move from frame to frame.
_DEPTH, _BANDS, _STEP = 0.03, 1.6, 0.31


@dataclass(frozen=True)
class Hall:
    """One walk in the hall.

    Parameters
    ----------
    levels : callable
        ``near (bool) -> Figure``.
    motion : Motion
    camera : Camera
    light : float64 array (3,)
        Direction to the light that the person is shaded by.
    ambient : float
    front : float32 array (H, W) or None
        How much of each pixel something in front covers: nothing falls on that.
    """

    levels: Levels
    motion: Motion
    camera: Camera
    light: NDArray[np.float64]
    ambient: float
    front: NDArray[np.float32] | None

    def filmed(
        self, film: NDArray[np.uint8], masks: NDArray[np.bool_], numbers: NDArray[np.int32]
    ) -> NDArray[np.uint8]:
        """The film with shadow, mirror image and flicker.

        Parameters
        ----------
        film : uint8 array (T, H, W, 3)
        masks : bool array (T, H, W)
            Where the person is.
        numbers : int32 array (T,)
            1-based numbers of the frames.
        """
        floor, columns, rows = _ground(self.camera.angle)
        last = int(numbers[-1])
        lamp = rasterize(self.levels, self.motion, _lamp(), None, last)
        below = rasterize(self.levels, self.motion, _mirrored(self.camera), self.light, last)
        place = {int(n) - 1: i for i, n in enumerate(numbers)}
        out = np.empty_like(film)
        for t, (seen_by_lamp, mirrored) in enumerate(zip(lamp, below, strict=True)):
            if t not in place:
                continue
            i = place[t]
            free = 1.0 - cv2.GaussianBlur(masks[i].astype(np.float32), (3, 3), 0.55)
            if self.front is not None:
                free *= 1.0 - self.front
            dark = cv2.remap(_shade(seen_by_lamp), columns, rows, cv2.INTER_LINEAR)
            picture = film[i] * (1.0 - _SHADOW * dark * free)[..., None]
            colour, share = _image(mirrored, self.ambient)
            share *= _GLOSS * free * floor
            picture += share[..., None] * (colour - picture)
            out[i] = np.clip(np.rint(picture), 0, 255)
        return self.flicker(out, numbers.astype(np.intp) - 1)

    @staticmethod
    def flicker(film: NDArray[np.uint8], instants: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Frames (T, H, W, 3) under the bands of their instants, in frames from the first of the walk."""
        turns = _BANDS * np.arange(film.shape[1]) / film.shape[1] + _STEP * instants[:, None]
        gain = (1.0 + _DEPTH * np.sin(2 * np.pi * turns)).astype(np.float32)
        lit_so: NDArray[np.uint8] = np.clip(np.rint(film * gain[:, :, None, None]), 0, 255).astype(np.uint8)
        return lit_so


def _shade(hits: Hits) -> NDArray[np.float32]:
    """The person as the lamp sees them, with soft edges (H, W)."""
    whole = np.zeros((HEIGHT, WIDTH), np.float32)
    rows, columns = hits.index.shape
    whole[hits.top : hits.top + rows, hits.left : hits.left + columns] = hits.index > 0
    return np.asarray(cv2.GaussianBlur(whole, (0, 0), _PENUMBRA), np.float32)


def _image(hits: Hits, ambient: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The mirror image: colours (H, W, 3) and how much of each pixel it covers (H, W), blurred together."""
    whole = np.zeros((HEIGHT, WIDTH, 4), np.float32)
    rows, columns = hits.index.shape
    whole[hits.top : hits.top + rows, hits.left : hits.left + columns] = lit(hits, ambient)
    soft = np.asarray(cv2.GaussianBlur(whole, (0, 0), _BLUR), np.float32)
    share = np.asarray(soft[..., 3] / np.float32(255), np.float32)
    colour = soft[..., :3] / np.maximum(share, np.float32(1e-3))[..., None]
    return np.asarray(colour, np.float32), share


def _lamp() -> Camera:
    """The lamp as a camera that sees the whole path."""
    forward = np.array([0.0, 0.0, 0.9]) - _LAMP
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    return Camera(0, _LAMP, np.stack([right, np.cross(forward, right), forward]))


def _mirrored(camera: Camera) -> Camera:
    """The camera below the floor that sees everybody where the floor shows them to `camera`."""
    flip = np.array([1.0, 1.0, -1.0])
    return Camera(camera.angle, camera.position * flip, camera.axes * flip)


@lru_cache(maxsize=11)
def _ground(angle: int) -> tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.float32]]:
    """Which pixels of a camera show the floor, and which column and row of the lamp's picture lights each pixel.

    Pixels that show neither the floor nor the wall behind the path are lit from outside that picture.
    """
    camera = camera_at(angle)
    v, u = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    rays = (
        np.stack([(u - WIDTH / 2) / FOCAL, (v - HEIGHT / 2) / FOCAL, np.ones(u.shape)], axis=-1) @ camera.axes
    )
    planes = ((2, 0.0), (1, _WALL), (2, _CEILING), (0, _END), (0, -_END))
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.stack([(level - camera.position[axis]) / rays[..., axis] for axis, level in planes])
    reach[~(reach > 1e-6)] = np.inf
    nearest = reach.argmin(axis=0)
    points = camera.position + np.take_along_axis(reach, nearest[None], 0)[0][..., None] * rays
    seen = _lamp().project(points)
    lost = nearest > 1
    columns, rows = (np.where(lost, -1000.0, seen[..., k] - 0.5).astype(np.float32) for k in (0, 1))
    return nearest == 0, columns, rows
