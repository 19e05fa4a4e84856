"""What is known of a gait beyond its pictures: joints and cycle of rendered walkers; nothing of filmed people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.true_gait import true_gait

__all__ = ["GaitTruth", "truth_of"]


@dataclass(frozen=True)
class GaitTruth:
    """The true gait of one sequence.

    Parameters
    ----------
    joints : float64 array (T, J, 2)
        Column and row of each joint in the picture, the pelvis at 0, in units of the person's height in the picture.
    period : float
        Frames a gait cycle.
    """

    joints: NDArray[np.float64]
    period: float


def truth_of(dataset: Dataset, key: SequenceKey, frame_numbers: NDArray[np.int32]) -> GaitTruth | None:
    """The true gait in the frames with these 1-based numbers; None where nobody knows it.

    Known of the walkers, in memory or exported to files.
    """
    walkers = dataset if isinstance(dataset, Walkers) else getattr(dataset, "made_of", None)
    if not isinstance(walkers, Walkers):
        return None
    joints, period = true_gait(walkers, key, frame_numbers)
    return GaitTruth(joints, period)
