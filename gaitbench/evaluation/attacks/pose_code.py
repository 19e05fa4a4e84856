"""An attacker with the anonymizer's own eyes: statistics over time of the pose codes that a system reads from a walk.

Whoever publishes a trained anonymizer publishes its encoder, too. What that calls the pose is what the system carries
over from the original to what it shows, and so what it cannot hide without another gait.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import ConfigError
from gaitbench.systems import Anonymizer, PoseReader
from recognizer.attackers.gait_dynamics import GaitDynamics
from recognizer.gaps import bridged

__all__ = ["PoseCode"]


class PoseCode(GaitDynamics):
    """`GaitDynamics` on the pose codes of an anonymizer, in place of components of silhouettes. Ours.

    It reads whatever is shown, anonymized or not, by the encoder of `system`; the run lends it (`borrow`).

    Parameters
    ----------
    system : str
        An anonymizer that reads poses (`gaitbench.systems.PoseReader`): of the built-in ones, ``model-2``.
    statistics, followed, lags, energy, shrinkage, fps
        As in `GaitDynamics`. By default what reads the order of frames alone: the others cost it a tenth of whom it
        names under Model 2 (people of training, `benchmarks.studies.dynamics`).
    """

    name: ClassVar[str] = "pose-code"

    def __init__(
        self,
        *,
        system: str = "model-2",
        statistics: Sequence[str] = ("lags", "turns", "timing"),
        followed: int = 24,
        lags: Sequence[int] = (2, 4, 8),
        energy: float = 0.99,
        shrinkage: float = 0.1,
        fps: float = 25.0,
    ) -> None:
        super().__init__(
            statistics=statistics, followed=followed, lags=lags, energy=energy, shrinkage=shrinkage, fps=fps
        )
        self.system = system

    def borrow(self, anonymizer: Anonymizer) -> None:
        """Take over the encoder of a trained anonymizer.

        Raises
        ------
        ConfigError
            If it reads no poses.
        """
        if not isinstance(anonymizer, PoseReader):
            raise ConfigError(
                f"{self.system} reads no pose codes (it has no method pose_codes), so {self.name} cannot attack with "
                'them; name one that does: {name = "pose-code", settings = {system = "model-2"}}'
            )
        self._reader = anonymizer

    def _learn_poses(self, x: list[NDArray[np.uint8]]) -> None:
        """Nothing to learn: the encoder is trained."""
        self.size_ = np.array(x[0].shape[1:], dtype=np.int64)

    def _series(self, x: list[NDArray[np.uint8]], angles: NDArray[np.int64]) -> list[NDArray[np.float64]]:
        if not hasattr(self, "_reader"):
            raise ConfigError(f"{self.name} has no encoder; call borrow with a trained {self.system} first")
        if (angles < 0).any():
            raise ValueError(f"{self.name} needs the viewing angle of every sample; give angle=")
        found = []
        for frames, angle in zip(x, angles.tolist(), strict=True):
            seen = np.flatnonzero(frames.any(axis=(1, 2)))
            codes = np.asarray(self._reader.pose_codes(frames[seen] > 127, angle), dtype=np.float32)
            if codes.ndim != 2 or len(codes) != len(seen) or not np.isfinite(codes).all():
                raise ValueError(
                    f"pose_codes of {self.system} gave {codes.shape} for {len(seen)} frames; expected as many rows of "
                    "finite numbers"
                )
            found.append(bridged(codes, seen, len(frames)).astype(np.float64))
        return found
