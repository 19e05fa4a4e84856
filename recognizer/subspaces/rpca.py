"""Robust principal component analysis: a matrix as low rank plus sparse.

Principal component pursuit ``min ||A||_* + lam ||E||_1  s.t.  D = A + E`` (Candes et al. 2011) by inexact
augmented Lagrange multipliers (Lin, Chen, Ma 2010). How the iteration is organised is ours: `_pursuit`.
"""

from __future__ import annotations

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

from recognizer._blocks import serial_blas
from recognizer.checks import as_finite, check_above, check_count, no_texts
from recognizer.subspaces._pursuit import solve

__all__ = ["NotConvergedError", "RobustPCA"]

Array = NDArray[Any]


class NotConvergedError(ValueError):
    """An iteration ended before its tolerance; the message says how to go on."""


class RobustPCA(TransformerMixin, BaseEstimator):
    """Split a matrix into a low-rank and a sparse part.

    Parameters
    ----------
    lam : float, optional
        Weight of the sparse part; the default is the generic ``1 / sqrt(max(m, n))``.
    tol : float, optional
        Largest relative residual ``||D - A - E||_F / ||D||_F``; default 1e-7 in float64, 1e-5 in float32
        (whose Gram matrix cannot carry more).
    max_iter : int
        Iterations after which the fit gives up.
    growth : float
        Factor of the penalty per iteration, above 1. With the usual 1.5 the residual falls fast but the
        objective can stop up to 0.1 % above the optimum; 1.05 brings ``gap_`` to the order of 1e-6, 1.02 below it.
    on_failure : {"raise", "warn"}
        What to do when `max_iter` is not enough.

    Attributes
    ----------
    low_rank_ : array (m, n)
        A, in the dtype of the data.
    sparse_ : array (m, n)
        E, with exact zeros; at entries masked out it is zero and means nothing.
    components_ : array (rank_, n)
        Orthonormal basis of the rows of A, strongest first, largest entry of each positive.
    singular_values_ : float64 array (rank_,)
        Singular values of A.
    rank_, n_iter_ : int
    residual_ : float
        Relative residual when the iteration stopped.
    objective_ : float
        ``||A||_* + lam ||D - A||_1`` (masked entries left out), the primal value of the feasible pair (A, D - A).
    gap_ : float
        Relative duality gap ``(objective_ - dual) / objective_``, a bound on the distance from the optimum.

    References
    ----------
    Candes, Li, Ma, Wright: Robust principal component analysis?, J. ACM 58(3), 2011.
    Lin, Chen, Ma: The augmented Lagrange multiplier method for exact recovery of corrupted low-rank
    matrices, arXiv:1009.5055, 2010.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> low = rng.normal(size=(60, 2)) @ rng.normal(size=(2, 30))
    >>> spoiled = low.copy()
    >>> spoiled[rng.random(low.shape) < 0.05] += 5
    >>> bool(abs(RobustPCA().fit(spoiled).low_rank_ - low).max() < 1e-5)
    True
    """

    def __init__(
        self,
        lam: float | None = None,
        *,
        tol: float | None = None,
        max_iter: int = 500,
        growth: float = 1.5,
        on_failure: str = "raise",
    ) -> None:
        self.lam = lam
        self.tol = tol
        self.max_iter = max_iter
        self.growth = growth
        self.on_failure = on_failure

    def fit(self, D: ArrayLike, y: object = None, *, mask: ArrayLike | None = None) -> Self:
        """Split D.

        Parameters
        ----------
        D : float32 or float64 array (m, n)
            Copied, never changed.
        y : ignored
        mask : bool array (m, n), optional
            True where D was observed. Elsewhere D may hold anything finite; A is completed there
            (the sparse part is then not penalised, so these entries say nothing).

        Raises
        ------
        ValueError
            If D holds NaN, the mask has another shape or hides everything, or a parameter is out of range.
        NotConvergedError
            If `max_iter` iterations do not reach `tol` and ``on_failure="raise"``.
        """
        data = validate_data(
            self, no_texts(D), dtype=[np.float64, np.float32], order="C", ensure_min_samples=1
        )
        self._check_parameters()
        seen = None if mask is None else np.asarray(mask)
        if seen is not None and (seen.shape != data.shape or seen.dtype != np.bool_ or not seen.any()):
            raise ValueError(
                f"mask must be a bool array of D's shape {data.shape} with a True in it, got {seen.dtype} {seen.shape}"
            )
        if seen is not None and seen.all():
            seen = None
        wide = data.shape[0] < data.shape[1]
        if wide:
            data = np.ascontiguousarray(data.T)
            seen = None if seen is None else np.ascontiguousarray(seen.T)
        lam = 1 / np.sqrt(max(data.shape)) if self.lam is None else float(self.lam)
        tol = self.tol if self.tol is not None else (1e-7 if data.dtype == np.float64 else 1e-5)
        found = solve(data, seen, lam, tol, self.max_iter, self.growth)
        if found.residual > tol:
            message = (
                f"robust PCA stopped after {found.n_iter} iterations at a residual of {found.residual:.1e} "
                f"(tol {tol:.1e}); raise max_iter, raise tol, or raise growth (now {self.growth})"
            )
            if self.on_failure == "raise":
                raise NotConvergedError(message)
            warnings.warn(message, ConvergenceWarning, stacklevel=2)
        if wide:
            # A = U S V^T was found for D^T, so the basis of D's rows is U.
            basis = found.low_rank @ (found.basis / np.maximum(found.values, np.finfo(float).tiny))
            self.low_rank_ = np.ascontiguousarray(found.low_rank.T)
            self.sparse_ = np.ascontiguousarray(found.sparse.T)
        else:
            basis, self.low_rank_, self.sparse_ = found.basis, found.low_rank, found.sparse
        signs = np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])])
        self.components_ = np.ascontiguousarray((basis * signs).T, dtype=data.dtype)
        self.singular_values_ = found.values
        self.rank_ = len(found.values)
        self.n_iter_, self.residual_ = found.n_iter, found.residual
        self.objective_, self.gap_ = found.objective, found.gap
        return self

    def transform(self, D: ArrayLike) -> Array:
        """Coordinates of new rows in the basis `components_`, array (m, rank_)."""
        check_is_fitted(self)
        data = validate_data(self, no_texts(D), dtype=[np.float64, np.float32], reset=False)
        with serial_blas():
            return data @ self.components_.T.astype(data.dtype, copy=False)

    def inverse_transform(self, scores: ArrayLike) -> Array:
        """Rows of the low-rank space from their coordinates, array (m, n)."""
        check_is_fitted(self)
        with serial_blas():
            return as_finite(scores, "scores") @ self.components_

    def _check_parameters(self) -> None:
        if self.lam is not None:
            check_above("lam", self.lam, 0, "None takes 1/sqrt(max(m, n))")
        check_above("growth", self.growth, 1, "1.5 is usual, 1.05 is exact and slow")
        check_count("max_iter", self.max_iter, 1, 10**9, "iterations")
        if self.tol is not None:
            check_above("tol", self.tol, 0)
        if self.on_failure not in ("raise", "warn"):
            raise ValueError(f"on_failure must be 'raise' or 'warn', got {self.on_failure!r}")
