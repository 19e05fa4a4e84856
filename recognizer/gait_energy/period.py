"""Gait period: how many frames one walking cycle (two steps) takes, and how sure that is.

Conventions: a period is in frames per *gait cycle* (two steps). The legs open once per step, so the number of
foreground pixels in the lower half of the picture swings once per step, twice per cycle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from recognizer.gaps import bridged

__all__ = ["LONGEST_CYCLE", "SHORTEST_CYCLE", "GaitPeriod", "gait_period"]

#: A peak of the autocorrelation of at least this share of the highest is high (ours).
_HIGH = 0.85
#: Cycles that a sequence must show before its period is told (ours). Of walkers seen for 45 to 60 frames the period is
#: wrong by more than a frame in 21 to 24 % below, in 3 to 5 % above (benchmarks.studies.periods); in 28 none fits.
_FEWEST_CYCLES = 1.5
#: Frames a second of CASIA-B, which is assumed where no rate is given.
_RATE = 25.0
#: Seconds of the shortest and the longest cycle: 150 to 77 steps a minute (ours). Less than an octave: from the side a
#: step and a cycle look alike, and only the range tells them apart.
SHORTEST_CYCLE, LONGEST_CYCLE = 0.8, 1.56
#: Frames by which the two opinions about the cycle may differ (ours).
_APART = 1.0


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
        ``"minima"`` (Sarkar's minima give the same cycle), ``"autocorrelation"`` (they disagree or are too
        few), or ``"not sure"``. The figure itself is the autocorrelation's, finer than whole frames.
    fps : float
        Frames per second that were given or assumed.
    rate_assumed : bool
        Whether nobody gave the rate. At another one the cycle lies outside the range that was looked through.
    """

    frames: float | None
    confidence: float
    method: str
    fps: float = _RATE
    rate_assumed: bool = True

    @property
    def seconds(self) -> float | None:
        """Seconds per gait cycle; None when not sure."""
        return None if self.frames is None else self.frames / self.fps

    @property
    def sure(self) -> bool:
        """Whether a period was found."""
        return self.frames is not None

    def complete_frames(self, length: int) -> int:
        """Frames of a sequence of `length` frames that make complete cycles; all of them if not sure."""
        if self.frames is None or self.frames > length:
            return length
        return min(length, round(int(length / self.frames) * self.frames))


