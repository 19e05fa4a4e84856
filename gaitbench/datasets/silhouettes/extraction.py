"""Silhouettes from video frames by background subtraction.

None of this stands in the slides ([T20] starts from given silhouettes): every step and number is *ours*. The
parts are textbook ones: a median plate of the empty scene, a threshold that follows the camera's noise with
hysteresis, a global gain against lighting drift, and the shadow test "darker but of the same colour"
(Horprasert, Harwood, Davis 1999). The result is an honest one: parts vanish where clothes resemble the scene.

Frame t is decided from frames 1..t alone: the silhouettes of a video's first n frames do not depend on what
follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.components import find_patches, person_component
from gaitbench.datasets.silhouettes.empty_scene import (
    SHRINK,
    UNCONTROLLED,
    ExtractionSettings,
    Plate,
    difference,
    empty_frames,
    fit_plate,
    shrink,
    smooth,
    u8,
)
from gaitbench.errors import DataError

__all__ = [
    "UNCONTROLLED",
    "ExtractionSettings",
    "Plate",
    "extract_silhouettes",
    "fit_plate",
    "iter_silhouettes",
]


_LEVELS = np.arange(256, dtype=np.float32)
_SQUARE = np.ones((3, 3), np.uint8)
_FLAT = np.ones((1, 5), np.uint8)
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def _gain_table(frame: NDArray[np.uint8], plate: Plate) -> NDArray[np.uint8]:
    """Lookup table (1, 256, 3) that takes the frame's lighting to the plate's.

    Per channel the median ratio of plate and frame, for the dark, middle and bright third of the scene apart:
    a camera that sets its own exposure does not scale all levels alike.
    """
    count = plate.sample_colour.shape[1] // 3
    table = np.empty((256, 3), np.uint8)
    if count < 20:
        table[:] = _LEVELS[:, None]
        return table[None]
    here = np.maximum(frame.reshape(-1, 3).take(plate.samples[: 3 * count], axis=0), 1).T
    level = plate.sample_colour[:, : 3 * count].reshape(3, 3, count)
    ratio = np.divide(level, here.reshape(3, 3, count), dtype=np.float32)
    ratio.partition(count // 2, axis=2)
    middle = np.minimum(np.maximum(ratio[:, :, count // 2], 0.5), 2.0)
    knots = plate.sample_levels / middle
    for c in range(3):
        # OpenCV rounds and saturates.
        gain = np.interp(_LEVELS, knots[c], middle[c])
        table[:, c] = cv2.multiply(_LEVELS, gain, dtype=cv2.CV_8U).ravel()
    return table[None]


def _shadow(
    frame: Sequence[NDArray[np.uint8]],
    weak: NDArray[np.uint8],
    plate: Plate,
    box: tuple[slice, slice],
    s: ExtractionSettings,
) -> NDArray[np.uint8]:
    """Which weak pixels (0/255) of three planes (h, w) are the plate's, darker, in the same colour.

    Everything is multiplied by the plate's light, so that nothing is divided.
    """
    height, width = weak.shape
    place = np.flatnonzero((weak & 1).view(np.bool_))
    ground = (height - int(height * s.shadow_zone)) * width
    split = int(np.searchsorted(place, ground))
    there = place + (place // width) * (plate.light.shape[1] - width)
    there += box[0].start * plate.light.shape[1] + box[1].start
    here = [plane.ravel().take(place).astype(np.float32) for plane in frame]
    light, full = here[0] + here[1] + here[2] + np.float32(1), plate.light.ravel().take(there)
    dark = light < full * np.float32(s.shadow_brightest)
    dark[:split] &= light[:split] > full[:split] * np.float32(s.soft_darkest)
    dark[split:] &= light[split:] > full[split:] * np.float32(s.shadow_darkest)
    limit = light * full * np.float32(s.shadow_colour)
    for plane, empty in zip(here, plate.levels, strict=True):
        plane *= full
        plane -= light * empty.ravel().take(there)
        dark &= np.abs(plane, out=plane) < limit
    out = np.zeros(weak.shape, np.uint8)
    out.ravel()[place[dark]] = 255
    return out


def _region(frame: NDArray[np.uint8], table: NDArray[np.uint8], plate: Plate) -> tuple[slice, slice] | None:
    """Where something moved, from pictures shrunk four times: a first, cheap difference."""
    small = u8(cv2.LUT(shrink(frame), table))
    moved = cv2.medianBlur(cv2.compare(difference(small, plate.coarse), plate.coarse_high, cv2.CMP_GT), 3)
    x, y, w, h = cv2.boundingRect(moved)
    if not w:
        return None
    rows = slice(max(0, (y - 3) * SHRINK), min(frame.shape[0], (y + h + 3) * SHRINK))
    return rows, slice(max(0, (x - 3) * SHRINK), min(frame.shape[1], (x + w + 3) * SHRINK))


def _smoothed(frame: NDArray[np.uint8], box: tuple[slice, slice]) -> NDArray[np.uint8]:
    """`smooth` of the whole frame, of which only `box` is worked out.

    Smoothing the box alone would reflect at its border where the plate has true neighbours: on a textured floor the
    difference of the two drew a false line of foreground along the border.
    """
    grown = tuple(slice(max(0, side.start - 1), side.stop + 1) for side in box)
    inside = tuple(
        slice(side.start - wide.start, side.stop - wide.start) for side, wide in zip(box, grown, strict=True)
    )
    return smooth(frame[grown])[inside]


def trim_rim(mask: NDArray[np.uint8], distance: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take back the rim that smoothing added: rim pixels that differ less than half as much as the inside."""
    inner = cv2.erode(mask, _SQUARE)
    weight = cv2.boxFilter(inner, cv2.CV_16U, (5, 5), normalize=False)
    inside = cv2.boxFilter(cv2.multiply(distance, inner), cv2.CV_16U, (5, 5), normalize=False)
    faint = cv2.compare(cv2.multiply(weight, distance, scale=2, dtype=cv2.CV_16U), inside, cv2.CMP_LT)
    return u8(cv2.subtract(mask, cv2.bitwise_and(faint, cv2.subtract(mask, inner))))


