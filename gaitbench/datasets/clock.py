"""Frames by the clock: every sequence is read at 25 frames a second, whatever it was filmed at. Ours.

Periods, speeds and the number of frames of a suite mean seconds: 28 frames at 75 a second are a third of a stride.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.errors import ConfigError

__all__ = ["RATE", "check_rate", "frames_at", "said_of", "stretch"]

#: Frames a second at which gaits are read (CASIA-B's, and the walkers').
RATE = 25.0
#: Clocks this near to it are left alone.
_NEAR = 0.03
#: Frames without a person that do not end a stretch.
_GAP = 3


def check_rate(rate: float | None, option: str = "--fps") -> float | None:
    """A frame rate as a user gives it.

    Raises
    ------
    ConfigError
        If no camera films at that rate.
    """
    if rate is not None and not (math.isfinite(rate) and 1 <= rate <= 1000):
        raise ConfigError(f"{option} {rate} is not possible; give frames a second, 1 to 1000")
    return rate


def frames_at(times: ArrayLike) -> NDArray[np.intp]:
    """Which frames to take so that there are 25 a second.

    Parameters
    ----------
    times : float array (T,)
        Seconds, ascending.

    Returns
    -------
    int array
        Ascending and without repeats: a clip of fewer frames a second is taken whole.
    """
    t = np.asarray(times, dtype=np.float64)
    if len(t) < 3:
        return np.arange(len(t))
    steps = np.diff(t)
    if np.all(np.abs(steps * RATE - 1) <= _NEAR):
        return np.arange(len(t))
    grid = np.arange(t[0], t[-1] + 1e-6, 1 / RATE)
    after = np.clip(np.searchsorted(t, grid - 1e-9), 1, len(t) - 1)
    nearest = np.where(grid - t[after - 1] <= t[after] - grid, after - 1, after)
    return np.unique(nearest)


def said_of(times: ArrayLike) -> str:
    """The clock of a clip in a phrase; "" where it is the usual one."""
    t = np.asarray(times, dtype=np.float64)
    if len(t) < 3:
        return ""
    steps = np.diff(t)
    rate = (len(t) - 1) / (t[-1] - t[0]) if t[-1] > t[0] else 0.0
    if rate <= 0:
        return "a video without a clock, its frame rate assumed: 25 a second"
    if steps.max() > 1.5 * steps.min():
        return "filmed at a varying frame rate, taken at 25 a second by its clock"
    if abs(rate / RATE - 1) <= _NEAR:
        return ""
    if rate < RATE:
        return f"filmed at {rate:.4g} frames a second, fewer than 25: taken whole"
    return f"filmed at {rate:.4g} frames a second, taken at 25"


def stretch(seen: NDArray[np.bool_], frames: int | None) -> NDArray[np.bool_]:
    """The first `frames` frames that show the person, of one stretch of time.

    The first stretch that has so many, else the longest; up to three frames without the person do not end one.

    Parameters
    ----------
    seen : bool array (T,)
    frames : int or None
        None takes every frame that shows the person.

    Returns
    -------
    bool array (T,)
    """
    if frames is None:
        return seen
    places = np.flatnonzero(seen)
    out = np.zeros(len(seen), dtype=bool)
    if not len(places):
        return out
    parts = np.split(places, np.flatnonzero(np.diff(places) > _GAP + 1) + 1)
    whole = [p for p in parts if len(p) >= frames]
    out[(whole[0] if whole else max(parts, key=len))[:frames]] = True
    return out
