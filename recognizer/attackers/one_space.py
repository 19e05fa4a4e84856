"""Attackers for whom samples of every view are points of one space, compared by their Euclidean distance."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.attackers._pictures import as_silhouette_sets
from recognizer.attackers.attacker import Attacker
from recognizer.matching import euclidean_distances

__all__ = ["OneSpaceAttacker", "SilhouetteAttacker"]


class OneSpaceAttacker(Attacker):
    """Probes are encoded as the gallery is; any angle will do."""

    def _check_angles(self, angles: NDArray[np.int64], what: str) -> None:
        """Any angle will do: there is one space for all."""

    def _match(self, x: Any, angles: NDArray[np.int64]) -> NDArray[np.float32]:
        codes = self._encode_gallery(x, angles)
        return np.asarray(euclidean_distances(codes, self.gallery_codes_), dtype=np.float32)


class SilhouetteAttacker(OneSpaceAttacker):
    """Reads sequences of silhouettes of one size, `size_`, which its `_fit` sets."""

    reads: ClassVar[str] = "silhouettes"

    def _read(self, X: ArrayLike, name: str, features: int | None) -> tuple[Any, int]:
        size = None if features is None else (int(self.size_[0]), int(self.size_[1]))
        sets = as_silhouette_sets(X, size=size, name=name)
        return sets, sets[0].shape[1] * sets[0].shape[2]
