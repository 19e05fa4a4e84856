"""Gait period: how many frames one walking cycle (two steps) takes, and how sure that is.

Conventions: a period is in frames per *gait cycle* (two steps). The legs open once per step, so the number of
foreground pixels in the lower half of the picture swings once per step, twice per cycle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import uniform_filter1d

__all__ = ["GaitPeriod", "gait_period", "lower_half_count"]


@dataclass(frozen=True)
class GaitPeriod:
    """What `gait_period` found.

    Parameters
    ----------
    frames : float or None
        Frames per gait cycle; None when the sequence does not say ("not sure").
    confidence : float
        Autocorrelation of the leg signal at one step, 0 (no rhythm) to 1.
    method : str
        ``"minima"`` (Sarkar's minima, confirmed by the autocorrelation), ``"autocorrelation"`` (the minima
        disagree or are too few), or ``"not sure"``.
    """

    frames: float | None
    confidence: float
    method: str

    @property
    def sure(self) -> bool:
        """Whether a period was found."""
        return self.frames is not None

    def complete_frames(self, length: int) -> int:
        """Frames of a sequence of `length` frames that make complete cycles; all of them if not sure."""
        if self.frames is None or self.frames > length:
            return length
        return min(length, round(int(length / self.frames) * self.frames))


def lower_half_count(silhouettes: NDArray[np.generic]) -> NDArray[np.float64]:
    """Foreground of the lower half of each frame, in pixels.

    Parameters
    ----------
    silhouettes : array (T, h, w)
        bool, or numbers whose non-zero pixels are foreground.

    Returns
    -------
    float64 array (T,)
    """
    lower = silhouettes[:, silhouettes.shape[1] // 2 :]
    return np.count_nonzero(lower.reshape(len(lower), -1), axis=1).astype(np.float64)


def gait_period(
    silhouettes: ArrayLike,
    *,
    min_period: int = 20,
    max_period: int = 39,
    min_confidence: float = 0.5,
) -> GaitPeriod:
    """Estimate the gait period of one sequence.

    The lower-half count (Sarkar et al. 2005) is detrended; the highest peak of its autocorrelation gives the
    cycle and the confidence; the median gap over every second local minimum, from both starts, averaged (Sarkar),
    gives the period where it agrees with that. The autocorrelation is ours: seen obliquely, one step looks unlike
    the other, and near 0 and 180 degrees the legs do not open sideways at all, so that the minima alone answer
    with noise.

    Parameters
    ----------
    silhouettes : bool or uint8 array (T, h, w)
        Aligned silhouettes, non-zero = foreground.
    min_period, max_period : int
        Admitted periods in frames (ours; the defaults are 0.8 to 1.56 s at 25 frames/s, 77 to 150 steps a
        minute; scale them for another frame rate). Less than an octave: from the side a step and a cycle
        look alike, and only the range tells them apart.
    min_confidence : float
        Autocorrelation below which the answer is "not sure" (ours).

    Returns
    -------
    GaitPeriod

    Raises
    ------
    ValueError
        If `silhouettes` is not (T, h, w), or the bounds are not 4 <= min_period <= max_period < 2 min_period.

    References
    ----------
    Sarkar, Phillips, Liu, Vega, Grother, Bowyer: The HumanID gait challenge problem, TPAMI 27(2), 2005.

    Examples
    --------
    >>> import numpy as np
    >>> frames = np.zeros((60, 20, 40), bool)
    >>> for t in range(60):  # legs that open twice in 24 frames
    ...     half = 2 + round(6 * abs(np.sin(np.pi * t / 12)))
    ...     frames[t, 10:, 20 - half : 20 + half] = True
    >>> round(gait_period(frames).frames)
    24
    """
    x = np.asarray(silhouettes)
    if x.ndim != 3:
        raise ValueError(f"silhouettes must have shape (T, h, w), got {x.shape}; pass one sequence at a time")
    if not 4 <= min_period <= max_period < 2 * min_period:
        raise ValueError(
            f"period bounds must satisfy 4 <= min_period <= max_period < 2 min_period, got {min_period} and "
            f"{max_period}; within an octave, or a step is taken for a cycle"
        )
    if len(x) < min_period + 6:
        return GaitPeriod(None, 0.0, "not sure")
    signal = lower_half_count(x)
    time = np.arange(len(signal)) - (len(signal) - 1) / 2
    signal = signal - signal.mean()
    signal -= time * (time @ signal) / (time @ time)
    cycle, confidence = _cycle_by_autocorrelation(signal, min_period, max_period)
    if cycle is None or confidence < min_confidence:
        return GaitPeriod(None, confidence, "not sure")
    by_minima = _period_by_minima(signal, cycle / 2)
    if by_minima is not None and abs(by_minima - cycle) <= 0.1 * cycle:
        return GaitPeriod(by_minima, confidence, "minima")
    return GaitPeriod(cycle, confidence, "autocorrelation")


def _cycle_by_autocorrelation(
    signal: NDArray[np.float64], shortest: int, longest: int
) -> tuple[float | None, float]:
    """Lag of the highest peak of the autocorrelation (frames, parabolic) in the range, and its height."""
    n = len(signal)
    if float(signal @ signal) <= 1e-9:
        return None, 0.0
    lags = np.arange(shortest - 1, min(longest + 2, n - 4))
    r = np.empty(len(lags))
    for i, k in enumerate(lags):
        early, late = signal[: n - k], signal[k:]
        # Normalised by the energy of the overlap, so that a short sequence is not punished at long lags.
        energy = float(early @ early) * float(late @ late)
        r[i] = float(early @ late) / max(math.sqrt(energy), 1e-9)
    inner = np.arange(1, len(r) - 1)
    peaks = inner[(r[inner] >= r[inner - 1]) & (r[inner] > r[inner + 1])]
    if not len(peaks):
        return None, 0.0
    i = int(peaks[r[peaks].argmax()])
    a, b, c = r[i - 1], r[i], r[i + 1]
    shift = 0.5 * (a - c) / (a - 2 * b + c) if a - 2 * b + c < 0 else 0.0
    return float(lags[i]) + float(shift), float(np.clip(b, 0.0, 1.0))


def _period_by_minima(signal: NDArray[np.float64], step: float) -> float | None:
    """Sarkar's estimate: median gap over every second minimum, from both starts, averaged."""
    smooth = uniform_filter1d(signal, size=max(3, round(step / 3)), mode="nearest")
    reach = max(1, int(step / 2))
    minima: list[int] = []
    for t in range(1, len(smooth) - 1):
        window = smooth[max(0, t - reach) : t + reach + 1]
        if smooth[t] == window.min() and (not minima or t - minima[-1] > reach):
            minima.append(t)
    gaps = [np.median(np.diff(minima[start::2])) for start in (0, 1) if len(minima[start::2]) > 1]
    return float(np.mean(gaps)) if gaps else None
