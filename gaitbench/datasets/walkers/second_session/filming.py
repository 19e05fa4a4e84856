"""How the second session is filmed: cameras that were moved a little, and other light."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.walkers.bodies.kinematics import rotation
from gaitbench.datasets.walkers.cameras.camera import Camera, camera_at
from gaitbench.datasets.walkers.cameras.scenes import LIGHTS, plate_seen_by
from gaitbench.datasets.walkers.second_session.amounts import Amounts

__all__ = ["Light", "later_light", "later_plate", "moved_camera", "white_balance"]

#: Direction to the light, share of ambient light, strength of the contact shadow.
Light = tuple[NDArray[np.float64], float, float]
_CAMERA = 11  # tells these random numbers from those of people


@lru_cache(maxsize=44)
def moved_camera(seed: int, angle: int, amounts: Amounts) -> Camera:
    """The camera that sees the path at `angle` degrees, put up again: some centimetres and a turn of its own off."""
    rng = np.random.default_rng(np.random.SeedSequence((seed, _CAMERA, angle)))
    was = camera_at(angle)
    # Rows of the axes are right, down and forward: turned about themselves they tilt, pan and roll.
    turn = np.eye(3)
    for axis, degrees in enumerate((amounts.aim * rng.standard_normal(3)).tolist()):
        turn = rotation(axis, np.array([degrees]))[0] @ turn
    return Camera(angle, was.position + amounts.camera * rng.standard_normal(3), turn @ was.axes)


@lru_cache(maxsize=44)
def later_plate(seed: int, scene: str, angle: int, amounts: Amounts) -> NDArray[np.uint8]:
    """The empty scene as that camera sees it: uint8 (240, 320, 3)."""
    return plate_seen_by(moved_camera(seed, angle, amounts), scene)


def later_light(rng: np.random.Generator, scene: str, amounts: Amounts) -> Light:
    """The light of a scene on another day: from elsewhere, softer or harder."""
    direction, ambient, shadow = LIGHTS[scene]
    for axis, degrees in enumerate((amounts.sun * rng.standard_normal(3)).tolist()):
        direction = rotation(axis, np.array([np.clip(degrees, -60.0, 60.0)]))[0] @ direction
    # Nothing is lit from under the floor.
    lifted = np.array([direction[0], direction[1], max(float(direction[2]), 0.35)])
    softer = float(np.clip(1.0 + 2.0 * amounts.exposure * rng.standard_normal(), 0.8, 1.2))
    return lifted / np.linalg.norm(lifted), ambient * softer, float(np.clip(shadow / softer, 0.2, 0.6))


def white_balance(
    pictures: NDArray[np.uint8], rng: np.random.Generator, amounts: Amounts
) -> NDArray[np.uint8]:
    """Pictures (..., 3) under another exposure and another white balance: a gain for each colour."""
    gains = np.exp(amounts.exposure * np.clip(rng.standard_normal(3), -2.2, 2.2))
    levels = np.arange(256)
    table = np.stack([np.clip(np.rint(gain * levels), 0, 255) for gain in gains], axis=-1).astype(np.uint8)
    flat = pictures.reshape(-1, pictures.shape[-2], 3)
    out = np.empty_like(flat)
    rows = max(1, (1 << 24) // max(1, flat.shape[1]))
    for i in range(0, len(flat), rows):
        cv2.LUT(np.ascontiguousarray(flat[i : i + rows]), table[None], dst=out[i : i + rows])
    return out.reshape(pictures.shape)
