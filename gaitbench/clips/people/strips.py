"""Some frames of a sequence side by side: the silhouette's outline on the picture, or the silhouette alone."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["FRAMES", "some", "strip_of", "tile"]

#: Frames of a strip, and height and width of one.
FRAMES, _SIZE = 10, (112, 84)
#: Margin around the person, as a share of the height.
_MARGIN = 0.12
_OUTLINE = (0, 230, 60)
_FAULT = (235, 60, 40)


def some(count: int, frames: int = FRAMES) -> list[int]:
    """Places of evenly spread frames among `count`."""
    places: list[int] = np.unique(
        np.linspace(0, max(0, count - 1), min(count, frames)).round().astype(int)
    ).tolist()
    return places


def tile(mask: NDArray[np.bool_], picture: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """A person in their surroundings, uint8 (112, 84, 3): outlined on the picture (H, W, 3), or white on black.

    Parameters
    ----------
    mask : bool array (H, W)
        Not empty.
    picture : uint8 array (H, W, 3), optional
    """
    bits = np.ascontiguousarray(mask).view(np.uint8)
    x, y, width, height = cv2.boundingRect(bits)
    tall = max(height * (1 + 2 * _MARGIN), width * (1 + 2 * _MARGIN) * _SIZE[0] / _SIZE[1], 8.0)
    scale = _SIZE[0] / tall
    corner = (x + width / 2 - _SIZE[1] / scale / 2, y + height / 2 - tall / 2)
    move = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.warpAffine(bits * np.uint8(255), move, _SIZE[::-1], flags=how)
    if picture is None:
        return np.repeat(small[:, :, None], 3, axis=2).astype(np.uint8)
    out = cv2.warpAffine(np.ascontiguousarray(picture), move, _SIZE[::-1], flags=how)
    lines, _ = cv2.findContours((small > 127).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(out, lines, -1, _OUTLINE, 1)
    return np.asarray(out, np.uint8)


def strip_of(tiles: Iterable[NDArray[np.uint8]], good: Iterable[bool]) -> bytes:
    """A PNG of tiles side by side; one that does not look like a whole person has a red rim.

    Raises
    ------
    ValueError
        Without a tile.
    """
    shown = []
    for picture, fine in zip(tiles, good, strict=True):
        framed = cv2.copyMakeBorder(picture, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(70, 70, 70))
        if not fine:
            cv2.rectangle(framed, (0, 0), (framed.shape[1] - 1, framed.shape[0] - 1), _FAULT, 3)
        shown.append(framed)
    row = np.concatenate(shown, axis=1)
    done, content = cv2.imencode(".png", np.ascontiguousarray(row[:, :, ::-1]))
    assert done
    return content.tobytes()
