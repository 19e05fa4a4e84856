"""Gait energy images: the mean silhouette over complete gait cycles."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.gait_energy.period import GaitPeriod, gait_period

__all__ = [
    "gait_energy_image", "gait_energy_image_of_each_cycle", "gait_energy_images", "mean_silhouette",
]  # fmt: skip


def mean_silhouette(silhouettes: NDArray[np.generic]) -> NDArray[np.float32]:
    """Mean over the frames, exact for binary silhouettes.

    Parameters
    ----------
    silhouettes : array (T, h, w), T >= 1
        bool; uint8; or floats in [0, 1]. Bytes are 0 and 1 where no byte is above 1; otherwise they are grey values
        that count in proportion to 255, so that 51 is a fifth of a pixel, whatever the largest byte is.

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


def gait_energy_image(
    silhouettes: ArrayLike, *, period: GaitPeriod | None = None, fps: float | None = None
) -> NDArray[np.float32]:
    """Gait energy image ``G(x, y) = 1/N sum_t B_t(x, y)`` over the complete cycles of one sequence.

    Where the period is not sure, the whole sequence is averaged; and where nobody gave the frame rate either, a
    warning says so, for at another rate than the assumed one no cycle can be found.

    Parameters
    ----------
    silhouettes : array (T, h, w), T >= 1
        Aligned silhouettes: bool, floats in [0, 1], or whole numbers. Whole numbers are 0 and 1 where none is
        above 1; otherwise grey values from 0 to 255 that count in proportion to 255, whatever the largest is
        (foreground marked by another value, such as a label of 2, must be turned into bool first).
    period : GaitPeriod, optional
        As found by `gait_period` (the default: estimated here). ``GaitPeriod(None, 0.0, "not sure")`` averages
        every frame.
    fps : float, optional
        Frames per second, for the estimate; 25 are assumed where it is not given.

    Returns
    -------
    float32 array (h, w) in [0, 1]

    Raises
    ------
    ValueError
        If there is no frame, no foreground at all, NaN, values outside [0, 1] in a float array or outside 0..255 in
        one of whole numbers, or no numbers.

    References
    ----------
    Han, Bhanu: Individual recognition using gait energy image, TPAMI 28(2), 2006.

    Examples
    --------
    >>> import numpy as np
    >>> gait_energy_image(np.array([[[1, 0]], [[1, 1]]], dtype=bool))
    array([[1. , 0.5]], dtype=float32)
    """
    x = _checked(silhouettes)
    if period is None:
        period = gait_period(x, fps=fps)
        if not period.sure and period.rate_assumed:
            warnings.warn(
                f"no sure gait cycle in {len(x)} frames at an assumed {period.fps:g} frames a second: all of them are "
                "averaged; give fps=..., and at least two cycles",
                stacklevel=2,
            )
    return mean_silhouette(x[: period.complete_frames(len(x))])


def gait_energy_image_of_each_cycle(
    silhouettes: ArrayLike, *, fps: float | None = None
) -> NDArray[np.float32]:
    """Gait energy images of the complete cycles of one sequence, one a cycle, in their order.

    Parameters
    ----------
    silhouettes, fps
        As of `gait_energy_image`.

    Returns
    -------
    float32 array (c, h, w) in [0, 1]
        One image, of all frames, where the sequence shows no sure cycle, or less than one. A cycle without any
        foreground is left out.

    Raises
    ------
    ValueError
        As `gait_energy_image`.
    """
    x = _checked(silhouettes)
    frames = gait_period(x, fps=fps).frames
    if frames is None or frames > len(x):
        return mean_silhouette(x)[None]
    ends = [min(len(x), round(k * frames)) for k in range(int(len(x) / frames) + 1)]
    cycles = [x[start:end] for start, end in pairwise(ends)]
    return np.stack([mean_silhouette(one) for one in cycles if one.any()] or [mean_silhouette(x)])


def _checked(silhouettes: ArrayLike) -> NDArray[np.generic]:
    """Silhouettes as `mean_silhouette` takes them; refuses what are none."""
    x = np.asarray(silhouettes)
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(f"silhouettes must have shape (T, h, w) with at least one frame, got {x.shape}")
    if x.dtype.kind == "f":
        if not np.isfinite(x).all() or x.min() < 0 or x.max() > 1:
            raise ValueError(
                "silhouettes hold NaN or values outside [0, 1]; pass bool, uint8 or floats in [0, 1]"
            )
    elif x.dtype.kind in "iu" and x.dtype != np.uint8:
        if x.min() < 0 or x.max() > 255:
            raise ValueError(
                f"silhouettes hold whole numbers from {x.min()} to {x.max()}, outside 0 to 255; pass bool, uint8 or "
                "floats in [0, 1]"
            )
        x = x.astype(np.uint8)
    elif x.dtype.kind not in "biu":
        raise ValueError(f"silhouettes must be numbers, not {x.dtype}; pass bool, uint8 or floats in [0, 1]")
    if not x.any():
        raise ValueError("silhouettes hold no foreground at all; drop the sequence or mend its extraction")
    return x


def gait_energy_images(sequences: Iterable[ArrayLike], *, fps: float | None = None) -> NDArray[np.float32]:
    """Gait energy images of many sequences of one picture size.

    Parameters
    ----------
    sequences : iterable of arrays (T_i, h, w)
        As in `gait_energy_image`; read one at a time, so a generator keeps one sequence in memory.
    fps : float, optional
        Frames per second of all of them; 25 are assumed where it is not given.

    Returns
    -------
    float32 array (n, h, w) in [0, 1]

    Raises
    ------
    ValueError
        If there is no sequence, sizes differ, or one of them is not a sequence of silhouettes.

    Examples
    --------
    From silhouettes to views in one pipeline; the sequences may differ in length:

    >>> import numpy as np
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import FunctionTransformer
    >>> from recognizer import ViewAngleClassifier
    >>> wide, narrow = np.zeros((2, 30, 8, 6), bool)
    >>> wide[:, :, 1:5], narrow[:, :, 2:4] = True, True
    >>> steps = make_pipeline(FunctionTransformer(gait_energy_images), ViewAngleClassifier())
    >>> steps.fit([wide, wide[:25], narrow, narrow[:20]], [90, 90, 0, 0]).predict([narrow[:22]]).tolist()
    [0]
    """
    images: list[NDArray[np.float32]] = []
    for number, sequence in enumerate(sequences):
        try:
            image = gait_energy_image(sequence, fps=fps)
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
