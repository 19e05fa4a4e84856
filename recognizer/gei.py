"""Gait energy images: the mean silhouette over complete gait cycles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.period import GaitPeriod, gait_period

__all__ = ["gait_energy_image", "gait_energy_images", "mean_silhouette"]


def mean_silhouette(silhouettes: NDArray[np.generic]) -> NDArray[np.float32]:
    """Mean over the frames, exact for binary silhouettes.

    Parameters
    ----------
    silhouettes : array (T, h, w), T >= 1
        bool; uint8 with foreground 1 or 255 (grey values count in proportion); or floats in [0, 1].

    Returns
    -------
    float32 array (h, w) in [0, 1]
    """
    x = silhouettes
    if x.dtype == np.bool_:
        x = x.view(np.uint8)
        top = 1
    elif x.dtype == np.uint8:
        top = int(x.max(initial=0))
        top = 255 if top > 1 else 1
    else:
        return np.asarray(x.mean(axis=0, dtype=np.float64), dtype=np.float32)
    # Sums of up to 255 // top frames fit a byte: adding bytes is eight times faster than adding int64.
    chunk = 255 // top
    if chunk > 1:
        total = np.zeros(x.shape[1:], np.uint32)
        for start in range(0, len(x), chunk):
            total += np.add.reduce(x[start : start + chunk], axis=0, dtype=np.uint8)
    else:
        total = np.add.reduce(x, axis=0, dtype=np.uint32)
    return np.asarray(total / (float(top) * len(x)), dtype=np.float32)


def gait_energy_image(silhouettes: ArrayLike, *, period: GaitPeriod | None = None) -> NDArray[np.float32]:
    """Gait energy image ``G(x, y) = 1/N sum_t B_t(x, y)`` over the complete cycles of one sequence.

    Where the period is not sure, the whole sequence is averaged.

    Parameters
    ----------
    silhouettes : array (T, h, w), T >= 1
        Aligned silhouettes: bool, uint8 (0/1 or 0/255), or floats in [0, 1].
    period : GaitPeriod, optional
        As found by `gait_period` (the default: estimated here). ``GaitPeriod(None, 0.0, "not sure")`` averages
        every frame.

    Returns
    -------
    float32 array (h, w) in [0, 1]

    Raises
    ------
    ValueError
        If there is no frame, no foreground at all, NaN, or values outside [0, 1] in a float array.

    References
    ----------
    Han, Bhanu: Individual recognition using gait energy image, TPAMI 28(2), 2006.

    Examples
    --------
    >>> import numpy as np
    >>> gait_energy_image(np.array([[[1, 0]], [[1, 1]]], dtype=bool))
    array([[1. , 0.5]], dtype=float32)
    """
    x = np.asarray(silhouettes)
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(f"silhouettes must have shape (T, h, w) with at least one frame, got {x.shape}")
    if x.dtype.kind == "f":
        if not np.isfinite(x).all() or x.min() < 0 or x.max() > 1:
            raise ValueError(
                "silhouettes hold NaN or values outside [0, 1]; pass bool, uint8 or floats in [0, 1]"
            )
    elif x.dtype.kind in "iu" and x.dtype != np.uint8:
        x = (x != 0) if x.max() <= 1 else x.astype(np.uint8)
    if not x.any():
        raise ValueError("silhouettes hold no foreground at all; drop the sequence or mend its extraction")
    if period is None:
        period = gait_period(x)
    return mean_silhouette(x[: period.complete_frames(len(x))])


def gait_energy_images(sequences: Iterable[ArrayLike]) -> NDArray[np.float32]:
    """Gait energy images of many sequences of one picture size.

    Parameters
    ----------
    sequences : iterable of arrays (T_i, h, w)
        As in `gait_energy_image`; read one at a time, so a generator keeps one sequence in memory.

    Returns
    -------
    float32 array (n, h, w) in [0, 1]

    Raises
    ------
    ValueError
        If there is no sequence, sizes differ, or one of them is not a sequence of silhouettes.
    """
    images: list[NDArray[np.float32]] = []
    for number, sequence in enumerate(sequences):
        try:
            image = gait_energy_image(sequence)
        except ValueError as error:
            raise ValueError(f"sequence {number}: {error}") from error
        if images and image.shape != images[0].shape:
            raise ValueError(
                f"sequence {number} has pictures of {image.shape}, sequence 0 of {images[0].shape}; "
                "align all sequences to one size first"
            )
        images.append(image)
    if not images:
        raise ValueError("no sequences given; pass at least one array (T, h, w)")
    return np.stack(images)
