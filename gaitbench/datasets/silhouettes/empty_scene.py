"""The plate: the picture of the empty scene that frames are compared with, and the noise of its camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError

__all__ = [
    "UNCONTROLLED",
    "ExtractionSettings",
    "Plate",
    "empty_frames",
    "empty_scene",
    "fit_plate",
    "returning_frames",
    "thumbnail",
]

#: Pictures are shrunk by this for the first, cheap difference.
SHRINK = 4
#: Two pictures of the empty scene differ by no more grey levels than this, but for few pixels.
_ALIKE = 12
#: Levels by which the channels of grey film differ at most, after compression.
_SAME = 3


@dataclass(frozen=True)
class ExtractionSettings:
    """Every choice of the extraction (all ours). Lengths are shares of the person's height in the frame.

    Parameters
    ----------
    low, high : float
        Hysteresis thresholds in standard deviations of the camera noise: a pixel over `low` counts where
        its patch holds one over `high`.
    low_floor, high_floor : float
        The same thresholds can never be below these grey levels (0-255).
    shadow_darkest, shadow_brightest : float
        The brightness of a shadow on the ground over the plate's lies between these two.
    soft_darkest : float
        Above the ground only soft shadows count, no darker than this.
    shadow_colour : float
        A shadow's chromaticity (share of each channel in the sum) differs from the plate's by less.
    shadow_zone : float
        The ground is this lowest share of the moving region.
    largest_hole : float
        Holes up to this share of the person's area are filled; larger ones stay (they may be real).
    join_gap : float
        Parts no further away than this share of the person's height belong to the person.
    smallest_part : float
        Parts under this share of the person's area are noise.
    smallest_person : float
        Regions under this share of the picture are not a person.
    plate_frames : int
        At most so many frames, spread evenly, make the plate.
    """

    low: float = 4.0
    high: float = 8.0
    low_floor: float = 6.0
    high_floor: float = 12.0
    shadow_darkest: float = 0.3
    shadow_brightest: float = 0.97
    soft_darkest: float = 0.9
    shadow_colour: float = 0.012
    shadow_zone: float = 0.22
    largest_hole: float = 0.006
    join_gap: float = 0.2
    smallest_part: float = 0.008
    smallest_person: float = 0.002
    plate_frames: int = 51


#: For a clip without a background clip: exposure that sets itself, glossy floors and soft shadows are to be expected.
UNCONTROLLED = ExtractionSettings(
    low_floor=18.0,
    high_floor=36.0,
    shadow_colour=0.04,
    shadow_zone=0.3,
    soft_darkest=0.6,
    shadow_brightest=1.1,
)


@dataclass(frozen=True)
class Plate:
    """The empty scene.

    Parameters
    ----------
    colour : uint8 array (H, W, 3)
        Median picture, slightly smoothed as the frames are before they are compared with it.
    planes : uint8 array (3, H, W)
        The same picture channel by channel.
    light : float32 array (H, W)
        Sum of its channels, plus one.
    low, high : uint8 arrays (H, W)
        Thresholds on the largest channel difference, in grey levels.
    coarse, coarse_high : uint8 arrays (3, H / 4, W / 4) and (H / 4, W / 4)
        The plate, not smoothed, and a threshold for pictures shrunk four times.
    samples : int array (n,)
        Pixels (row times W plus column) that measure the lighting, dark ones first.
    sample_colour : float32 array (3, n)
        The plate there, not smoothed.
    sample_levels : float32 array (3, 3)
        Median level of the dark, middle and bright third of them, per channel, increasing.
    grey : bool
        Grey film: its three channels are the same.
    """

    colour: NDArray[np.uint8]
    planes: NDArray[np.uint8]
    light: NDArray[np.float32]
    low: NDArray[np.uint8]
    high: NDArray[np.uint8]
    coarse: NDArray[np.uint8]
    coarse_high: NDArray[np.uint8]
    samples: NDArray[np.intp]
    sample_colour: NDArray[np.float32]
    sample_levels: NDArray[np.float32]
    grey: bool = False


def u8(picture: Any) -> NDArray[np.uint8]:
    """A picture of OpenCV's as numpy's type (no copy, no check: its stubs know no dtype)."""
    return cast("NDArray[np.uint8]", picture)


def smooth(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """3 x 3 Gaussian: lowers camera noise 2.7 times at the cost of half a pixel of outline."""
    return u8(cv2.GaussianBlur(frame, (3, 3), 0))


def shrink(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Quarter size, each pixel the average of 2 x 2 of the 4 x 4 it stands for."""
    size = (-(-frame.shape[1] // SHRINK), -(-frame.shape[0] // SHRINK))
    return u8(cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR))


def difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Largest difference over the channels, (H, W)."""
    red, green, blue = cv2.split(cv2.absdiff(a, b))
    return u8(cv2.max(cv2.max(red, green), blue))


def is_grey(colour: NDArray[np.uint8]) -> bool:
    """Whether a picture (H, W, 3) is grey: its channels are the same but for the noise of an encoder."""
    red, green, blue = (colour[..., c].astype(np.int16) for c in range(3))
    off = np.maximum(np.abs(red - green), np.abs(green - blue))
    return bool(np.mean(off > _SAME) < 0.01)


def _sorting_network(n: int) -> list[tuple[int, int]]:
    """Pairs to compare and swap, in order, that sort n values (Batcher's odd-even merge sort, 1968)."""
    pairs = []
    p = 1
    while p < n:
        k = p
        while k >= 1:
            for j in range(k % p, n - k, 2 * k):
                for i in range(min(k, n - j - k)):
                    if (i + j) // (2 * p) == (i + j + k) // (2 * p):
                        pairs.append((i + j, i + j + k))
            k //= 2
        p *= 2
    return pairs


def _median(stack: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Median over the first axis, half a level rounded up: 20 times as fast as a general one on pictures."""
    rows = list(stack)
    for low, high in _sorting_network(len(rows)):
        a, b = rows[low], rows[high]
        rows[low], rows[high] = np.minimum(a, b), np.maximum(a, b)
    middle = len(rows) // 2
    if len(rows) % 2:
        return u8(rows[middle])
    return u8(((rows[middle - 1].astype(np.uint16) + rows[middle] + 1) // 2).astype(np.uint8))


def _spread(total: int, most: int) -> NDArray[np.intp]:
    """At most `most` of `total` positions, evenly."""
    return np.unique(np.linspace(0, total - 1, min(total, most)).round().astype(np.intp))


def empty_scene(frames: NDArray[np.uint8], settings: ExtractionSettings | None = None) -> NDArray[np.uint8]:
    """Median picture (H, W, 3) of frames (B, H, W, 3) of the empty scene, as sharp as they are."""
    s = settings or ExtractionSettings()
    return _median(frames[_spread(len(frames), s.plate_frames)])


def fit_plate(frames: NDArray[np.uint8], settings: ExtractionSettings | None = None) -> Plate:
    """Learn the empty scene and the camera's noise.

    Parameters
    ----------
    frames : uint8 array (B, H, W, 3)
        Frames of the empty scene, or of a scene that people cross: each pixel must be empty most of the time.
    settings : ExtractionSettings, optional

    Returns
    -------
    Plate

    Raises
    ------
    DataError
        If `frames` is not an RGB clip or is empty.
    """
    s = settings or ExtractionSettings()
    if frames.ndim != 4 or frames.shape[-1] != 3 or not len(frames):
        raise DataError(f"a background needs RGB frames (B, H, W, 3), not an array of shape {frames.shape}")
    pick = _spread(len(frames), s.plate_frames)
    clean = np.stack([smooth(frames[i]) for i in pick])
    colour = _median(clean)
    # Absolute deviation, pooled over a neighbourhood because few frames make a poor estimate per pixel; its
    # median over time and not its mean, because people may cross the scene.
    spread = _median(np.stack([difference(f, colour) for f in clean])).astype(np.float32)
    sigma = cv2.blur(spread, (7, 7))
    sigma = np.maximum(sigma, float(np.median(sigma)))

    def threshold(times: float, floor: float) -> NDArray[np.uint8]:
        return u8(np.clip(times * sigma, floor, 254).round().astype(np.uint8))

    high = threshold(s.high, s.high_floor)
    step = max(1, colour.shape[0] // 20)
    place = np.arange(colour.shape[0] * colour.shape[1]).reshape(colour.shape[:2])
    samples = place[step // 2 :: step, step // 2 :: step].ravel()
    # Neither these nor the coarse plate are smoothed, for what they are compared with is not: every hard edge of the
    # scene moved else, and a scene full of them had another light.
    sampled = _median(frames[pick].reshape(len(pick), -1, 3)[:, samples])
    usable = (sampled.min(axis=1) >= 24) & (sampled.max(axis=1) <= 240)
    order = np.flatnonzero(usable)[np.argsort(sampled[usable].sum(axis=1, dtype=int), kind="stable")]
    samples, colours = samples[order], np.ascontiguousarray(sampled[order].T.astype(np.float32))
    third = len(order) // 3
    levels = np.median(colours[:, : 3 * third].reshape(3, 3, -1), axis=2) if third else np.ones((3, 3))
    # np.interp wants increasing levels, also of a scene of one colour.
    levels = np.asarray(np.maximum.accumulate(levels, axis=1) + np.arange(3), np.float32)
    # Averages over several pixels are less noisy: half the threshold is still far outside the noise.
    coarse_high = np.maximum(shrink(high) // 2, 4).astype(np.uint8)
    low = threshold(s.low, s.low_floor)
    coarse = _median(np.stack([shrink(frames[i]) for i in pick]))
    planes = np.ascontiguousarray(colour.transpose(2, 0, 1))
    light = planes.sum(axis=0, dtype=np.float32) + np.float32(1)
    return Plate(
        colour, planes, light, low, high, coarse.transpose(2, 0, 1).copy(), coarse_high,
        samples, colours, levels, is_grey(colour),
    )  # fmt: skip


def empty_frames(frames: NDArray[np.uint8], settings: ExtractionSettings | None = None) -> NDArray[np.intp]:
    """Frames of a clip that show the empty scene, where they can be told.

    The empty scene comes back: its frames resemble frames far away in time. A person who walks never looks
    the same twice, and one who stands still does so once. Without such frames all are returned, and the
    median over time must do, which needs people who keep moving.

    Parameters
    ----------
    frames : uint8 array (T, H, W, 3)
    settings : ExtractionSettings, optional

    Returns
    -------
    int array (n,)
        Indices, increasing.
    """
    s = settings or ExtractionSettings()
    pick = _spread(len(frames), 4 * s.plate_frames)
    found = returning_frames(np.stack([thumbnail(frames[i]) for i in pick]), s)
    return np.arange(len(frames)) if found is None else pick[found]


def thumbnail(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A twelfth of a frame (H, W, 3), by which frames of the empty scene are told."""
    size = (max(8, frame.shape[1] // 12), max(8, frame.shape[0] // 12))
    return u8(cv2.resize(frame, size, interpolation=cv2.INTER_AREA))


def returning_frames(
    thumbnails: NDArray[np.uint8], settings: ExtractionSettings | None = None
) -> NDArray[np.intp] | None:
    """Which of n thumbnails (n, h, w, 3), in order of time, show the scene that comes back; None where none does."""
    s = settings or ExtractionSettings()
    pick = np.arange(len(thumbnails))
    small = thumbnails.astype(np.int16)
    small = np.ascontiguousarray(small.reshape(len(pick), -1, 3).transpose(2, 0, 1))
    # Lighting drift moves a whole picture: each picture against its own median.
    small -= np.median(small, axis=2, keepdims=True).astype(np.int16)
    far = max(2, len(pick) // 10)
    alike = np.zeros((len(pick), len(pick)), bool)
    for i in range(len(pick)):
        changed = np.abs(small - small[:, i : i + 1]).max(axis=0) > _ALIKE
        alike[i] = changed.mean(axis=1) < 0.5 * s.smallest_person
        alike[i, max(0, i - far + 1) : i + far] = False
    best = int(np.argmax(alike.sum(axis=1)))
    found = np.flatnonzero(alike[best])
    if len(found) < max(4, len(pick) // 25):
        return None
    return np.sort(np.append(found, best))
