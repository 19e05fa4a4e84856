"""Silhouettes of painted pictures: the extraction's background subtraction, on crops before their plate.

An attacker who sees an anonymized video takes the silhouettes out of it just as the originals were taken out of
theirs. The slides do not speak of this; everything here is *ours* and follows `extraction`: the same thresholds
with hysteresis, shadow test, choice of the person and filling of holes. Crops are small, so that the noise comes
from the picture itself (there is one plate, not a clip of the empty scene) and the first, coarse search is left out.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.silhouettes.components import find_patches, person_component
from gaitbench.datasets.silhouettes.empty_scene import ExtractionSettings, u8
from gaitbench.datasets.silhouettes.extraction import trim_rim
from gaitbench.errors import DataError

__all__ = ["resegment"]

#: The outer share of a crop's width, on each side, that shows the scene more often than the person.
_SIDE = 0.2
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def resegment(
    painted: NDArray[np.uint8] | NDArray[np.float32],
    plate: NDArray[np.uint8],
    *,
    settings: ExtractionSettings | None = None,
) -> NDArray[np.bool_]:
    """Silhouettes of the person in crops, by background subtraction against the crops of the empty scene.

    Frame t is decided from frames 1..t and the noise of all; the result depends on nothing but the arguments.

    Parameters
    ----------
    painted : uint8 array (T, h, w, 3), or float array in [0, 1] of that shape
        The person in front of the scene.
    plate : uint8 array (T, h, w, 3)
        The empty scene in the same crops (`GaitSequence.plate`).
    settings : ExtractionSettings, optional
        By default those of the extraction.

    Returns
    -------
    bool array (T, h, w)
        All False in frames where nobody stands out from the scene.

    Raises
    ------
    DataError
        If the arrays are not pictures of one shape.
    """
    if painted.ndim != 4 or painted.shape[-1] != 3 or plate.shape != painted.shape:
        raise DataError(
            f"painted pictures {painted.shape} and their plate {plate.shape} must both be (T, h, w, 3)"
        )
    s = settings or ExtractionSettings()
    pictures = _levels(painted)
    out = np.zeros(painted.shape[:3], bool)
    if not painted.size:
        return out
    lit = [_same_light(picture, empty) for picture, empty in zip(pictures, plate, strict=True)]
    apart = np.stack([cv2.absdiff(a, b).max(axis=2) for a, b in zip(lit, plate, strict=True)])
    side = max(1, round(_SIDE * apart.shape[2]))
    noise = float(np.median(np.concatenate([apart[:, :, :side], apart[:, :, -side:]], axis=2)))
    low, high = max(s.low * noise, s.low_floor), max(s.high * noise, s.high_floor)
    history: list[NDArray[np.uint8]] = []
    for t, (picture, empty, distance) in enumerate(zip(lit, plate, apart, strict=True)):
        weak = (distance > low).astype(np.uint8)
        weak[_shadow(picture, empty, weak > 0, s)] = 0
        weak = trim_rim(u8(cv2.morphologyEx(weak, cv2.MORPH_CLOSE, _CROSS)), distance)
        sure = ((distance > high) & (weak > 0)).astype(np.uint8) * np.uint8(255)
        patches = find_patches(weak, sure)
        person = person_component(
            patches,
            history,
            smallest_person=s.smallest_person * distance.size,
            smallest_part=s.smallest_part,
            join_gap=s.join_gap,
            largest_hole=s.largest_hole,
        )
        if person is not None:
            out[t] = person
        history = [*history[-1:], patches.mask]
    return out


def _levels(painted: NDArray[Any]) -> NDArray[np.uint8]:
    """Grey levels 0 to 255, also of values in [0, 1]."""
    if painted.dtype == np.uint8:
        return painted
    return u8(np.rint(np.clip(painted, 0.0, 1.0) * 255.0).astype(np.uint8))


def _same_light(picture: NDArray[np.uint8], plate: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture in the plate's light: per channel the median ratio of the two where the scene shows most often."""
    side = max(1, round(_SIDE * picture.shape[1]))
    ends = [np.concatenate([p[:, :side], p[:, -side:]], axis=1) for p in (picture, plate)]
    here, there = (e.reshape(-1, 3).astype(np.float32) for e in ends)
    gain: NDArray[np.float32] = np.median(there / np.maximum(here, 1.0), axis=0).astype(np.float32)
    gain = np.minimum(np.maximum(gain, np.float32(0.5)), np.float32(2.0))
    if (gain == 1.0).all():
        return picture
    return u8(np.minimum(np.rint(picture.astype(np.float32) * gain), 255.0).astype(np.uint8))


def _shadow(
    picture: NDArray[np.uint8], plate: NDArray[np.uint8], weak: NDArray[np.bool_], s: ExtractionSettings
) -> NDArray[np.bool_]:
    """Weak pixels (h, w) that are the plate's, darker, in the same colour: darkest near the ground."""
    here, empty = picture.astype(np.float32), plate.astype(np.float32)
    light, full = here.sum(axis=2) + 1, empty.sum(axis=2) + 1
    ratio = light / full
    darkest = np.full((len(picture), 1), s.soft_darkest, np.float32)
    darkest[len(picture) - int(len(picture) * s.shadow_zone) :] = s.shadow_darkest
    colour = np.abs(here / light[..., None] - empty / full[..., None]).max(axis=2)
    dark = weak & (ratio > darkest) & (ratio < s.shadow_brightest) & (colour < s.shadow_colour)
    # A shadow lies flat; single pixels of the same shade are shoes and trousers.
    flat = cv2.morphologyEx(dark.view(np.uint8), cv2.MORPH_OPEN, np.ones((1, 3), np.uint8))
    return u8(flat) > 0
