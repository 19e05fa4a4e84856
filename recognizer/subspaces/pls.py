"""Partial least squares: directions of the features that covary most with who it is.

`pls_kernel` is the improved kernel algorithm 1 of Dayal and MacGregor (1997) for many responses, written for
tall or wide float64 matrices: each component makes one fused pass over row blocks of X instead of two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg.lapack import dsyevr
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from recognizer._blocks import kept_threads, run_parts, serial_blas
from recognizer.checks import check_count, no_texts

__all__ = ["PlsProjection", "PlsResult", "class_indicator", "pls_kernel"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PlsResult:
    """Components of a partial least squares model of centred X (N, K) and Y (N, M).

    Parameters
    ----------
    weights : float64 array (K, A)
        W, orthonormal; largest entry of each column positive.
    rotations : float64 array (K, A)
        R, so that the scores are ``T = X R``; the columns of T are orthogonal.
    x_loadings : float64 array (K, A)
    y_loadings : float64 array (M, A)
    score_squares : float64 array (A,)
        Squared norms of the columns of T.
    """

    weights: Array
    rotations: Array
    x_loadings: Array
    y_loadings: Array
    score_squares: Array

    def coefficients(self) -> Array:
        """Regression matrix (K, M) of all components: ``Y ~ X B``."""
        return self.rotations @ self.y_loadings.T


def class_indicator(y: ArrayLike) -> tuple[NDArray[np.generic], Array]:
    """Classes, sorted, and the indicator response (n, classes) with 1 where the sample is of the class."""
    classes, codes = np.unique(np.asarray(y), return_inverse=True)
    return classes, np.eye(len(classes))[codes]


def pls_kernel(X: Array, Y: Array, n_components: int) -> PlsResult:
    """Partial least squares of centred matrices.

    Parameters
    ----------
    X : float64 array (N, K)
        Centred by the caller.
    Y : float64 array (N, M)
        Centred by the caller.
    n_components : int
        Components wanted; fewer come back when nothing is left to explain.

    Returns
    -------
    PlsResult

    References
    ----------
    Dayal, MacGregor: Improved PLS algorithms, J. Chemometrics 11, 1997 (algorithm 1).
    """
    X = np.ascontiguousarray(X, dtype=np.float64)
    Y = np.ascontiguousarray(Y, dtype=np.float64)
    features, responses = X.shape[1], Y.shape[1]
    with serial_blas(), kept_threads():
        cross = _cross_product(X, Y)
        explained = np.empty_like(cross)
        W, P, R = (np.zeros((n_components, features)) for _ in range(3))
        Q, squares = np.zeros((n_components, responses)), np.zeros(n_components)
        floor = np.finfo(np.float64).eps * max(X.shape) * np.linalg.norm(cross)
        found = 0
        for a in range(n_components):
            w = _dominant_direction(cross)
            if w is None or np.linalg.norm(cross) <= floor:
                break
            r = w.copy()
            # Modified Gram-Schmidt twice over: the deflation never touches X itself.
            r -= (P[:a] @ w) @ R[:a]
            t_square, p = _scores_and_loadings(X, r)
            if t_square <= 0:
                break
            p /= t_square
            q = cross.T @ r / t_square
            np.multiply(p[:, None], q * t_square, out=explained)
            cross -= explained
            W[a], P[a], R[a], Q[a], squares[a] = w, p, r, q, t_square
            found += 1
    cut = slice(0, found)
    return PlsResult(W[cut].T, R[cut].T, P[cut].T, Q[cut].T, squares[cut])


def _cross_product(X: Array, Y: Array) -> Array:
    def part(start: int, stop: int) -> Array:
        return X[start:stop].T @ Y[start:stop]

    return np.asarray(np.sum(run_parts(part, len(X), columns=X.shape[1]), axis=0))


def _dominant_direction(cross: Array) -> Array | None:
    """Unit vector w (K,) of the largest covariance, largest entry positive."""
    features, responses = cross.shape
    if responses == 1:
        w = cross[:, 0].copy()
    elif responses <= features:
        w = cross @ _top_eigenvector(cross.T @ cross)
    else:
        w = _top_eigenvector(cross @ cross.T)
    norm = float(np.linalg.norm(w))
    if norm == 0.0:
        return None
    w /= norm if w[np.abs(w).argmax()] > 0 else -norm
    return w


def _top_eigenvector(gram: Array) -> Array:
    """Eigenvector (n,) of a symmetric matrix's largest eigenvalue."""
    n = len(gram)
    # What scipy's `eigh` calls; around a small matrix its checks take as long again.
    _, vectors, _, _, failed = dsyevr(gram, range="I", il=n, iu=n)
    if failed:
        raise np.linalg.LinAlgError(f"no eigenvector of a {n} x {n} matrix was found (LAPACK says {failed})")
    return np.asarray(vectors[:, 0])


