"""Film of half the size, as an encoder with few bits leaves it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.video import read_video
from gaitbench.datasets.video_writing import write_mp4

__all__ = ["compressed", "halved", "halved_masks"]

#: Constant rate factor of H.264: 20 is good, 51 the worst. Here blocks and smeared legs are seen.
_CRF = 30


def halved(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pictures (T, H, W, 3) of half the height and width; each pixel the mean of four."""
    size = (pictures.shape[2] // 2, pictures.shape[1] // 2)
    return np.stack(
        [np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), np.uint8) for p in pictures]
    )


def halved_masks(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Masks (T, H, W) of half the height and width: pixels of which half is covered."""
    count, rows, columns = masks.shape
    parts = masks.reshape(count, rows // 2, 2, columns // 2, 2).sum(axis=(2, 4))
    return np.asarray(parts >= 2)


def compressed(pictures: NDArray[np.uint8], fps: float, *, crf: int = _CRF) -> NDArray[np.uint8]:
    """Pictures (T, H, W, 3) encoded and decoded; no frame hangs on a later one, so that a start stays the same."""
    with tempfile.TemporaryDirectory(prefix="gaitbench-walkers-") as folder:
        path = Path(folder) / "film.mp4"
        write_mp4(path, pictures, fps, crf=crf, live=True)
        return read_video(path)
