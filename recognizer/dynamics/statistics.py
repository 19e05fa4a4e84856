"""What a series of poses says of its walker, one statistic after the other; `ORDERED` ones read the order of frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.dynamics.timing import step_timing

__all__ = ["ORDERED", "STATISTICS", "Reading", "describe"]

#: Least standard deviation that is told from none, in shares of a cell (ours).
_STILL = 1e-3


@dataclass(frozen=True)
class Reading:
    """How a series is read.

    Parameters
    ----------
    followed : int
        Components, the strongest, whose course is followed: of covariances, lags and turns.
    lags : tuple of int
        Frames between the poses that are held against each other.
    fps : float
        Frames a second.
    """

    followed: int
    lags: tuple[int, ...]
    fps: float


def _mean(codes: NDArray[np.float64], how: Reading) -> NDArray[np.float64]:
    """The mean pose."""
    return np.asarray(codes.mean(axis=0))


def _spread(codes: NDArray[np.float64], how: Reading) -> NDArray[np.float64]:
    """Logarithm of each component's standard deviation."""
    return np.asarray(np.log(codes.std(axis=0) + _STILL))


def _covariance(codes: NDArray[np.float64], how: Reading) -> NDArray[np.float64]:
    """Covariances of the followed components."""
    followed = _deviations(codes, how)
    found = followed.T @ followed / len(followed)
    return np.asarray(found[np.triu_indices(len(found))])


def _lags(codes: NDArray[np.float64], how: Reading) -> NDArray[np.float64]:
    """Covariances of the followed components with themselves some frames later."""
    return np.concatenate([found.ravel() for found in _lagged(codes, how)])


def _turns(codes: NDArray[np.float64], how: Reading) -> NDArray[np.float64]:
    """Which component follows which: what of the lagged covariances turns its sign when a film runs backwards.

    Order alone: frames in any drawn order have an expectation of zero.
    """
    found = _lagged(codes, how)
    above = np.triu_indices(found[0].shape[0], 1)
    return np.concatenate([(one - one.T)[above] for one in found])


def _timing(codes: NDArray[np.float64], how: Reading) -> NDArray[np.float64]:
    """Cycle, its share of the movement, amplitudes of its harmonics."""
    return step_timing(_deviations(codes, how), fps=how.fps)


def _deviations(codes: NDArray[np.float64], how: Reading) -> NDArray[np.float64]:
    followed = codes[:, : how.followed]
    return np.asarray(followed - followed.mean(axis=0))


def _lagged(codes: NDArray[np.float64], how: Reading) -> list[NDArray[np.float64]]:
    """A matrix (followed, followed) for each lag; zeros where the sequence is not longer than the lag."""
    followed = _deviations(codes, how)
    count = len(followed)
    return [followed[: max(0, count - lag)].T @ followed[lag:] / max(1, count - lag) for lag in how.lags]


STATISTICS: dict[str, Callable[[NDArray[np.float64], Reading], NDArray[np.float64]]] = {
    "mean": _mean,
    "spread": _spread,
    "covariance": _covariance,
    "lags": _lags,
    "turns": _turns,
    "timing": _timing,
}
#: Statistics that read the order of frames; the others see a set.
ORDERED = ("lags", "turns", "timing")


def describe(codes: NDArray[np.float64], names: Sequence[str], how: Reading) -> list[NDArray[np.float64]]:
    """Statistics of one series of pose codes (T, k), in the order of their names."""
    return [STATISTICS[name](codes, how) for name in names]