def _foreground(
    frame: NDArray[np.uint8], plate: Plate, s: ExtractionSettings
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], tuple[slice, slice]] | None:
    """Moving pixels (0/1) of the region where something moved, the sure ones (0/255), and that region.

    None where nothing moved.
    """
    table = _gain_table(frame, plate)
    box = _region(frame, table, plate)
    if box is None:
        return None
    # Channel by channel: OpenCV's tables are eight times as fast on single planes.
    here = [
        u8(cv2.LUT(plane, np.ascontiguousarray(table[0, :, c])))
        for c, plane in enumerate(cv2.split(_smoothed(frame, box)))
    ]
    apart = [cv2.absdiff(plane, empty[box]) for plane, empty in zip(here, plate.planes, strict=True)]
    distance = u8(cv2.max(cv2.max(apart[0], apart[1]), apart[2]))
    weak = u8(cv2.medianBlur(cv2.compare(distance, plate.low[box], cv2.CMP_GT), 3))
    sure = u8(cv2.medianBlur(cv2.compare(distance, plate.high[box], cv2.CMP_GT), 3))
    shadow = _shadow(here, weak, plate, box, s)
    # A shadow lies flat; single pixels of the same shade are shoes and trousers.
    lit = cv2.bitwise_not(cv2.morphologyEx(shadow, cv2.MORPH_OPEN, _FLAT))
    weak, sure = u8(cv2.bitwise_and(weak, lit)), u8(cv2.bitwise_and(sure, lit))
    closed = u8(cv2.morphologyEx(weak & np.uint8(1), cv2.MORPH_CLOSE, _CROSS))
    return trim_rim(closed, distance), sure, box


def iter_silhouettes(
    frames: Iterable[NDArray[np.uint8]], plate: Plate, settings: ExtractionSettings | None = None
) -> Iterator[NDArray[np.bool_]]:
    """Silhouette (H, W) of each frame (H, W, 3), one at a time: any length in the memory of a few frames.

    Raises
    ------
    DataError
        If a frame is not of the plate's size.
    """
    s = settings or ExtractionSettings()
    history: list[NDArray[np.uint8]] = []
    for number, frame in enumerate(frames, start=1):
        if frame.shape != plate.colour.shape:
            raise DataError(
                f"frame {number} is {frame.shape[1]} x {frame.shape[0]} pixels but the background "
                f"{plate.colour.shape[1]} x {plate.colour.shape[0]}; use the same camera's background clip"
            )
        moving = np.zeros(frame.shape[:2], np.uint8)
        silhouette = np.zeros(frame.shape[:2], bool)
        found = _foreground(np.ascontiguousarray(frame), plate, s)
        if found is not None:
            region, sure, box = found
            patches = find_patches(region, sure)
            moving[box] = patches.mask
            before = [h[box] for h in history]
            person = person_component(
                patches,
                before,
                smallest_person=s.smallest_person * moving.size,
                smallest_part=s.smallest_part,
                join_gap=s.join_gap,
                largest_hole=s.largest_hole,
            )
            if person is not None:
                silhouette[box] = person
        history = [*history[-1:], moving]
        yield silhouette


def extract_silhouettes(
    frames: NDArray[np.uint8],
    background: NDArray[np.uint8] | None = None,
    *,
    settings: ExtractionSettings | None = None,
) -> NDArray[np.bool_]:
    """Silhouettes of the (largest) person by background subtraction.

    Parameters
    ----------
    frames : uint8 array (T, H, W, 3)
        RGB video frames of a still camera.
    background : uint8 array (B, H, W, 3), optional
        Frames of the empty scene by the same camera. Without them the empty scene is learnt from `frames`
        themselves (`empty_frames`), which needs people who leave, or at least keep moving.
    settings : ExtractionSettings, optional
        By default those of a filmed studio, or `UNCONTROLLED` without a background.

    Returns
    -------
    bool array (T, H, W)
        All False in frames without a person.

    Raises
    ------
    DataError
        If an array is not an RGB clip, or frames and background differ in size.
    """
    if frames.ndim != 4 or frames.shape[-1] != 3:
        raise DataError(f"silhouettes need RGB frames (T, H, W, 3), not an array of shape {frames.shape}")
    if background is None or not len(background):
        settings = settings or UNCONTROLLED
        background = frames[empty_frames(frames, settings)]
    plate = fit_plate(background, settings)
    out = np.zeros(frames.shape[:3], bool)
    for i, silhouette in enumerate(iter_silhouettes(frames, plate, settings)):
        out[i] = silhouette
    return out