def _scores_and_loadings(X: Array, r: Array) -> tuple[float, Array]:
    """``|X r|^2`` and ``X^T X r``."""

    def part(start: int, stop: int) -> tuple[float, Array]:
        # Two long products, not many short ones that would read X once: threads would wait for each other.
        t = X[start:stop] @ r
        return float(t @ t), t @ X[start:stop]

    parts = run_parts(part, len(X), columns=X.shape[1])
    return sum(s for s, _ in parts), np.asarray(np.sum([p for _, p in parts], axis=0))


class PlsProjection(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Project features on their partial-least-squares directions for telling classes apart.

    The response is the class indicator. Zheng et al. (2011) select features by PLS; taking the scores as the
    selected features is inferred.

    Parameters
    ----------
    n_components : int
        Directions, at most min(samples, features).
    scale : bool
        Divide each feature by its standard deviation first.

    Attributes
    ----------
    classes_ : array (M,)
    mean_, scale_ : float64 arrays (K,)
    rotations_ : float64 array (K, A)
        ``transform`` is ``(X - mean_) / scale_ @ rotations_``.
    n_components_ : int
        Components found; fewer than asked when nothing was left to explain.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0.0, 1], [0, -1], [4, 1], [4, -1]])
    >>> PlsProjection(1).fit_transform(X, ["a", "a", "b", "b"]).ravel().tolist()
    [-2.0, -2.0, 2.0, 2.0]
    """

    def __init__(self, n_components: int = 2, *, scale: bool = False) -> None:
        self.n_components = n_components
        self.scale = scale

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn the directions from samples X (n, K) of classes y (n,).

        Raises
        ------
        ValueError
            If there are fewer than two classes, or fewer features or samples than components.
        """
        x, labels = validate_data(self, no_texts(X), y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(labels)
        self.classes_, indicator = class_indicator(labels)
        if len(self.classes_) < 2:
            raise ValueError("one class only in y; PLS needs samples of at least two classes")
        check_count("n_components", self.n_components, 1, min(x.shape), "samples and features of X")
        self.mean_ = x.mean(axis=0)
        centred = x - self.mean_
        spread = centred.std(axis=0) if self.scale else np.ones(x.shape[1])
        self.scale_ = np.where(spread > 0, spread, 1.0)
        centred /= self.scale_
        found = pls_kernel(centred, indicator - indicator.mean(axis=0), int(self.n_components))
        self.rotations_ = found.rotations
        self.n_components_ = found.rotations.shape[1]
        return self

    def transform(self, X: ArrayLike) -> Array:
        """Scores (n, A)."""
        check_is_fitted(self)
        x = validate_data(self, no_texts(X), dtype=np.float64, reset=False)
        with serial_blas():
            return (x - self.mean_) / self.scale_ @ self.rotations_

    @property
    def _n_features_out(self) -> int:
        return self.n_components_

    def __sklearn_tags__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags
