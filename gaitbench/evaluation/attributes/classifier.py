"""Tells one of two things of a gait energy image: a man from a woman, with a bag from without.

Ours, after what is usual (principal components and a linear classifier, as in Yu et al., *A study on gait-based gender
classification*, IEEE TIP 18, 2009). Components and strength were chosen on the training people of the walkers alone,
by cross-validation grouped by person: logistic regression on 128 whitened components tells sex of untouched walks in
77 % and coats in 95 %; linear discriminant analysis with shrinkage 74 and 93 %, a support vector machine 73 and 95 %.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["AttributeClassifier", "GaitSpace"]

#: Principal components at most, and the strength of the logistic regression's penalty (scikit-learn's ``C``).
COMPONENTS, PENALTY = 128, 0.01


class GaitSpace:
    """Whitened principal components of GEIs, each less the mean of its angle; learnt without labels.

    Parameters
    ----------
    seed : int
        Of the randomized decomposition.

    Attributes
    ----------
    means_ : dict of int to float32 array (h w,)
        Mean GEI of each angle that was learnt.
    mean_ : float32 array (h w,)
        Of all of them: for angles that were not.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def fit(self, x: ArrayLike, angles: ArrayLike) -> Self:
        """Learn from GEIs float (n, h, w), n at least 2, seen at `angles` (n,) in degrees."""
        from sklearn.decomposition import PCA

        rows, degrees = _flat(x), np.asarray(angles)
        self.mean_ = rows.mean(axis=0)
        self.means_ = {int(a): rows[degrees == a].mean(axis=0) for a in np.unique(degrees)}
        centred = self._centred(rows, degrees)
        most = min(COMPONENTS, len(rows) - 1, rows.shape[1])
        solver = "randomized" if most < min(rows.shape) - 1 else "full"
        with np.errstate(invalid="ignore"):  # gaits that are all alike have no variance to take shares of
            self._pca = PCA(most, svd_solver=solver, random_state=self.seed).fit(centred)
        variance = self._pca.explained_variance_
        # directions in which nothing varies are no coordinates: divided by their spread they would be noise
        self._kept = variance > 1e-9 * max(float(variance[0]), 1e-12)
        self._spread = np.sqrt(variance[self._kept])
        return self

    def coordinates(self, x: ArrayLike, angles: ArrayLike) -> NDArray[np.float64]:
        """Coordinates float64 (n, d) of GEIs (n, h, w); d is 0 where all training gaits were alike."""
        found = self._pca.transform(self._centred(_flat(x), np.asarray(angles)))
        return np.asarray(found[:, self._kept] / self._spread, dtype=np.float64)

    def _centred(self, rows: NDArray[np.float32], degrees: NDArray[Any]) -> NDArray[np.float32]:
        centred = rows.copy()
        for angle in np.unique(degrees):  # one angle at a time: rows are hundreds of megabytes
            centred[degrees == angle] -= self.means_.get(int(angle), self.mean_)
        return centred


class AttributeClassifier:
    """Logistic regression in which both classes weigh the same, whatever their numbers.

    Attributes
    ----------
    model_ : sklearn.linear_model.LogisticRegression or None
        None where the training gaits have no coordinates: then everything is told as the class False.
    """

    def fit(self, coordinates: NDArray[np.float64], truth: NDArray[np.bool_]) -> Self:
        """Learn from coordinates (n, d) and their class bool (n,), both classes among them."""
        from sklearn.linear_model import LogisticRegression

        self.model_ = None
        if coordinates.shape[1]:
            model = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=2000)
            self.model_ = model.fit(coordinates, truth)
        return self

    def tell(self, coordinates: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Class of each row, bool (n,)."""
        if self.model_ is None or not len(coordinates):
            return np.zeros(len(coordinates), dtype=bool)
        return np.asarray(self.model_.predict(coordinates), dtype=bool)


def _flat(x: ArrayLike) -> NDArray[np.float32]:
    rows = np.asarray(x, dtype=np.float32)
    return rows.reshape(len(rows), -1)
