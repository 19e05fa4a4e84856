"""Gradient magnitude similarity deviation (GMSD): how unevenly edges are damaged."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics.pictures._arrays import as_input_kind, checked_pair, checked_region

__all__ = ["gmsd", "luminance"]

#: Stabiliser of the similarity, for gradients of pictures in [0, 1] (the authors' 170 for 0..255).
_C = 170.0 / 255.0**2
_AT_ONCE = 64  # pictures


def luminance(pictures: NDArray[Any]) -> NDArray[np.float64]:
    """Luminance 0.299 R + 0.587 G + 0.114 B of pictures (..., 3), float64 (...)."""
    return np.asarray(pictures, dtype=np.float64) @ np.array([0.299, 0.587, 0.114])


def _halved(y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each 2 x 2 block (N, h, w); an odd last row or column is averaged with zeros, as the authors do."""
    h, w = y.shape[1:]
    if h % 2 or w % 2:
        y = np.pad(y, ((0, 0), (0, h % 2), (0, w % 2)))
    return 0.25 * (y[:, ::2, ::2] + y[:, 1::2, ::2] + y[:, ::2, 1::2] + y[:, 1::2, 1::2])


def _gradient_magnitude(y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Magnitude of the Prewitt gradient (N, h, w); zeros beyond the picture, as the authors do."""
    p = np.pad(y, ((0, 0), (1, 1), (1, 1)))
    rows = p[:, :-2] + p[:, 1:-1] + p[:, 2:]
    columns = p[:, :, :-2] + p[:, :, 1:-1] + p[:, :, 2:]
    across = (rows[:, :, 2:] - rows[:, :, :-2]) / 3.0
    down = (columns[:, 2:] - columns[:, :-2]) / 3.0
    return np.hypot(across, down)


def gmsd(a: Any, b: Any, *, region: Any = None) -> Any:
    """Gradient magnitude similarity deviation, one value a picture.

    Luminance is halved in size, Prewitt gradients are compared by ``(2 g h + c) / (g^2 + h^2 + c)``, and the standard
    deviation (with 1 / n) of that map is the measure. Symmetric in `a` and `b`.

    Parameters
    ----------
    a, b : float array or tensor (N, H, W, 3)
        Pictures in [0, 1].
    region : bool array or tensor (N, H, W), optional
        Points of the halved map count where all four of their pixels are in the region. An empty region gives NaN.

    Returns
    -------
    float64 array or tensor (N,)
        0 for identical pictures; larger is worse; under 0.5.

    Raises
    ------
    ValueError
        If shapes differ, or values are not floats in [0, 1].

    References
    ----------
    Xue, Zhang, Mou, Bovik, *Gradient magnitude similarity deviation*, IEEE TIP 23 (2014), equations 4 to 6.

    Examples
    --------
    >>> import numpy as np
    >>> gmsd(np.ones((1, 8, 8, 3)), np.ones((1, 8, 8, 3)))
    array([0.])
    """
    x, y = checked_pair(a, b)
    mask = checked_region(region, x.shape)
    out = np.full(len(x), np.nan)
    for start in range(0, len(x), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        g, h = (_gradient_magnitude(_halved(luminance(p[part]))) for p in (x, y))
        similarity = (2.0 * g * h + _C) / (g * g + h * h + _C)
        if mask is None:
            out[part] = similarity.std(axis=(1, 2)) if similarity.size else np.nan
            continue
        counted = _halved(mask[part].astype(np.float64)) == 1.0
        for i, (values, here) in enumerate(zip(similarity, counted, strict=True)):
            if here.any():
                out[start + i] = values[here].std()
    return as_input_kind(out, a)
