"""When a walker steps: the cycle that explains the movement best, and how far each component swings with it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recognizer.gait_energy.period import LONGEST_CYCLE, SHORTEST_CYCLE

__all__ = ["HARMONICS", "step_timing"]

#: Swings once, twice and three times a cycle: left from right, step from step, and their shape.
HARMONICS = 3
#: Seconds between the cycles that are tried (ours).
_STEP = 0.02
#: Added to amplitudes before the logarithm: what swings less is noise of the outline (ours).
_FLOOR = 0.01


def step_timing(deviations: NDArray[np.float64], *, fps: float) -> NDArray[np.float64]:
    """Describe the rhythm of a series of poses.

    Sines and cosines of one, two and three swings a cycle are fitted to all components together, for each cycle from
    0.8 to 1.56 s; the cycle that explains most is taken. Unlike the autocorrelation of `recognizer.gait_period` this
    answers for a single cycle, too, if not always rightly.

    Parameters
    ----------
    deviations : float64 array (T, k)
        Poses less their mean.
    fps : float
        Frames a second.

    Returns
    -------
    float64 array (2 + 3 k,)
        Seconds a cycle, the share of the movement that it explains, and the logarithm of each component's amplitude at
        each harmonic. Zeros where there are too few frames (fewer than 8) or no movement.
    """
    count, parts = deviations.shape
    energy = float((deviations**2).sum())
    if count <= 2 * HARMONICS + 1 or energy <= 1e-12:
        return np.zeros(2 + HARMONICS * parts)
    cycles = _cycles()
    explained = ((_waves(count, fps) @ deviations) ** 2).reshape(len(cycles), -1).sum(axis=1)
    best = int(np.argmax(explained))
    waves = _fitted(count, float(cycles[best]), fps)
    found = np.linalg.lstsq(waves, deviations, rcond=None)[0][1:]
    amplitudes = np.hypot(found[0::2], found[1::2])
    return np.concatenate([[cycles[best], explained[best] / energy], np.log(amplitudes + _FLOOR).ravel()])


def _cycles() -> NDArray[np.float64]:
    """Seconds of the cycles that are tried: the range of `recognizer.gait_period`."""
    return np.arange(SHORTEST_CYCLE, LONGEST_CYCLE + 1e-9, _STEP)


def _fitted(count: int, cycle: float, fps: float) -> NDArray[np.float64]:
    """A constant, and sines and cosines of a cycle in seconds: (T, 1 + 2 harmonics)."""
    phase = 2 * np.pi * np.arange(count) / (cycle * fps)
    swings = [wave(h * phase) for h in range(1, HARMONICS + 1) for wave in (np.cos, np.sin)]
    return np.stack([np.ones(count), *swings], axis=1)


@lru_cache(maxsize=256)
def _waves(count: int, fps: float) -> NDArray[np.float64]:
    """An orthonormal basis of the swings of each cycle, one below the other: sequences of one length share them."""
    return np.concatenate([np.linalg.qr(_fitted(count, float(cycle), fps))[0].T for cycle in _cycles()])
