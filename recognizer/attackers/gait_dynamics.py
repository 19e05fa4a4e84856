"""Statistics of the pose over time: an attacker who reads the order of frames, and learns by linear algebra alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from recognizer.attackers.gei_lda import discriminants
from recognizer.attackers.one_space import SilhouetteAttacker
from recognizer.checks import check_above, check_count, check_share
from recognizer.dynamics.poses import pose_components, small_pictures
from recognizer.dynamics.statistics import STATISTICS, Reading, describe

__all__ = ["GaitDynamics"]

#: Standard deviation over the training sequences below which an entry of a statistic says nothing (ours).
_STILL = 1e-7


class GaitDynamics(SilhouetteAttacker):
    """Name people by how their pose moves: mean, spread, covariance, lagged covariance and step timing.

    Each frame becomes a code (principal components of small silhouettes); each statistic of the series of codes gets
    linear discriminants of its own, and a code of length one in their space. A probe is named by the nearest entry,
    all statistics counting alike. There is one space for all views; angles are not used. Ours.

    Frames must stand in their order and follow each other without gaps, at `fps`: ``lags``, ``turns`` and ``timing``
    read it. Blank frames are bridged by straight lines.

    Parameters
    ----------
    statistics : sequence of str
        Which are read: ``mean``, ``spread``, ``covariance`` (these see a set of frames), ``lags``, ``turns`` (order
        alone) and ``timing``.
    components : int
        Numbers in the code of a frame, at most.
    followed : int
        Components, the strongest, whose course is followed: of all statistics but ``mean`` and ``spread``.
    lags : sequence of int
        Frames between the poses that are held against each other.
    energy, shrinkage : float
        Of the discriminants, as in `GeiLda`.
    fps : float
        Frames a second of the sequences.

    Attributes
    ----------
    size_ : int64 array (2,)
        Height and width of the pictures.
    frame_mean_ : float32 array (cells,)
    basis_ : float32 array (cells, components)
    mean_, gain_ : float32 arrays (entries,)
        Of the statistics in a row: their mean over the training sequences, and 1 / standard deviation (0 where there
        is none).
    projection_ : float32 array (entries, codes)
        Block by block, one a statistic.
    parts_ : int64 array (statistics,)
        Codes of each statistic; 0 where the training sequences are all alike in it.
    gallery_codes_ : float32 array (m, codes)

    References
    ----------
    Doretto, Chiuso, Wu, Soatto: Dynamic textures, IJCV 51(2), 2003 (second-order statistics of sequences of pictures).
    """

    name: ClassVar[str] = "gait-dynamics"
    #: Frames must follow each other at `fps`.
    reads_order: ClassVar[bool] = True
    _shapes: ClassVar[dict[str, str]] = {
        "angles_": "K", "size_": "2", "frame_mean_": "cells", "basis_": "cells kept", "mean_": "entries",
        "gain_": "entries", "projection_": "entries codes", "parts_": "statistics",
    }  # fmt: skip

    def __init__(
        self,
        *,
        statistics: Sequence[str] = ("mean", "spread", "covariance", "lags", "turns", "timing"),
        components: int = 100,
        followed: int = 24,
        lags: Sequence[int] = (2, 4, 8),
        energy: float = 0.99,
        shrinkage: float = 0.1,
        fps: float = 25.0,
    ) -> None:
        self.statistics = statistics
        self.components = components
        self.followed = followed
        self.lags = lags
        self.energy = energy
        self.shrinkage = shrinkage
        self.fps = fps

    def _fit(
        self,
        x: list[NDArray[np.uint8]],
        subjects: NDArray[np.str_],
        angles: NDArray[np.int64],
        walks: NDArray[np.str_] | None,
    ) -> None:
        check_share("energy", self.energy, one=True)
        check_share("shrinkage", self.shrinkage, zero=True, one=True)
        self._names()
        self._reading()
        self._learn_poses(x)
        blocks = self._statistics(x, angles)
        means = [block.mean(axis=0) for block in blocks]
        spreads = [block.std(axis=0) for block in blocks]
        gains = [np.where(s > _STILL, 1 / np.maximum(s, _STILL), 0.0) for s in spreads]
        projections = []
        for block, mean, gain in zip(blocks, means, gains, strict=True):
            alike = not gain.any()
            projections.append(
                np.zeros((len(mean), 0), dtype=np.float32)
                if alike
                else discriminants(
                    ((block - mean) * gain).astype(np.float32), subjects, self.energy, self.shrinkage
                )
            )
        self.parts_ = np.array([p.shape[1] for p in projections], dtype=np.int64)
        if not self.parts_.any():
            raise ValueError(
                f"all training samples are alike in {', '.join(self._names())}; there is nothing to learn from"
            )
        self.mean_ = np.concatenate(means).astype(np.float32)
        self.gain_ = np.concatenate(gains).astype(np.float32)
        self.projection_ = _diagonal(projections)

    def _learn_poses(self, x: list[NDArray[np.uint8]]) -> None:
        """How a frame becomes a code."""
        check_count("components", self.components, 1, 10**4, "numbers in the code of a frame")
        self.size_ = np.array(x[0].shape[1:], dtype=np.int64)
        self.frame_mean_, self.basis_ = pose_components([small_pictures(one) for one in x], self.components)

    def _series(self, x: list[NDArray[np.uint8]], angles: NDArray[np.int64]) -> list[NDArray[np.float64]]:
        """Codes (T_i, k) of the frames of each sequence."""
        # float64: single rounding errors would pass for movement where there is none
        basis = self.basis_.astype(np.float64)
        return [(small_pictures(one) - self.frame_mean_) @ basis for one in x]

    def _statistics(self, x: list[NDArray[np.uint8]], angles: NDArray[np.int64]) -> list[NDArray[np.float64]]:
        """Each statistic of all sequences, float64 (n, its entries)."""
        names, how = self._names(), self._reading()
        found = [describe(codes, names, how) for codes in self._series(x, angles)]
        return [np.stack([one[i] for one in found]) for i in range(len(names))]

    def _encode_gallery(self, x: list[NDArray[np.uint8]], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        """Codes (n, codes) of sequences: one of length 1 a statistic, divided by the root of their number."""
        blocks = self._statistics(x, angles)
        entries = np.concatenate(blocks, axis=1).astype(np.float32)
        scaled = (entries - self.mean_) * self.gain_
        # one by one: a code must not depend, not by a bit, on which others are coded beside it
        codes = np.stack([row @ self.projection_ for row in scaled])
        spoken = np.flatnonzero(self.parts_)
        ends = np.cumsum(self.parts_)
        for i in spoken:
            part = codes[:, ends[i] - self.parts_[i] : ends[i]]
            part /= np.maximum(np.linalg.norm(part, axis=1, keepdims=True), np.float32(1e-9))
        return np.asarray(codes / np.sqrt(np.float32(len(spoken))))

    def _names(self) -> tuple[str, ...]:
        """The statistics to read, checked."""
        names = self.statistics
        known = ", ".join(STATISTICS)
        if isinstance(names, str) or not isinstance(names, Sequence | np.ndarray) or len(names) == 0:
            raise ValueError(f"statistics must be a sequence of at least one of {known}; got {names!r}")
        for name in names:
            if not isinstance(name, str) or name not in STATISTICS:
                raise ValueError(f"statistics holds {name!r}, which is none; known: {known}")
        if len(set(names)) < len(names):
            raise ValueError(f"statistics names one twice: {', '.join(names)}; leave the second out")
        return tuple(str(name) for name in names)

    def _reading(self) -> Reading:
        """How the series are read, checked."""
        followed = check_count("followed", self.followed, 2, 1000, "components whose course is followed")
        lags = self.lags
        if isinstance(lags, str) or not isinstance(lags, Sequence | np.ndarray) or len(lags) == 0:
            raise ValueError(f"lags must be a sequence of at least one whole number, got {lags!r}")
        steps = tuple(check_count("every entry of lags", lag, 1, 1000, "frames") for lag in lags)
        return Reading(followed, steps, check_above("fps", self.fps, 0.0, "frames a second"))

    def _sizes(self) -> dict[str, int]:
        return {"statistics": len(self._names())}


def _diagonal(blocks: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Blocks along the diagonal of one array, zeros beside them."""
    out = np.zeros((sum(b.shape[0] for b in blocks), sum(b.shape[1] for b in blocks)), dtype=np.float32)
    row = column = 0
    for block in blocks:
        out[row : row + block.shape[0], column : column + block.shape[1]] = block
        row, column = row + block.shape[0], column + block.shape[1]
    return out
