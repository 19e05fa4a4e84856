"""Size-normalised, centred crops: a smooth box over time, and pictures cut out by it.

The usual alignment of CASIA-B (OpenGait's pretreatment: skip frames under 40 white pixels, scale the person's
height, centre on the column that halves the mass) takes each frame's own rows. Where a head or a foot is lost
in one frame that makes the whole crop jump, which ruins a gait energy image; therefore (*ours*) top, bottom
and centre are first smoothed over time by a robust local line (Cleveland 1979), which follows a person who
comes nearer and ignores single outliers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.errors import DataError

__all__ = ["LEAST_PIXELS", "AlignmentSettings", "crop", "has_person", "robust_lines", "track_boxes"]

#: A frame with fewer white pixels holds no person (the usual pretreatment of CASIA-B).
LEAST_PIXELS = 40


@dataclass(frozen=True)
class AlignmentSettings:
    """Choices of the tracking (ours). Windows are in frames.

    Parameters
    ----------
    size_window : float
        Half width of the smoothing of top and bottom: over half a second at 25 fps, so that the size varies
        slowly and the body's bob stays in the crops.
    centre_window : float
        Half width of the smoothing of the centre column.
    rounds : int
        Robustness rounds; 0 is plain smoothing.
    longest_gap : int
        After more missing frames a new track begins (another person may have come).
    aspect : float
        Width of a box over its height; 44/64.
    """

    size_window: float = 15.0
    centre_window: float = 8.0
    rounds: int = 4
    longest_gap: int = 10
    aspect: float = 44 / 64


def has_person(silhouettes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frames (T,) with at least `LEAST_PIXELS` white pixels; silhouettes are bool (T, H, W)."""
    counts = np.fromiter((np.count_nonzero(s) for s in silhouettes), np.int64, len(silhouettes))
    return counts >= LEAST_PIXELS


def _extent(silhouette: NDArray[np.bool_]) -> tuple[float, float, float]:
    """First row, row after the last, and the column that halves the mass (interpolated)."""
    white = silhouette.view(np.uint8)
    left, top, width, height = cv2.boundingRect(white)
    inside = white[top : top + height, left : left + width]
    mass = np.cumsum(cv2.reduce(inside, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0])
    half = mass[-1] / 2.0
    column = int(np.searchsorted(mass, half))
    before = mass[column - 1] if column else 0
    return top, top + height, left + column + (half - before) / (mass[column] - before)


def robust_lines(
    times: NDArray[np.float64], values: NDArray[np.float64], window: float, rounds: int
) -> NDArray[np.float64]:
    """Locally weighted lines through k series (k, n) at times (n,); outliers lose weight (Cleveland 1979)."""
    total = len(times)
    reach = min(int(2 * window), total - 1)

    def near(series: NDArray[np.float64], beyond: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A copy of series (k, n), and of it what lies within reach of each value (k, n, 2 reach + 1), a view."""
        wide = np.full((len(series), total + 2 * reach), beyond)
        middle = wide[:, reach : reach + total]
        middle[:] = series
        return middle, np.lib.stride_tricks.sliding_window_view(wide, 2 * reach + 1, axis=1)

    gap = near(times[None], np.inf)[1][0] - times[:, None]
    inside = np.isfinite(gap)
    gap = np.where(inside, gap, 0.0)
    kernel = np.where(inside, np.exp(-0.5 * (2.0 * gap / window) ** 2), 0.0)
    least, square = 1e-9 * inside, gap**2
    beside = np.ascontiguousarray(near(values, 0.0)[1])
    trust, around = near(np.ones_like(values), 0.0)
    out = values
    for step in range(rounds + 1):
        weight = around * kernel
        weight += least
        weight /= weight.sum(axis=2, keepdims=True)
        centre = np.einsum("kij,ij->ki", weight, gap)
        spread = np.einsum("kij,ij->ki", weight, square) - centre**2
        weight *= beside
        mean = np.einsum("kij->ki", weight)
        slope = (np.einsum("kij,ij->ki", weight, gap) - centre * mean) / (spread + 1e-6)
        out = mean - slope * centre
        if step < rounds:
            residual = np.abs(values - out)
            scale = np.maximum(6.0 * np.median(residual, axis=1, keepdims=True), 0.5)
            trust[:] = np.clip(1.0 - (residual / scale) ** 2, 0.0, None) ** 2
    return out


def track_boxes(
    silhouettes: NDArray[np.bool_],
    *,
    frame_numbers: ArrayLike | None = None,
    settings: AlignmentSettings | None = None,
) -> NDArray[np.float32]:
    """Boxes around the person, smooth over time.

    Parameters
    ----------
    silhouettes : bool array (T, H, W)
    frame_numbers : int array (T,), optional
        Number of each frame in its video, increasing, where frames are missing; 1..T by default.
    settings : AlignmentSettings, optional

    Returns
    -------
    float32 array (T, 4)
        Left, top, right, bottom in pixels (edges, not pixel centres); the middle column halves the mass, the
        height is the person's. NaN in frames under `LEAST_PIXELS` white pixels: drop those.

    Raises
    ------
    DataError
        If the array is not (T, H, W) or the frame numbers do not fit.
    """
    s = settings or AlignmentSettings()
    if silhouettes.ndim != 3:
        raise DataError(f"boxes need silhouettes (T, H, W), not an array of shape {silhouettes.shape}")
    total = len(silhouettes)
    numbers = np.arange(1, total + 1) if frame_numbers is None else np.asarray(frame_numbers)
    if numbers.shape != (total,) or (np.diff(numbers) <= 0).any():
        raise DataError(f"{total} silhouettes need as many increasing frame numbers")
    boxes = np.full((total, 4), np.nan, np.float32)
    seen = np.flatnonzero(has_person(silhouettes))
    if not len(seen):
        return boxes
    extents = np.array([_extent(silhouettes[i]) for i in seen])
    breaks = np.flatnonzero(np.diff(numbers[seen]) > s.longest_gap) + 1
    for part in np.split(np.arange(len(seen)), breaks):
        times = numbers[seen[part]].astype(np.float64)
        top, bottom = robust_lines(times, extents[part, :2].T, s.size_window, s.rounds)
        (centre,) = robust_lines(times, extents[part, 2:].T, s.centre_window, s.rounds)
        bottom = np.maximum(bottom, top + 2.0)
        half = 0.5 * s.aspect * (bottom - top)
        boxes[seen[part]] = np.stack([centre - half, top, centre + half, bottom], axis=1)
    return boxes


def _framed(
    mask: NDArray[np.bool_], x: float, y: float, scale: float, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], float, float]:
    """The part (0/255) of a mask that a crop needs, nobody outside the picture, and the crop's corner in it."""
    left, top = int(np.floor(x)) - 1, int(np.floor(y)) - 1
    right, bottom = left + int(size[1] * scale) + 5, top + int(size[0] * scale) + 5
    height, width = mask.shape
    part = mask[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)].view(np.uint8) * np.uint8(255)
    if left < 0 or top < 0 or right > width or bottom > height:
        whole = np.zeros((bottom - top, right - left), np.uint8)
        down, across = max(-top, 0), max(-left, 0)
        whole[down : down + part.shape[0], across : across + part.shape[1]] = part
        part = whole
    return part, x - left, y - top


