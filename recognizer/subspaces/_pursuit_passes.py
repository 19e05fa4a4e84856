"""The passes over row blocks of the robust PCA iteration: each updates the state in place.

The state is ``X = D - E + Y/mu`` and ``Y/mu``, two arrays of the data's size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer._blocks import block_rows, run_parts, serial_blas, slices

__all__ = ["Passes", "gram_matrix"]

Array = NDArray[Any]


def gram_matrix(x: Array) -> NDArray[np.float64]:
    """``x^T x`` accumulated in float64 over row blocks."""
    n = x.shape[1]

    def part(start: int, stop: int) -> NDArray[np.float64]:
        total = np.zeros((n, n))
        for rows in slices(start, stop, max(n, 256)):
            total += x[rows].T @ x[rows]
        return total

    return np.asarray(np.sum(run_parts(part, len(x), columns=n), axis=0))


@dataclass
class Passes:
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
        return gram_matrix(self.X)

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
