"""Eleven cameras on an arc about the middle of the walking path, as CASIA-B's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["HEIGHT", "WIDTH", "Camera", "camera_at"]

#: Size of a frame in pixels.
HEIGHT, WIDTH = 240, 320
#: Focal length in pixels, distance to the middle of the path and height of the camera in metres (ours: a
#: person of 1.75 m is then about 112 pixels tall in the middle of the path).
FOCAL, DISTANCE, EYE = 448.0, 7.0, 1.5
_TARGET = np.array([0.0, 0.0, 0.93])


@dataclass(frozen=True)
class Camera:
    """A pinhole camera.

    Parameters
    ----------
    angle : int
        Viewing angle in degrees: 0 the person comes towards it, 90 side view (the walker's left), 180 from behind.
    position : float64 array (3,)
        In world metres.
    axes : float64 array (3, 3)
        Rows: right, down, forward.
    """

    angle: int
    position: NDArray[np.float64]
    axes: NDArray[np.float64]

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Projection (3, 4): world metres to (column * depth, row * depth, depth) in pixels and metres."""
        k = np.array([[FOCAL, 0.0, WIDTH / 2], [0.0, FOCAL, HEIGHT / 2], [0.0, 0.0, 1.0]])
        view = np.concatenate([self.axes, -(self.axes @ self.position)[:, None]], axis=1)
        projection: NDArray[np.float64] = k @ view
        return projection

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """World points (..., 3) to (..., 3): column and row in pixels (pixel centres at halves), depth in metres."""
        m = self.matrix
        p = points @ m[:, :3].T + m[:, 3]
        return np.concatenate([p[..., :2] / p[..., 2:], p[..., 2:]], axis=-1)


def camera_at(angle: int) -> Camera:
    """The camera that sees the path at `angle` degrees."""
    a = np.radians(angle)
    position = np.array([DISTANCE * np.cos(a), DISTANCE * np.sin(a), EYE])
    forward = _TARGET - position
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    return Camera(angle, position, np.stack([right, np.cross(forward, right), forward]))
