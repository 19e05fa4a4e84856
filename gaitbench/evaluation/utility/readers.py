"""Readers that learn from untouched walks of other people: walking direction and pose (ours)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.datasets.truth import GaitTruth
from recognizer import ViewAngleClassifier

__all__ = ["DirectionReader", "PoseReader"]

#: Components of a silhouette from which the joints are told, and the weight of the ridge.
_COMPONENTS, _RIDGE = 60, 1.0
#: Every so many frames of a walk teach.
_STRIDE = 3


def _flat(silhouettes: NDArray[np.bool_]) -> NDArray[np.float32]:
    return silhouettes.reshape(len(silhouettes), -1).astype(np.float32)


@dataclass(frozen=True)
class DirectionReader:
    """Tells the direction of a walk from its gait energy image."""

    classifier: ViewAngleClassifier

    @classmethod
    def fit(cls, sequences: Sequence[GaitSequence]) -> DirectionReader | None:
        """Learn from whole walks; None where all go one way."""
        angles = [s.key.angle for s in sequences]
        if len(set(angles)) < 2:
            return None
        pictures = np.stack([s.silhouettes.mean(axis=0, dtype=np.float32) for s in sequences])
        return cls(ViewAngleClassifier().fit(pictures, angles))

    def value(self, silhouettes: NDArray[np.bool_], angle: int) -> float:
        """100 where the direction is told rightly, else 0."""
        told = self.classifier.predict(silhouettes.mean(axis=0, dtype=np.float32)[None])[0]
        return 100.0 * float(int(told) == angle)


@dataclass(frozen=True)
class PoseReader:
    """Tells joints of silhouettes: principal components and a ridge regression for each direction."""

    models: dict[int, tuple[PCA, Ridge]]

    @classmethod
    def fit(cls, walks: Sequence[tuple[GaitSequence, GaitTruth]], *, seed: int) -> PoseReader | None:
        """Learn from walks whose joints are known; None where there are none."""
        models: dict[int, tuple[PCA, Ridge]] = {}
        for angle in sorted({s.key.angle for s, _ in walks}):
            mine = [(s, t) for s, t in walks if s.key.angle == angle]
            x = np.concatenate([_flat(s.silhouettes[::_STRIDE]) for s, _ in mine])
            y = np.concatenate([t.joints[::_STRIDE].reshape(-1, t.joints[0].size) for _, t in mine])
            if len(x) > 2:
                pca = PCA(min(_COMPONENTS, len(x) - 1), svd_solver="randomized", random_state=seed).fit(x)
                models[angle] = pca, Ridge(_RIDGE).fit(pca.transform(x), y)
        return cls(models) if models else None

    def value(self, silhouettes: NDArray[np.bool_], truth: GaitTruth, angle: int) -> float:
        """Mean distance between told and true joints, in percent of the person's height; NaN for unseen directions."""
        if angle not in self.models:
            return float("nan")
        pca, ridge = self.models[angle]
        told = ridge.predict(pca.transform(_flat(silhouettes))).reshape(truth.joints.shape)
        return 100.0 * float(np.linalg.norm(told - truth.joints, axis=-1).mean())
