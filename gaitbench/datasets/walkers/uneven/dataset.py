"""The data set ``walkers`` with uneven people and cameras."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import astuple
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.walkers.bodies.kinematics import rotation
from gaitbench.datasets.walkers.bodies.motion import Motion
from gaitbench.datasets.walkers.cameras.camera import DISTANCE, Camera, camera_at
from gaitbench.datasets.walkers.cameras.raster import Hits, Levels
from gaitbench.datasets.walkers.cameras.scenes import plate_seen_by
from gaitbench.datasets.walkers.dataset import Walkers
from gaitbench.datasets.walkers.uneven.amounts import AMOUNTS, UNEVEN_VERSION, Amounts
from gaitbench.datasets.walkers.uneven.people import uneven_cast
from gaitbench.datasets.walkers.uneven.tears import mended

__all__ = ["UnevenWalkers", "uneven_camera"]

_CAMERA, _UNEVEN, _CUT = 12, 3, 1.8  # the random numbers of cameras; nobody hangs one half a metre off


class UnevenWalkers(Walkers):
    """The walkers of `Walkers`, whose left and right differ as people's do, before cameras off the exact arc.

    Bodies, clothes, courses and scenes are those of the same seed; what `Amounts` says is added, and tears in a leg are
    mended (`gaitbench.datasets.walkers.uneven.tears`).

    Parameters
    ----------
    seed, subjects, length, fps
        As of `Walkers`.
    amounts : Amounts
    """

    def __init__(
        self,
        seed: int = 0,
        subjects: int = 124,
        length: int = 60,
        fps: float = 25.0,
        amounts: Amounts = AMOUNTS,
    ) -> None:
        super().__init__(seed, subjects, length, fps)
        self.amounts = amounts
        self._cast = uneven_cast(seed, length, fps, amounts)

    def __getstate__(self) -> dict[str, object]:
        return {**super().__getstate__(), "amounts": self.amounts}

    def fingerprint(self) -> str:
        """Hash of both renderers' versions and of every parameter."""
        text = f"{super().fingerprint()}:uneven:{UNEVEN_VERSION}:{astuple(self.amounts)}"
        return hashlib.sha256(text.encode()).hexdigest()

    def _seen(
        self, levels: Levels, motion: Motion, camera: Camera, light: NDArray[np.float64] | None, last: int
    ) -> Iterator[Hits]:
        return map(mended, super()._seen(levels, motion, camera, light, last))

    def _camera(self, key: SequenceKey) -> Camera:
        return uneven_camera(self.seed, key.angle, self.amounts)

    def _plate(self, key: SequenceKey, scene: str) -> NDArray[np.uint8]:
        return _plate(self.seed, scene, key.angle, self.amounts)


@lru_cache(maxsize=44)
def uneven_camera(seed: int, angle: int, amounts: Amounts) -> Camera:
    """The camera of a view where it really hangs: one rig for all people and walks of a seed."""
    rng = np.random.default_rng(np.random.SeedSequence((seed, _CAMERA, angle, _UNEVEN)))
    z = np.clip(rng.standard_normal(6), -_CUT, _CUT)
    meant = camera_at(angle)
    along = rotation(2, np.array([amounts.arc * z[0]]))[0]
    nearer = 1.0 + amounts.radius * z[1] / DISTANCE
    position = along @ meant.position * np.array([nearer, nearer, 1.0])
    position = position + np.array([0.0, 0.0, amounts.height * z[2]])
    # Turned with its place about the middle of the path, then tilted, panned and rolled about its own axes.
    axes = meant.axes @ along.T
    for axis, degrees in enumerate((amounts.aim * z[3:]).tolist()):
        axes = rotation(axis, np.array([degrees]))[0] @ axes
    return Camera(angle, position, axes)


@lru_cache(maxsize=44)
def _plate(seed: int, scene: str, angle: int, amounts: Amounts) -> NDArray[np.uint8]:
    """The empty scene as that camera sees it: uint8 (240, 320, 3)."""
    return plate_seen_by(uneven_camera(seed, angle, amounts), scene)
