"""The iteration behind `RobustPCA`: inexact augmented Lagrange multipliers on a tall matrix, in place.

What is ours is the organisation: the singular value thresholding works on the Gram matrix of the smaller side, and
since ``X = D - E + Y/mu`` gives both the new low-rank part ``A = X B`` (B a small matrix) and the new multiplier
``Y = mu (X - A)``, one fused pass over row blocks per iteration updates everything in place and accumulates the
next Gram matrix (`recognizer.subspaces._pursuit_passes`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from recognizer._blocks import kept_threads, serial_blas, slices
from recognizer.subspaces._pursuit_passes import Passes, gram_matrix

__all__ = ["Split", "solve"]

Array = NDArray[Any]


@dataclass
class Split:
    """What the iteration on a tall matrix (m, n) ends with.

    Parameters
    ----------
    low_rank, sparse : arrays (m, n)
    basis : float64 array (n, r)
        Right singular vectors of the low-rank part, strongest first.
    values : float64 array (r,)
        Its singular values.
    n_iter : int
    residual : float
        ``||D - A - E||_F / ||D||_F``.
    objective, gap : float
        Primal value and relative duality gap.
    """

    low_rank: Array
    sparse: Array
    basis: NDArray[np.float64]
    values: NDArray[np.float64]
    n_iter: int
    residual: float
    objective: float
    gap: float


def _threshold(gram: NDArray[np.float64], level: float) -> tuple[Array, NDArray[np.float64]]:
    """Right singular vectors (n, r) and singular values (r,) above `level`, strongest first."""
    with serial_blas():
        top = float(np.abs(gram).sum(axis=0).max()) * 2 + 1.0
        values, vectors = eigh(gram, subset_by_value=(level**2, top), driver="evr", check_finite=False)
    return vectors[:, ::-1], np.sqrt(values[::-1])


@kept_threads()
def solve(D: Array, seen: Array | None, lam: float, tol: float, max_iter: int, growth: float) -> Split:
    """Run the iteration on a tall matrix; state is X and Y/mu only, updated in place."""
    m, n = D.shape
    if seen is not None:
        D = np.where(seen, D, D.dtype.type(0))
    spectral = float(np.sqrt(max(np.linalg.eigvalsh(gram_matrix(D))[-1], 0.0)))
    norm = float(np.sqrt(sum(float(np.vdot(D[s], D[s])) for s in slices(0, m, 4096))))
    if norm == 0.0:
        empty = np.zeros((n, 0))
        return Split(np.zeros_like(D), np.zeros_like(D), empty, np.zeros(0), 0, 0.0, 0.0, 0.0)
    mu = 1.25 / spectral
    mu_max = mu * 1e7
    dual_scale = max(spectral, float(max(D.max(), -D.min())) / lam)
    X, Y = np.empty_like(D), np.empty_like(D)
    passes = Passes(D, seen, X, Y, lam)
    gram = passes.start(mu, dual_scale)
    residual = np.inf
    iteration = 0
    while iteration < max_iter:
        iteration += 1
        basis, values = _threshold(gram, 1 / mu)
        shrunk = (basis * (1 - 1 / (mu * values))).T
        next_mu = min(mu * growth, mu_max)
        # A float32 Gram matrix knows singular values down to about 3e-4 of the largest.
        precise = D.dtype == np.float64 or 1 / next_mu < 3e-3 * spectral
        gram, squares = passes.advance(basis, shrunk, mu, next_mu, precise)
        residual = float(np.sqrt(squares)) / norm
        mu = next_mu
        if residual <= tol:
            break
    basis, values = _threshold(gram, 1 / mu)
    shrunk = (basis * (1 - 1 / (mu * values))).T
    objective, gap = passes.finish(basis, values, shrunk, mu)
    return Split(X, Y, basis, values - 1 / mu, iteration, residual, objective, gap)
