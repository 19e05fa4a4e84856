"""One stretch of a walk: its silhouettes anonymized, its pictures painted, stretch after stretch without a seam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.boxes import View
from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.datasets.silhouettes.alignment import crop
from gaitbench.datasets.silhouettes.colour_padding import widen_colours
from gaitbench.errors import GaitbenchError
from gaitbench.systems import Anonymizer, Colorizer

__all__ = ["SIZE", "Stretch", "anonymized_masks", "joined", "painted_crops"]

#: Rows and columns at which people are drawn.
SIZE = (128, 88)


@dataclass(frozen=True)
class Stretch:
    """Consecutive frames with the person in them.

    Parameters
    ----------
    numbers : int array (T,)
        0-based numbers of the frames.
    silhouettes : bool array (T, h, w)
        Crops.
    boxes : float32 array (T, 4)
    view : View
    """

    numbers: NDArray[np.int64]
    silhouettes: NDArray[np.bool_]
    boxes: NDArray[np.float32]
    view: View


def anonymized_masks(anonymizer: Anonymizer, stretch: Stretch, rng: np.random.Generator) -> NDArray[np.bool_]:
    """The silhouettes of another body, bool (T, h, w).

    Raises
    ------
    GaitbenchError
        If the anonymizer fails, or returns something else.
    """
    silhouettes = _turned(stretch.silhouettes, stretch.view)
    key = SequenceKey.of("clip", "walk", stretch.view.angle)
    numbers = (stretch.numbers + 1).astype(np.int32)
    sequence = GaitSequence(key, silhouettes, None, numbers, len(numbers), boxes=stretch.boxes)
    masks = np.asarray(anonymizer.anonymize(sequence, rng))
    if masks.shape != silhouettes.shape or masks.dtype != np.bool_:
        raise GaitbenchError(
            f"{anonymizer.name} returned {masks.dtype} {masks.shape}; expected bool {silhouettes.shape}"
        )
    return np.ascontiguousarray(_turned(masks, stretch.view))


def joined(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """From one drawing of the same n frames to another without a jump: outlines that move from the first to the second.

    Parameters
    ----------
    before, after : bool arrays (n, h, w)
    """
    share = (np.arange(1, len(after) + 1) / (len(after) + 1)).astype(np.float32)
    return np.stack(
        [(1 - s) * _field(a) + s * _field(b) > 0 for s, a, b in zip(share, before, after, strict=True)]
    )


def _field(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    inside = mask.astype(np.uint8)
    if not inside.any():
        return np.full(mask.shape, -4.0, np.float32)
    if inside.all():
        return np.full(mask.shape, 4.0, np.float32)
    return np.asarray(
        cv2.subtract(
            cv2.distanceTransform(inside, cv2.DIST_L2, 5), cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
        )
    )


def painted_crops(
    colorizer: Colorizer, stretch: Stretch, masks: NDArray[np.bool_], frames: Sequence[NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    """The painted person's crops uint8 (T, h, w, 3), colours carried a little beyond the outline.

    Parameters
    ----------
    colorizer : Colorizer
    stretch : Stretch
    masks : bool array (T, h, w)
        The anonymized silhouettes.
    frames : sequence of T uint8 arrays (H, W, 3)

    Raises
    ------
    GaitbenchError
        If the colorizer fails, or returns something else.
    """
    crops = np.concatenate([crop(f[None], b[None], SIZE) for f, b in zip(frames, stretch.boxes, strict=True)])
    rgb, old, new = (
        np.ascontiguousarray(_turned(a, stretch.view)) for a in (crops, stretch.silhouettes, masks)
    )
    made = np.asarray(colorizer.colorize(_clothes_beyond(rgb, old), old, new))
    if made.shape != rgb.shape or not np.isfinite(made).all():
        raise GaitbenchError(
            f"{colorizer.name} returned {made.dtype} {made.shape}; expected numbers {rgb.shape}"
        )
    painted = np.rint(255.0 * np.clip(made, 0.0, 1.0)).astype(np.uint8)
    return np.ascontiguousarray(_turned(widen_colours(painted, new), stretch.view))


def _clothes_beyond(rgb: NDArray[np.uint8], old: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Pictures with the nearest colour of the person in place of the scene around.

    A colorizer that sees the picture alone, as the slides' do, takes the wall for a head where the new body leaves the
    old one. The outline's own pixels are mixed with the scene and give no colours.
    """
    out = rgb.copy()
    for picture, mask in zip(out, old.astype(np.uint8), strict=True):
        inside = cv2.erode(mask, np.ones((3, 3), np.uint8))
        if not inside.any():
            inside = mask
        if not inside.any():
            continue
        _, labels = cv2.distanceTransformWithLabels(
            1 - inside, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        at = np.flatnonzero(inside)
        nearest = np.zeros(int(labels.max()) + 1, np.intp)
        nearest[labels.ravel()[at]] = at
        beyond = inside == 0
        picture[beyond] = picture.reshape(-1, 3)[nearest[labels[beyond]]]
    return out


def _turned(crops: NDArray[Any], view: View) -> NDArray[Any]:
    """Mirrored where the person walks the other way than those that the systems know."""
    return crops[:, :, ::-1] if view.mirrored else crops
