"""Picture measures: PSNR and SSIM of batches of RGB pictures.

Conventions, everywhere: pictures are ``(N, H, W, 3)`` in [0, 1] (``data_range = 1``), numpy arrays or torch
tensors; one value a picture, and a table's figure is the mean over pictures, not a pooled one. SSIM is Wang et al.
2004 with a Gaussian window of sigma 1.5 (11 x 11), biased covariances, mean over channels and over the pixels whose
window lies inside the picture: scikit-image's ``gaussian_weights=True, sigma=1.5, use_sample_covariance=False``. With
``border="mirror"`` every pixel counts; the picture is mirrored beyond its border.

Two threads share a batch; what a picture gives depends neither on the batch nor on the threads. float32 pictures are
filtered in float32, all others in float64.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics.pictures._arrays import as_input_kind, check_values, checked_pair, checked_region
from gaitbench.metrics.pictures._ssim_map import RADIUS, SimilarityMap

__all__ = ["psnr", "ssim"]

#: Unsigned integers of the same size, and what 1.0 reads as there.
_BITS = {np.dtype(np.float32): (np.uint32, 0x3F800000), np.dtype(np.float64): (np.uint64, 0x3FF << 52)}
_BYTES_A_CALL = 768 * 1024  # of one of the two; threads get in each other's way where calls are short
#: Pictures whose mean squared error is no larger are identical: float32 rounds a value to 6e-8, 8 bits to 4e-3.
_IDENTICAL = 1e-14
_PICTURES_A_THREAD = 16  # a smaller batch is not worth starting threads for


def _in_threads(work: Callable[[int, int], None], count: int) -> None:
    """Run ``work(start, stop)`` on one or two parts of `count` pictures."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parts = max(1, min(2, cores, count // _PICTURES_A_THREAD))
    if parts == 1:
        work(0, count)
        return
    edges = [count * i // parts for i in range(parts + 1)]
    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(work, edges[:-1], edges[1:]))


def _dtype(x: NDArray[Any], y: NDArray[Any]) -> np.dtype[Any]:
    return np.dtype(np.float32 if x.dtype == y.dtype == np.float32 else np.float64)


def _together(height: int, width: int, dtype: np.dtype[Any]) -> int:
    """Pictures that are taken at a time."""
    return max(1, _BYTES_A_CALL // max(1, height * width * 3 * dtype.itemsize))


def _check(x: NDArray[Any]) -> None:
    """`check_values` in one pass.

    Read as unsigned integers, floats from 0 to 1 keep their order, and negative ones, larger ones and NaN are larger.
    """
    bits, one = _BITS.get(x.dtype, (None, 0))
    if bits is None or not x.size or x.view(bits).max() > one:
        check_values(x)  # which forgives rounding, and knows other types


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
        ``10 log10(1 / MSE)``; infinite for identical pictures, whose MSE is at most 1e-14 (what rounding of float32
        makes; one step of one channel of an 8-bit picture is above it up to 500 megapixels). A tensor where `a` is
        one, on its device.

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
    x, y = checked_pair(a, b, values=False)
    mask = checked_region(region, x.shape)
    n, h, w = x.shape[:3]
    out = np.empty(n)

    dtype = _dtype(x, y)
    together = _together(h, w, dtype)

    def work(start: int, stop: int) -> None:
        for first in range(start, stop, together):
            some = slice(first, min(first + together, stop))
            left, right = (np.ascontiguousarray(z[some], dtype).reshape(-1, h, w * 3) for z in (x, y))
            for i, (p, q) in enumerate(zip(left, right, strict=True), start=first):
                if mask is not None:
                    p, q = (z.reshape(h, w, 3)[mask[i]] for z in (p, q))
                # sums in double, without an array of differences
                out[i] = cv2.norm(p, q, cv2.NORM_L2SQR) / p.size if p.size else np.nan
            # only now: what waits for memory is the first pass, and it had better be the one that reads both
            _check(x[some])
            _check(y[some])

    _in_threads(work, n)
    out[out <= _IDENTICAL] = 0.0
    with np.errstate(divide="ignore"):
        return as_input_kind(-10.0 * np.log10(out), a)


def ssim(a: Any, b: Any, *, region: Any = None, border: str = "skip") -> Any:
    """Structural similarity (Wang et al. 2004), one value a picture.

    Parameters
    ----------
    a, b : float array or tensor (N, H, W, 3)
        Pictures in [0, 1], at least 11 x 11 pixels.
    region : bool array or tensor (N, H, W), optional
        Pixels of the similarity map that enter the mean. Their windows reach beyond the region: what must not count
        there has to be alike in both pictures. An empty region gives NaN.
    border : {"skip", "mirror"}
        ``"skip"`` leaves out the border of 5 pixels, whose windows reach beyond the picture, as scikit-image does.
        ``"mirror"`` counts them, over the picture mirrored at its border: the mean of the whole map that scikit-image
        returns with ``full=True``.

    Returns
    -------
    float64 array or tensor (N,)
        Values in [-1, 1]; 1 for identical pictures. A tensor where `a` is one, on its device.

    Raises
    ------
    ValueError
        If shapes differ, pictures are smaller than the window, values are not floats in [0, 1], or `border` is unknown.
    """
    if border not in ("skip", "mirror"):
        raise ValueError(f"border must be 'skip' or 'mirror', not {border!r}")
    x, y = checked_pair(a, b, values=False)
    mask = checked_region(region, x.shape)
    n, h, w = x.shape[:3]
    size = 2 * RADIUS + 1
    if h < size or w < size:
        raise ValueError(f"pictures of {h} x {w} are smaller than the {size} x {size} window of SSIM")
    inner = (slice(RADIUS, h - RADIUS), slice(RADIUS, w - RADIUS))
    beyond = ((0, 0), (RADIUS, RADIUS), (RADIUS, RADIUS), (0, 0))
    if border == "mirror":
        inner = (slice(None), slice(None))
        h, w = h + 2 * RADIUS, w + 2 * RADIUS
    out = np.empty(n)

    dtype = _dtype(x, y)
    together = _together(h, w, dtype)

    def work(start: int, stop: int) -> None:
        similarity = SimilarityMap(h, w, dtype, min(together, stop - start))
        for first in range(start, stop, together):
            some = slice(first, min(first + together, stop))
            _check(x[some])
            _check(y[some])
            left, right = x[some], y[some]
            if border == "mirror":
                left, right = (np.pad(z, beyond, mode="symmetric") for z in (left, right))
            for i, found in enumerate(similarity(left, right), start=first):
                if mask is None:
                    # as one channel: twice as fast as three
                    out[i] = cv2.sumElems(found.reshape(len(found), -1))[0] / found.size
                    continue
                counted = found[mask[i][inner]]
                out[i] = np.mean(counted, dtype=np.float64) if counted.size else np.nan

    _in_threads(work, n)
    return as_input_kind(out, a)
