"""Joints and cycle of a walker, without drawing him."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.walkers.bodies.body import BONES
from gaitbench.datasets.walkers.dataset import Walkers

__all__ = ["true_gait"]


def true_gait(
    walkers: Walkers, key: SequenceKey, frame_numbers: NDArray[np.int32]
) -> tuple[NDArray[np.float64], float]:
    """Joints in the picture and the period of a sequence.

    Parameters
    ----------
    walkers : Walkers
    key : SequenceKey
    frame_numbers : int array (T,)
        1-based.

    Returns
    -------
    joints : float64 array (T, J, 2)
        Column and row, the pelvis at 0, over the height that the joints span in the picture (mean over the frames).
    period : float
        Frames a cycle.
    """
    motion = walkers._cast.motion(key.subject, key.walk, key.subject)
    seen = walkers._camera(key).project(motion.origins[np.asarray(frame_numbers) - 1])[..., :2]
    height = float(np.mean(np.ptp(seen[..., 1], axis=1)))
    return (seen - seen[:, BONES.index("pelvis"), None]) / height, float(motion.period)
