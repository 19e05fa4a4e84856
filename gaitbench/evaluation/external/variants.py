"""Cheap normalisations: an attacker that is defeated by a mirrored or transposed picture was defeated by a format.

Each turns whole frames into what they may have been meant to be; they are aligned and averaged as before. Somebody who
is recognizable again in one of them is not hidden, whatever the plain figure says. Which ones there are is *ours*.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.errors import DataError
from gaitbench.evaluation.attacks.features import gei_of

__all__ = ["VARIANTS", "variant_geis"]

Masks = NDArray[np.bool_]
#: Frames that are looked at: more change a gait energy image little.
_FRAMES = 40
#: Rims that are taken off or put on when edges are matched, in pixels.
_RIMS = range(-8, 9)


def _cleaned(masks: Masks, original: Masks) -> Masks:
    """The largest part that lies inside the frame, thin lines and specks opened away."""
    kernel = np.ones((3, 3), np.uint8)
    out = np.zeros_like(masks)
    for i, mask in enumerate(masks):
        opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
        h, w = mask.shape
        inside = [
            k for k in range(1, count)
            if sum((stats[k, 0] == 0, stats[k, 1] == 0, stats[k, 0] + stats[k, 2] == w,
                    stats[k, 1] + stats[k, 3] == h)) < 3
        ]  # fmt: skip
        if inside:
            out[i] = labels == max(inside, key=lambda k: stats[k, cv2.CC_STAT_AREA])
    return out


def _shape(masks: Masks) -> float:
    """Median width over height of what is white; 0 where nothing is."""
    boxes = [cv2.boundingRect(m.astype(np.uint8)) for m in masks]
    found = [w / h for _, _, w, h in boxes if h]
    return float(np.median(found)) if found else 0.0


def _proportioned(masks: Masks, original: Masks) -> Masks:
    """Stretched sideways until the person is as wide for the height as the original."""
    now, then = _shape(masks), _shape(original)
    if not now or not then:
        return masks
    width = round(masks.shape[2] * float(np.clip(then / now, 0.2, 5.0)))
    size = (max(1, width), masks.shape[1])
    return np.stack(
        [cv2.resize(m.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) for m in masks]
    ).astype(bool)


def _rimmed(masks: Masks, original: Masks) -> Masks:
    """With the rim taken off or put on that brings the white area nearest to the original's."""
    wanted = float(np.median(np.count_nonzero(original, axis=(1, 2))))

    def rim(mask: Masks, width: int) -> Masks:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(width) + 1,) * 2)
        change = cv2.erode if width < 0 else cv2.dilate
        return np.asarray(change(mask.astype(np.uint8), kernel)).astype(bool) if width else mask

    middle = masks[len(masks) // 2]
    best = min(_RIMS, key=lambda width: abs(np.count_nonzero(rim(middle, width)) - wanted))
    return np.stack([rim(mask, best) for mask in masks])


#: Name -> what is done to frames bool (T, H, W), given the original's.
VARIANTS: dict[str, Callable[[Masks, Masks], Masks]] = {
    "mirrored left to right": lambda m, o: m[:, :, ::-1],
    "turned upside down": lambda m, o: m[:, ::-1],
    "turned by 180 degrees": lambda m, o: m[:, ::-1, ::-1],
    "transposed": lambda m, o: m.transpose(0, 2, 1),
    "turned by 90 degrees": lambda m, o: m.transpose(0, 2, 1)[:, ::-1],
    "turned by 270 degrees": lambda m, o: m.transpose(0, 2, 1)[:, :, ::-1],
    "transposed and turned": lambda m, o: m.transpose(0, 2, 1)[:, ::-1, ::-1],
    "inverted": lambda m, o: ~m,
    "without specks, lines and borders": _cleaned,
    "brought to the original's proportions": _proportioned,
    "with the rim brought to the original's area": _rimmed,
}


def variant_geis(
    key: SequenceKey, original: Masks, shown: Masks, size: tuple[int, int]
) -> NDArray[np.float32]:
    """GEIs of every variant of a sequence, float32 (V, h, w); NaN where a variant shows nobody.

    Parameters
    ----------
    key : SequenceKey
    original, shown : bool arrays (T, H, W)
        Whole frames of the original and of the anonymized sequence.
    size : (int, int)
        Height and width of the crops.
    """
    original, shown = np.asarray(original[:_FRAMES]), np.asarray(shown[:_FRAMES])
    out = np.full((len(VARIANTS), *size), np.nan, dtype=np.float32)
    for i, change in enumerate(VARIANTS.values()):
        masks = np.ascontiguousarray(change(shown, original))
        numbers = np.arange(1, len(masks) + 1, dtype=np.int32)
        try:
            own = prepare(Recording(key, None, None, masks, numbers, len(masks)), size=size, rgb=False)
        except DataError:
            continue
        if own.silhouettes.any():
            out[i] = gei_of(own.silhouettes)
    return out
