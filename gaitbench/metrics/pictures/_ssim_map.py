"""The arithmetic of SSIM: similarity maps of pictures, a few at a time.

Python threads get in each other's way where calls are short; on a few pictures at once they are long enough, in
buffers that are still small.
"""

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

    With the sum s and the difference d of two pictures, mu their means and V their variances in the window, SSIM is
    ``(mu_s^2 - mu_d^2 + 2 C1) (V_s - V_d + 2 C2)`` over the same with plus for minus: four filterings, of s, d, and
    their squares. What a picture gives does not depend, to the last bit, on the others or on its place among them.

    Parameters
    ----------
    height, width : int
        At least 11 each.
    dtype : float32 or float64
        Of the pictures and of the arithmetic.
    most : int
        Pictures at most that one call is given.
    """

    def __init__(self, height: int, width: int, dtype: Any, most: int) -> None:
        self._column = window().astype(dtype)[:, None]
        self._row = np.ascontiguousarray(self._column.T)
        self._dtype = dtype
        self._buffers = np.empty((6, most, height, width, 3), dtype)

    def _filter(self, pictures: NDArray[Any], *, plus: float = 0.0) -> None:
        """Filter pictures that stand one upon the other in place.

        Borders are of no use: what comes from the neighbour above or below, or from outside, is cut off in the end.
        """
        # One axis at a time by filter2D is faster than sepFilter2D.
        cv2.filter2D(pictures, -1, self._column, pictures, borderType=cv2.BORDER_CONSTANT)
        cv2.filter2D(pictures, -1, self._row, pictures, delta=plus, borderType=cv2.BORDER_CONSTANT)

    def __call__(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Maps of pictures (N, H, W, 3), without the border of 5 pixels; overwritten by the next call.

        Returns
        -------
        array (N, H - 10, W - 10, 3)
        """
        mu_s, mu_d, v_s, v_d, squares, luminance = self._buffers[:, : len(x)]
        np.add(x, y, out=mu_s, dtype=self._dtype)
        # Around 0 the squares are smaller, and with them what float32 loses in E[s^2] - E[s]^2.
        mu_s -= 1.0
        np.subtract(x, y, out=mu_d, dtype=self._dtype)
        np.multiply(mu_s, mu_s, out=v_s)
        np.multiply(mu_d, mu_d, out=v_d)
        for pictures, plus in ((mu_s, 0.0), (mu_d, 0.0), (v_s, 2 * _C2), (v_d, 0.0)):
            self._filter(pictures.reshape(-1, *x.shape[2:]), plus=plus)
        # Whole pictures, cropped at the end: contiguous operands are three times as fast as cropped ones. No
        # fused operations of OpenCV: they round otherwise at the end of an array than before.
        np.multiply(mu_s, mu_s, out=squares)
        v_s -= squares
        np.add(mu_s, 1.0, out=luminance)
        luminance *= luminance
        luminance += 2 * _C1
        mu_d *= mu_d
        v_d -= mu_d
        np.subtract(luminance, mu_d, out=squares)
        luminance += mu_d
        np.subtract(v_s, v_d, out=mu_s)
        v_s += v_d
        squares *= mu_s
        luminance *= v_s
        squares /= luminance
        return squares[:, RADIUS:-RADIUS, RADIUS:-RADIUS]
