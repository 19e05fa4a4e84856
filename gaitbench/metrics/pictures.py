"""Picture measures: PSNR and SSIM of batches of RGB pictures.

Conventions, everywhere: pictures are ``(N, H, W, 3)`` in [0, 1] (``data_range = 1``); one value a picture, and a
table's figure is the mean over pictures, not a pooled one. SSIM is Wang et al. 2004 with a Gaussian window of
sigma 1.5 (11 x 11), biased covariances, mean over the pixels whose window lies inside the picture and over the
channels: scikit-image's ``gaussian_weights=True, sigma=1.5, use_sample_covariance=False``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics._arrays import as_input_kind, checked_pair, checked_region

__all__ = ["psnr", "ssim"]

_SIGMA = 1.5
_RADIUS = 5  # int(3.5 * sigma + 0.5), scikit-image's truncation
_C1 = 0.01**2
_C2 = 0.03**2


def psnr(a: Any, b: Any, *, region: Any = None) -> Any:
    """Peak signal-to-noise ratio in dB, one value a picture.

    Parameters
    ----------
    a, b : float array or tensor (N, H, W, 3)
        Pictures in [0, 1].
    region : bool array or tensor (N, H, W), optional
        Pixels that count; all if not given. An empty region gives NaN.

    Returns
    -------
    float64 array or tensor (N,)
        ``10 log10(1 / MSE)``; infinite for identical pictures.

    Raises
    ------
    ValueError
        If shapes differ, or values are not floats in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> psnr(np.zeros((1, 2, 2, 3)), np.full((1, 2, 2, 3), 0.1)).round(6)
    array([20.])
    """
    x, y = checked_pair(a, b)
    mask = checked_region(region, x.shape)
    out = np.empty(len(x))
    for i in range(len(x)):
        d = np.subtract(x[i], y[i], dtype=np.float64)
        d = d.ravel() if mask is None else d[mask[i]].ravel()
        out[i] = np.dot(d, d) / d.size if d.size else np.nan
    with np.errstate(divide="ignore"):
        return as_input_kind(-10.0 * np.log10(out), a)


def _window() -> NDArray[np.float64]:
    x = np.arange(-_RADIUS, _RADIUS + 1)
    w = np.exp(-0.5 * (x / _SIGMA) ** 2)
    return w / w.sum()


def ssim(a: Any, b: Any, *, region: Any = None) -> Any:
    """Structural similarity (Wang et al. 2004), one value a picture.

    Each picture takes one separable filtering of twelve planes (x, y, x^2 + y^2 and xy, three channels each), which
    stay in the cache.

    Parameters
    ----------
    a, b : float array or tensor (N, H, W, 3)
        Pictures in [0, 1], at least 11 x 11 pixels.
    region : bool array or tensor (N, H, W), optional
        Pixels of the similarity map that enter the mean, apart from a border of 5 pixels that never does. An
        empty region gives NaN.

    Returns
    -------
    float64 array or tensor (N,)
        Values in [-1, 1]; 1 for identical pictures.

    Raises
    ------
    ValueError
        If shapes differ, pictures are smaller than the window, or values are not floats in [0, 1].
    """
    import cv2

    x, y = checked_pair(a, b)
    mask = checked_region(region, x.shape)
    n, h, w = x.shape[:3]
    size = 2 * _RADIUS + 1
    if h < size or w < size:
        raise ValueError(f"pictures of {h} x {w} are smaller than the {size} x {size} window of SSIM")
    window = _window()
    planes = np.empty((h, w, 12))
    inner = (slice(_RADIUS, h - _RADIUS), slice(_RADIUS, w - _RADIUS))
    out = np.empty(n)
    for i in range(n):
        p, q = planes[..., 0:3], planes[..., 3:6]
        p[...] = x[i]
        q[...] = y[i]
        np.multiply(p, q, out=planes[..., 9:12])
        np.add(p * p, q * q, out=planes[..., 6:9])
        mean = cv2.sepFilter2D(planes, cv2.CV_64F, window, window, borderType=cv2.BORDER_REFLECT)[inner]
        mu_p, mu_q = mean[..., 0:3], mean[..., 3:6]
        product = mu_p * mu_q
        squares = mu_p * mu_p + mu_q * mu_q
        top = (2 * product + _C1) * (2 * (mean[..., 9:12] - product) + _C2)
        bottom = (squares + _C1) * (mean[..., 6:9] - squares + _C2)
        similarity = top / bottom
        if mask is None:
            out[i] = np.mean(similarity)
        else:
            counted = similarity[mask[i][inner]]
            out[i] = np.mean(counted) if counted.size else np.nan
    return as_input_kind(out, a)
