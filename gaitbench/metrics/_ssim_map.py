"""The arithmetic of SSIM: similarity maps of pictures, one picture at a time in buffers that stay in the cache."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["RADIUS", "SIGMA", "SimilarityMap", "window"]

SIGMA = 1.5
RADIUS = 5  # int(3.5 * SIGMA + 0.5), scikit-image's truncation
_C1 = 0.01**2
_C2 = 0.03**2


def window() -> NDArray[np.float64]:
    """The Gaussian window along one axis, 11 weights that sum to 1."""
    x = np.arange(-RADIUS, RADIUS + 1)
    w = np.exp(-0.5 * (x / SIGMA) ** 2)
    weights: NDArray[np.float64] = w / w.sum()
    return weights


class SimilarityMap:
    """SSIM maps of pictures of one size; holds its buffers, so use one in each thread.

    Four separable filterings, of x, y, x^2 + y^2 and xy: the two variances are only needed as their sum.

    Parameters
    ----------
    height, width : int
        At least 11 each.
    dtype : float32 or float64
        Of the pictures and of the arithmetic.
    """

    def __init__(self, height: int, width: int, dtype: Any) -> None:
        self._window = window().astype(dtype)
        self._centred = np.empty((2, height, width, 3), dtype)
        self._products = np.empty((2, height, width, 3), dtype)
        self._means = np.empty((4, height, width, 3), dtype)
        self._work = np.empty((2, height - 2 * RADIUS, width, 3), dtype)

    def _filter(self, source: NDArray[Any], target: NDArray[Any]) -> None:
        cv2.sepFilter2D(source, -1, self._window, self._window, target, borderType=cv2.BORDER_REFLECT)

    def __call__(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Map of two pictures (H, W, 3), without the border of 5 pixels; overwritten by the next call.

        Returns
        -------
        array (H - 10, W - 10, 3)
        """
        p, q = self._centred
        squares, product = self._products
        # Around 0 the squares are a quarter as large, and with them what float32 loses in E[x^2] - E[x]^2.
        np.subtract(x, 0.5, out=p)
        np.subtract(y, 0.5, out=q)
        np.multiply(p, q, out=product)
        np.multiply(p, p, out=squares)
        cv2.accumulateSquare(q, squares)
        for source, target in zip((p, q, squares, product), self._means, strict=True):
            self._filter(source, target)
        # Whole rows, cropped at the end: contiguous operands are three times as fast as cropped ones.
        mu_p, mu_q, variances, covariance = self._means[:, RADIUS:-RADIUS]
        luminance, work = self._work
        np.multiply(mu_p, mu_q, out=work)
        covariance -= work
        # (x + 1/2) (y + 1/2) = xy + (x + y) / 2 + 1/4
        np.add(mu_p, mu_q, out=luminance)
        cv2.addWeighted(work, 2.0, luminance, 1.0, 0.5 + _C1, dst=work)
        cv2.multiply(mu_p, mu_p, dst=mu_p)
        cv2.accumulateSquare(mu_q, mu_p)
        variances -= mu_p
        variances += _C2
        mu_p += luminance
        mu_p += 0.5 + _C1
        covariance *= 2.0
        covariance += _C2
        covariance *= work
        variances *= mu_p
        covariance /= variances
        return covariance[:, RADIUS:-RADIUS]