def _cut(
    image: NDArray[np.uint8], x: float, y: float, scale: float, size: tuple[int, int]
) -> NDArray[np.uint8]:
    """Crop of `size` whose corner lies at (x, y), `scale` pixels of the image to one of the crop."""
    height, width = size
    if scale < 1.0:
        # warpAffine speaks of pixel centres, boxes of edges.
        matrix = np.array([[scale, 0.0, x + 0.5 * scale - 0.5], [0.0, scale, y + 0.5 * scale - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        grown = cv2.warpAffine(image, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return cast("NDArray[np.uint8]", grown)
    # A sub-pixel shift, then an area average: a third of the time of warping to a multiple of the size.
    wide, high = int(np.ceil(width * scale - 1e-6)), int(np.ceil(height * scale - 1e-6))
    moved = cv2.getRectSubPix(image, (wide, high), (x + 0.5 * (wide - 1), y + 0.5 * (high - 1)))
    small = cv2.resize(moved, None, fx=1.0 / scale, fy=1.0 / scale, interpolation=cv2.INTER_AREA)
    return cast("NDArray[np.uint8]", small[:height, :width])


def crop(
    images: NDArray[np.bool_] | NDArray[np.uint8],
    boxes: NDArray[np.float32],
    size: tuple[int, int] = (64, 44),
) -> NDArray[Any]:
    """Cut boxes out and scale them to one size.

    The box's height becomes the crop's height, its middle column the crop's middle; the ratio is kept, so
    that the crop's own width decides how much of the sides is seen. Shrinking averages over areas.

    Parameters
    ----------
    images : bool array (T, H, W) or uint8 array (T, H, W) or (T, H, W, 3)
    boxes : float32 array (T, 4)
        From `track_boxes`; no NaN.
    size : (int, int)
        Height and width in pixels, e.g. (64, 44) or (128, 88).

    Returns
    -------
    array (T, h, w) or (T, h, w, 3) of the images' dtype
        Bool crops hold a pixel when the person covers at least half of it. Outside the picture bool crops
        are False and pictures repeat their edge.

    Raises
    ------
    DataError
        If images and boxes do not go together.
    """
    if len(images) != len(boxes) or boxes.shape[1:] != (4,) or not np.isfinite(boxes).all():
        raise DataError(
            f"{len(images)} images need as many boxes without gaps (not {boxes.shape}); drop empty frames"
        )
    height, width = size
    binary = images.dtype == np.bool_
    out = np.empty((len(images), height, width, *images.shape[3:]), images.dtype)
    if not len(images):
        return out
    for i, (image, box) in enumerate(zip(images, boxes, strict=True)):
        left, top, right, bottom = (float(v) for v in box)
        scale = (bottom - top) / height
        x = 0.5 * (left + right) - 0.5 * scale * width
        if binary:
            out[i] = _cut(*_framed(image, x, top, scale, size), scale, size) >= 128
        else:
            out[i] = _cut(np.ascontiguousarray(image), x, top, scale, size)
    return out
