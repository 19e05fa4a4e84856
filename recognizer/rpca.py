"""Robust principal component analysis: a matrix as low rank plus sparse.

Principal component pursuit ``min ||A||_* + lam ||E||_1  s.t.  D = A + E`` (Candes et al. 2011) by inexact
augmented Lagrange multipliers (Lin, Chen, Ma 2010). What is ours is the organisation: the singular value
thresholding works on the Gram matrix of the smaller side, and since ``X = D - E + Y/mu`` gives both the new
low-rank part ``A = X B`` (B a small matrix) and the new multiplier ``Y = mu (X - A)``, one fused pass over row
blocks per iteration updates everything in place and accumulates the next Gram matrix.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

from recognizer._blocks import block_rows, run_parts, serial_blas, slices

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
        objective can stop up to 0.1 % above the optimum; 1.05 brings ``gap_`` below 1e-6.
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
        data = validate_data(self, D, dtype=[np.float64, np.float32], order="C", ensure_min_samples=1)
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
        found = _solve(data, seen, lam, tol, self.max_iter, self.growth)
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
        data = validate_data(self, D, dtype=[np.float64, np.float32], reset=False)
        with serial_blas():
            return data @ self.components_.T.astype(data.dtype, copy=False)

    def inverse_transform(self, scores: ArrayLike) -> Array:
        """Rows of the low-rank space from their coordinates, array (m, n)."""
        check_is_fitted(self)
        with serial_blas():
            return np.asarray(scores) @ self.components_

    def _check_parameters(self) -> None:
        if self.lam is not None and not self.lam > 0:
            raise ValueError(f"lam must be positive, got {self.lam}; None takes 1/sqrt(max(m, n))")
        if not self.growth > 1:
            raise ValueError(
                f"growth must be above 1, got {self.growth}; 1.5 is usual, 1.05 is exact and slow"
            )
        if self.max_iter < 1 or (self.tol is not None and not self.tol > 0):
            raise ValueError(f"max_iter and tol must be positive, got {self.max_iter} and {self.tol}")
        if self.on_failure not in ("raise", "warn"):
            raise ValueError(f"on_failure must be 'raise' or 'warn', got {self.on_failure!r}")


@dataclass
class _Split:
    low_rank: Array
    sparse: Array
    basis: NDArray[np.float64]
    values: NDArray[np.float64]
    n_iter: int
    residual: float
    objective: float
    gap: float


def _gram(x: Array) -> NDArray[np.float64]:
    """``x^T x`` accumulated in float64 over row blocks."""
    n = x.shape[1]

    def part(start: int, stop: int) -> NDArray[np.float64]:
        total = np.zeros((n, n))
        for rows in slices(start, stop, max(n, 256)):
            total += x[rows].T @ x[rows]
        return total

    return np.asarray(np.sum(run_parts(part, len(x), columns=n), axis=0))


def _threshold(gram: NDArray[np.float64], level: float) -> tuple[Array, NDArray[np.float64]]:
    """Right singular vectors (n, r) and singular values (r,) above `level`, strongest first."""
    with serial_blas():
        top = float(np.abs(gram).sum(axis=0).max()) * 2 + 1.0
        values, vectors = eigh(gram, subset_by_value=(level**2, top), driver="evr", check_finite=False)
    return vectors[:, ::-1], np.sqrt(values[::-1])


def _solve(D: Array, seen: Array | None, lam: float, tol: float, max_iter: int, growth: float) -> _Split:
    """Run the iteration on a tall matrix; state is X and Y/mu only, updated in place."""
    m, n = D.shape
    if seen is not None:
        D = np.where(seen, D, D.dtype.type(0))
    spectral = float(np.sqrt(max(np.linalg.eigvalsh(_gram(D))[-1], 0.0)))
    norm = float(np.sqrt(sum(float(np.vdot(D[s], D[s])) for s in slices(0, m, 4096))))
    if norm == 0.0:
        empty = np.zeros((n, 0))
        return _Split(np.zeros_like(D), np.zeros_like(D), empty, np.zeros(0), 0, 0.0, 0.0, 0.0)
    mu = 1.25 / spectral
    mu_max = mu * 1e7
    dual_scale = max(spectral, float(max(D.max(), -D.min())) / lam)
    X, Y = np.empty_like(D), np.empty_like(D)
    state = _State(D, seen, X, Y, lam)
    gram = state.start(mu, dual_scale)
    residual = np.inf
    iteration = 0
    while iteration < max_iter:
        iteration += 1
        basis, values = _threshold(gram, 1 / mu)
        shrunk = (basis * (1 - 1 / (mu * values))).T
        next_mu = min(mu * growth, mu_max)
        # A float32 Gram matrix knows singular values down to about 3e-4 of the largest.
        precise = D.dtype == np.float64 or 1 / next_mu < 3e-3 * spectral
        gram, squares = state.advance(basis, shrunk, mu, next_mu, precise)
        residual = float(np.sqrt(squares)) / norm
        mu = next_mu
        if residual <= tol:
            break
    basis, values = _threshold(gram, 1 / mu)
    shrunk = (basis * (1 - 1 / (mu * values))).T
    objective, gap = state.finish(basis, values, shrunk, mu)
    return _Split(X, Y, basis, values - 1 / mu, iteration, residual, objective, gap)


@dataclass
class _State:
    """The two arrays of the iteration and the passes over their row blocks."""

    D: Array
    seen: Array | None
    X: Array
    Y: Array
    lam: float

    def start(self, mu: float, dual_scale: float) -> NDArray[np.float64]:
        """First E-step from A = 0 and Y = D / dual_scale; returns the Gram matrix of X."""
        level = self.lam / mu

        def part(start: int, stop: int) -> None:
            for rows in slices(start, stop, 1024):
                np.multiply(self.D[rows], 1 / (dual_scale * mu), out=self.Y[rows])
                np.add(self.D[rows], self.Y[rows], out=self.X[rows])
                np.clip(self.X[rows], -level, level, out=self.X[rows])

        run_parts(part, len(self.D), columns=self.D.shape[1])
        return _gram(self.X)

    def advance(
        self, basis: Array, shrunk: Array, mu: float, next_mu: float, precise: bool
    ) -> tuple[NDArray[np.float64], float]:
        """A-step, multiplier, residual, next E-step and its Gram matrix (float64 if `precise`) in one pass."""
        D, X, Y, dtype = self.D, self.X, self.Y, self.D.dtype
        n = D.shape[1]
        ratio, level = dtype.type(mu / next_mu), dtype.type(self.lam / next_mu)
        left, right = np.ascontiguousarray(basis, dtype=dtype), np.ascontiguousarray(shrunk, dtype=dtype)
        # Two thin products are cheaper than one square one while the rank is below half the columns.
        thin = 2 * left.shape[1] < n
        square = None if thin else left @ right
        size = block_rows(n, dtype.itemsize, 6)

        def part(start: int, stop: int) -> tuple[NDArray[np.float64], float]:
            gram, squares = np.zeros((n, n)), 0.0
            low_buffer, work_buffer = np.empty((size, n), dtype), np.empty((size, n), dtype)
            thin_buffer = np.empty((size, left.shape[1]), dtype)
            gram_buffer = np.empty((n, n), np.float64 if precise else dtype)
            behind = start
            for rows in slices(start, stop, size):
                x, y, d = X[rows], Y[rows], D[rows]
                k = len(x)
                low, work = low_buffer[:k], work_buffer[:k]
                if square is None:
                    np.matmul(np.matmul(x, left, out=thin_buffer[:k]), right, out=low)
                else:
                    np.matmul(x, square, out=low)
                np.subtract(x, low, out=x)  # the new Y / mu
                np.subtract(x, y, out=work)  # D - A - E
                if self.seen is not None:
                    work *= self.seen[rows]
                squares += float(np.vdot(work, work))
                np.multiply(x, ratio, out=y)
                np.subtract(d, low, out=work)
                np.add(work, y, out=work)
                np.clip(work, -level, level, out=work)
                if self.seen is not None:
                    work *= self.seen[rows]
                np.add(low, work, out=x)
                # Adding n x n numbers per block would cost as much as the product: gather some rows first.
                if rows.stop - behind >= n or rows.stop == stop:
                    done = X[behind : rows.stop].astype(gram_buffer.dtype, copy=False)
                    gram += np.matmul(done.T, done, out=gram_buffer)
                    behind = rows.stop
            return gram, squares

        with serial_blas():
            parts = run_parts(part, len(D), columns=n)
        return np.asarray(np.sum([g for g, _ in parts], axis=0)), float(sum(s for _, s in parts))

    def finish(self, basis: Array, values: Array, shrunk: Array, mu: float) -> tuple[float, float]:
        """Write A over X and E over Y; return the objective and the relative duality gap."""
        D, X, Y, dtype, lam = self.D, self.X, self.Y, self.D.dtype, self.lam
        n = D.shape[1]
        level = dtype.type(lam / mu)
        left, right = np.ascontiguousarray(basis, dtype=dtype), np.ascontiguousarray(shrunk, dtype=dtype)

        def part(start: int, stop: int) -> tuple[float, float, NDArray[np.float64]]:
            distance, product, gram = 0.0, 0.0, np.zeros((n, n))
            for rows in slices(start, stop, max(256, n)):
                x, y, d = X[rows], Y[rows], D[rows]
                low = (x @ left) @ right
                dual = x - low  # Y / mu
                work = d - low
                if self.seen is not None:
                    dual *= self.seen[rows]
                    work *= self.seen[rows]
                distance += float(np.abs(work).sum(dtype=np.float64))
                np.add(work, dual, out=work)
                np.subtract(work, np.clip(work, -level, level), out=y)
                np.clip(dual, -level, level, out=dual)
                product += float(np.vdot(dual, d))
                gram += dual.T @ dual
                np.copyto(x, low)
            return distance, product, gram

        parts = run_parts(part, len(D), columns=n)
        objective = float((values - 1 / mu).sum()) + lam * sum(p[0] for p in parts)
        # The clipped Y is dual feasible (|Y| <= lam, ||Y||_2 <= 1) once divided by its spectral norm.
        spectral = mu * float(
            np.sqrt(max(np.linalg.eigvalsh(np.sum([p[2] for p in parts], axis=0))[-1], 0.0))
        )
        dual = mu * sum(p[1] for p in parts) / max(1.0, spectral)
        return objective, (objective - dual) / objective if objective > 0 else 0.0
