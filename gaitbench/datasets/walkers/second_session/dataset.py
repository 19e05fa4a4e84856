"""The data set ``walkers`` with a second session: everybody on the ten walks once more, weeks later."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import ANGLES, WALKS, Recording, SequenceKey, TrueMasks
from gaitbench.datasets.walkers.cameras.camera import Camera
from gaitbench.datasets.walkers.dataset import RENDER_VERSION, Walkers
from gaitbench.datasets.walkers.second_session.amounts import (
    AMOUNTS,
    SESSION_VERSION,
    Amounts,
    first_walk,
    later_walk,
)
from gaitbench.datasets.walkers.second_session.cast import both_casts
from gaitbench.datasets.walkers.second_session.filming import (
    Light,
    later_light,
    later_plate,
    moved_camera,
    white_balance,
)
from gaitbench.errors import DataError

__all__ = ["TwoSessions"]


class TwoSessions(Walkers):
    """Rendered walkers in two sessions: walks ``nm-01`` of the first, ``2@nm-01`` of the second.

    Sequences of the first session are those of `Walkers`, bit for bit.

    Parameters
    ----------
    seed, subjects, length, fps
        As of `Walkers`.
    amounts : Amounts
        How much the second session differs.
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
        self._walkers = Walkers(seed, subjects, length, fps)
        self._cast = self._both = both_casts(seed, length, fps, amounts)

    def __getstate__(self) -> dict[str, object]:
        return {**super().__getstate__(), "amounts": self.amounts}

    def fingerprint(self) -> str:
        """Hash of both renderers' versions and of every parameter."""
        text = f"{super().fingerprint()}:{RENDER_VERSION}:{SESSION_VERSION}:{astuple(self.amounts)}"
        return hashlib.sha256(text.encode()).hexdigest()

    def keys(self) -> list[SequenceKey]:
        """All subjects x 20 walks x 11 angles, sorted."""
        walks = (*WALKS, *map(later_walk, WALKS))
        return sorted(
            SequenceKey(f"{s:03d}", w, a) for s in range(1, self.subjects + 1) for w in walks for a in ANGLES
        )

    def held_by(self, key: SequenceKey) -> Walkers:
        """The set that a sequence is of: the first session is `Walkers` itself, and so is what is made of it."""
        return self if first_walk(key.walk)[0] else self._walkers

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Render one sequence; see `Walkers.load`."""
        recording = super().load(key, frames=frames, video=video)
        if not first_walk(key.walk)[0] or recording.frames is None or recording.background is None:
            return recording
        return replace(
            recording,
            frames=self._balanced(key, recording.frames),
            background=self._balanced(key, recording.background),
        )

    def true_masks(
        self, key: SequenceKey, *, body: str, frames: int | None = None, rgb: bool | Sequence[int] = True
    ) -> TrueMasks:
        """The clothes, colouring and load of `key` on the body of `body` in that session; see `Walkers.true_masks`."""
        truth = super().true_masks(key, body=body, frames=frames, rgb=rgb)
        if not first_walk(key.walk)[0] or truth.rgb is None:
            return truth
        return replace(truth, rgb=self._balanced(key, truth.rgb))

    def _balanced(self, key: SequenceKey, pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
        rng = self._both.later.rng("film", key.subject)
        return white_balance(pictures, rng, self.amounts)

    def _camera(self, key: SequenceKey) -> Camera:
        later = first_walk(key.walk)[0]
        return moved_camera(self.seed, key.angle, self.amounts) if later else super()._camera(key)

    def _plate(self, key: SequenceKey, scene: str) -> NDArray[np.uint8]:
        later = first_walk(key.walk)[0]
        return later_plate(self.seed, scene, key.angle, self.amounts) if later else super()._plate(key, scene)

    def _light(self, key: SequenceKey, scene: str) -> Light:
        if not first_walk(key.walk)[0]:
            return super()._light(key, scene)
        return later_light(self._both.later.rng("light", key.subject), scene, self.amounts)

    def _check(self, key: SequenceKey) -> None:
        later, plain = first_walk(key.walk)
        if later and plain not in WALKS:
            raise DataError(
                f"walkers have no sequence {key}; the walks of the second session are "
                f"{', '.join(map(later_walk, WALKS))}"
            )
        super()._check(replace(key, walk=plain))
