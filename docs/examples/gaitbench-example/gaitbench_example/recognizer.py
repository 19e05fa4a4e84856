"""Recognizer ``example-profile``: an attacker that compares how wide people are at each height."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Profile"]


class Profile:
    """Nearest neighbour by the row sums of gait energy images, scaled by their spread in training.

    Attributes
    ----------
    scale_ : float32 array (h,)
        Standard deviation of each row's sum over the training images.
    """

    #: ``gei`` (float32 images), ``silhouettes`` (a list of bool sequences) or ``pictures`` (uint8, by appearance).
    reads: ClassVar[str] = "gei"

    def fit(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike, walk: ArrayLike | None = None) -> Self:
        """Learn from GEIs float32 (n, h, w) of people y (n,) who are in no gallery, seen from `angle` degrees (n,)."""
        self.scale_ = _rows(X).std(axis=0) + 1e-3
        return self

    def enroll(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike) -> Self:
        """Set the gallery: the people who can be named."""
        self.gallery_, self.people_ = _rows(X) / self.scale_, np.asarray(y, dtype=str)
        return self

    def rank(self, X: ArrayLike, *, angle: ArrayLike) -> tuple[NDArray[np.str_], NDArray[np.float32]]:
        """People from nearest to farthest, str (n, P), and their distances float32 (n, P).

        A recognizer with a method `distances` (n, gallery entries) is asked once for all angles, which is faster.
        """
        apart = np.linalg.norm((_rows(X) / self.scale_)[:, None] - self.gallery_, axis=2)
        names = np.unique(self.people_)
        nearest = np.stack([apart[:, self.people_ == name].min(axis=1) for name in names], axis=1)
        order = nearest.argsort(axis=1, kind="stable")
        return names[order], np.take_along_axis(nearest, order, axis=1).astype(np.float32)

    def predict(self, X: ArrayLike, *, angle: ArrayLike) -> NDArray[np.str_]:
        """The nearest person, str (n,)."""
        return self.rank(X, angle=angle)[0][:, 0]


def _rows(X: ArrayLike) -> NDArray[np.float32]:
    return np.asarray(X, dtype=np.float32).sum(axis=2)
