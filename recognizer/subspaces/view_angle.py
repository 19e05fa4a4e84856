"""From which angle was a gait energy image seen? A linear classifier, for probes whose camera is not known."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.extmath import randomized_svd
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from recognizer._blocks import serial_blas
from recognizer.checks import (
    as_features,
    as_picture_shape,
    check_count,
    check_pictures,
    check_share,
    no_texts,
)

__all__ = ["ViewAngleClassifier"]


class ViewAngleClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Principal components, then linear discriminants with one scatter for all views.

    Parameters
    ----------
    n_components : int
        Principal components, cut to what samples and features allow.
    shrinkage : float
        Share of a multiple of the identity in the scatter within views, in (0, 1].

    Attributes
    ----------
    classes_ : array (K,)
        The views, ascending.
    coef_ : float64 array (features, K)
        Scores of X are ``X @ coef_ + intercept_``.
    intercept_ : float64 array (K,)
    n_features_in_ : int

    Notes
    -----
    Views are taken as equally likely. Ours: the slides know every angle.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0.0, 1.0], [0.1, 0.9], [1.0, 0.1], [0.9, 0.0]])
    >>> ViewAngleClassifier().fit(X, [0, 0, 90, 90]).predict([[0.8, 0.2]]).tolist()
    [90]
    """

    def __init__(self, *, n_components: int = 60, shrinkage: float = 0.1) -> None:
        self.n_components = n_components
        self.shrinkage = shrinkage

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn the views.

        Parameters
        ----------
        X : array (n, h, w) or (n, features)
            Gait energy images.
        y : array (n,)
            Their angles in degrees (or any other labels), at least two different ones.

        Raises
        ------
        ValueError
            On NaN, one angle only, or labels that do not match X.
        """
        check_count("n_components", self.n_components, 1, 10**6, "cut to what the samples allow")
        check_share("shrinkage", self.shrinkage, one=True)
        self.picture_shape_ = as_picture_shape(X)
        _check(X, self.picture_shape_, None)
        x, labels = validate_data(self, no_texts(_flat(X)), y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"all samples are of one class ({self.classes_[0]}); a view classifier needs at least two angles"
            )
        mean = x.mean(axis=0)
        count = min(self.n_components, *x.shape)
        with serial_blas():
            # A randomised factorisation with a fixed start: 60 of thousands of directions are wanted, not all.
            _, _, basis = randomized_svd(x - mean, count, n_iter=4, random_state=0)
            scores = (x - mean) @ basis.T
            centres = np.stack([scores[codes == k].mean(axis=0) for k in range(len(self.classes_))])
            away = scores - centres[codes]
            scatter = away.T @ away / len(away)
            level = np.trace(scatter) / len(scatter)
            scatter *= 1 - self.shrinkage
            scatter[np.diag_indices_from(scatter)] += self.shrinkage * level + 1e-9
            weights = cho_solve(cho_factor(scatter), centres.T)
            self.coef_ = basis.T @ weights
        self.intercept_ = -0.5 * np.sum(centres.T * weights, axis=0) - mean @ self.coef_
        return self

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Score of each view, array (n, K); of the second against the first, array (n,), where there are two."""
        scores = self._scores(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The likeliest view of each sample, array (n,)."""
        best = self._scores(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def predict_proba(self, X: ArrayLike) -> NDArray[np.float64]:
        """Probability of each view in the order of `classes_`, array (n, K)."""
        scores = self._scores(X)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def _scores(self, X: ArrayLike) -> NDArray[np.float64]:
        check_is_fitted(self)
        _check(X, as_picture_shape(X), self.picture_shape_)
        x = validate_data(self, no_texts(_flat(X)), dtype=np.float64, reset=False)
        with serial_blas():
            return np.asarray(x @ self.coef_ + self.intercept_)


def _check(X: Any, shape: tuple[int, int] | None, fitted: tuple[int, int] | None) -> None:
    """Refuse pictures that are no gait energy images; features are left to scikit-learn's checks."""
    if shape is not None:
        check_pictures(as_features(X), shape, fitted, "X")


def _flat(X: Any) -> Any:
    """Pictures (n, h, w) as rows; anything else is left to the checks."""
    return X.reshape(len(X), -1) if isinstance(X, np.ndarray) and X.ndim == 3 and len(X) else X