def gait_period(
    silhouettes: ArrayLike,
    *,
    frame_numbers: ArrayLike | None = None,
    fps: float | None = None,
    min_period: int | None = None,
    max_period: int | None = None,
    min_confidence: float = 0.5,
) -> GaitPeriod:
    """Estimate the gait period of one sequence.

    The lower-half count (Sarkar et al. 2005) is detrended; the first high peak of its autocorrelation gives the
    cycle and the confidence, and the median gap over every second local minimum (Sarkar) confirms it. The
    autocorrelation is ours: seen obliquely, one step looks unlike the other, and minima count in whole frames.
    So is the second opinion, the autocorrelation of the lower halves as small pictures: near 0 and 180 degrees
    the legs do not open sideways, their area follows noise, and where the two disagree by more than a frame the
    answer is "not sure". So it is where the sequence is shorter than one and a half of the cycle found (ours).

    Parameters
    ----------
    silhouettes : bool or uint8 array (T, h, w)
        Aligned silhouettes, non-zero = foreground.
    frame_numbers : int array (T,), optional
        Number of each frame in its video, increasing, where frames are missing: the gaps are bridged by straight
        lines. By default there are none.
    fps : float, optional
        Frames per second of the video; 25 are assumed where it is not given, and the answer says so.
    min_period, max_period : int, optional
        Admitted periods in frames; by default those of 0.8 to 1.56 s at `fps` (20 and 39 at 25 frames/s), 77 to
        150 steps a minute (ours). Less than an octave.
    min_confidence : float
        Autocorrelation below which the answer is "not sure" (ours).

    Returns
    -------
    GaitPeriod

    Raises
    ------
    ValueError
        If `silhouettes` is not (T, h, w) or holds NaN or no numbers, the frame numbers do not fit, the rate is not
        from 5 to 1000 frames/s, or the bounds are not 4 <= min_period <= max_period < 2 min_period.

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
    if x.dtype.kind not in "biuf" or (x.dtype.kind == "f" and not np.isfinite(x).all()):
        raise ValueError("silhouettes hold NaN, infinity or no numbers; pass bool or uint8")
    assumed = fps is None
    rate = _RATE if fps is None else _checked_rate(fps)
    low, high = (round(SHORTEST_CYCLE * rate), int(LONGEST_CYCLE * rate))
    min_period = low if min_period is None else min_period
    max_period = high if max_period is None else max_period
    if not 4 <= min_period <= max_period < 2 * min_period:
        raise ValueError(
            f"period bounds must satisfy 4 <= min_period <= max_period < 2 min_period, got {min_period} and "
            f"{max_period}; within an octave, or a step is taken for a cycle"
        )
    numbers = np.arange(len(x)) if frame_numbers is None else np.asarray(frame_numbers)
    if numbers.shape != (len(x),) or not (np.diff(numbers) > 0).all():
        raise ValueError(f"{len(x)} silhouettes need as many increasing frame numbers, got {numbers.shape}")
    span = int(numbers[-1] - numbers[0]) + 1 if len(x) else 0
    if span < min_period + 6:
        return GaitPeriod(None, 0.0, "not sure", rate, assumed)
    small = bridged(_small_lower_half(x), numbers - numbers[0], span)
    signal = _detrended(small.sum(axis=1)[:, None])  # the cells together are the lower half
    cycle, confidence = _cycle_by_autocorrelation(signal, min_period, max_period)
    if cycle is None or confidence < min_confidence or span < _FEWEST_CYCLES * cycle:
        return GaitPeriod(None, confidence, "not sure", rate, assumed)
    second, _ = _cycle_by_autocorrelation(_detrended(small), min_period, max_period)
    if second is None or abs(second - cycle) > _APART:
        return GaitPeriod(None, confidence, "not sure", rate, assumed)
    by_minima = _period_by_minima(signal[:, 0], cycle / 2)
    confirmed = by_minima is not None and abs(by_minima - cycle) <= 0.1 * cycle
    return GaitPeriod(cycle, confidence, "minima" if confirmed else "autocorrelation", rate, assumed)


def _checked_rate(fps: float) -> float:
    if isinstance(fps, (bool, str)) or not np.isfinite(fps) or not 5 <= fps <= 1000:
        raise ValueError(f"fps is {fps!r}; give frames per second, from 5 to 1000")
    return float(fps)


def _small_lower_half(x: NDArray[np.generic]) -> NDArray[np.float64]:
    """Lower half of each frame as a picture of at most 8 x 11 cells: foreground per cell, (T, cells)."""
    below = x[:, x.shape[1] // 2 :]
    lower = np.asarray(below if below.dtype == np.bool_ else below != 0, np.float32)
    count, height, width = lower.shape
    # Products with zeros and ones: sums of whole numbers, exact in float32.
    columns = (lower.reshape(-1, width) @ _cells(width, 11)).reshape(count, height, -1)
    return np.asarray(_cells(height, 8).T @ columns, np.float64).reshape(count, -1)


@cache
def _cells(size: int, most: int) -> NDArray[np.float32]:
    """Which of `size` rows or columns belongs to which of at most `most` cells, (size, cells) of 0 and 1."""
    cells = min(most, size)
    starts = np.arange(cells) * size // cells
    belongs = np.searchsorted(starts, np.arange(size), side="right") - 1
    return (belongs[:, None] == np.arange(cells)).astype(np.float32)


def _detrended(series: NDArray[np.float64]) -> NDArray[np.float64]:
    """Series (T, k) less their mean and their straight line."""
    time = np.arange(len(series)) - (len(series) - 1) / 2
    series = series - series.mean(axis=0)
    return series - np.outer(time, time @ series) / (time @ time)


def _cycle_by_autocorrelation(
    series: NDArray[np.float64], shortest: int, longest: int
) -> tuple[float | None, float]:
    """Lag of the first high peak of the autocorrelation of (T, k) (frames, parabolic), and its height.

    The first and not the highest: three steps of a quick walker fit the range as two do, and from the side they
    look alike.
    """
    n, width = series.shape
    flat = np.ascontiguousarray(series).reshape(-1)
    energy = np.concatenate([[0.0], np.cumsum(np.einsum("tk,tk->t", series, series))])
    if energy[-1] <= 1e-9:
        return None, 0.0
    lags = np.arange(shortest - 1, min(longest + 2, n - 4))
    products = np.array([flat[: (n - k) * width] @ flat[k * width :] for k in lags.tolist()])
    # Normalised by the energy of the overlap, so that a short sequence is not punished at long lags.
    overlap = energy[n - lags] * (energy[-1] - energy[lags])
    r = products / np.maximum(np.sqrt(np.maximum(overlap, 0.0)), 1e-9)
    inner = np.arange(1, len(r) - 1)
    peaks = inner[(r[inner] >= r[inner - 1]) & (r[inner] > r[inner + 1])]
    if not len(peaks) or r[peaks].max() <= 0:
        return None, 0.0
    i = int(peaks[r[peaks] >= _HIGH * r[peaks].max()][0])
    a, b, c = r[i - 1], r[i], r[i + 1]
    shift = 0.5 * (a - c) / (a - 2 * b + c) if a - 2 * b + c < 0 else 0.0
    return float(lags[i]) + float(shift), float(np.clip(b, 0.0, 1.0))


def _period_by_minima(signal: NDArray[np.float64], step: float) -> float | None:
    """Sarkar's estimate: median gap over every second minimum, from both starts, averaged."""
    smooth = uniform_filter1d(signal, size=max(3, round(step / 3)), mode="nearest")
    reach = max(1, int(step / 2))
    lowest = minimum_filter1d(smooth, 2 * reach + 1, mode="nearest")
    minima: list[int] = []
    for t in (np.flatnonzero(smooth[1:-1] == lowest[1:-1]) + 1).tolist():
        if not minima or t - minima[-1] > reach:
            minima.append(t)
    gaps = [np.median(np.diff(minima[start::2])) for start in (0, 1) if len(minima[start::2]) > 1]
    return float(np.mean(gaps)) if gaps else None
