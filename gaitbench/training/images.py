"""Frames as padded batches: networks halve their input several times, crops are 44 or 88 pixels wide."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

__all__ = ["PAD_MULTIPLE", "pad_frames", "padded_size", "unpad"]

#: Networks halve four times.
PAD_MULTIPLE = 16


def padded_size(size: tuple[int, int]) -> tuple[int, int]:
    """Smallest height and width that hold `size` and divide by 16.

    Examples
    --------
    >>> padded_size((64, 44)), padded_size((128, 88))
    ((64, 48), (128, 96))
    """
    height, width = (-(-side // PAD_MULTIPLE) * PAD_MULTIPLE for side in size)
    return height, width


def pad_frames(frames: NDArray[np.bool_] | NDArray[np.uint8], *, edge: bool = False) -> torch.Tensor:
    """Turn frames into a float batch, evenly padded on all sides.

    Parameters
    ----------
    frames : bool array (N, h, w) or uint8 array (N, h, w, 3)
    edge : bool
        Repeat the border instead of padding with zero.

    Returns
    -------
    float32 tensor (N, H, W) or, channels last in memory, (N, 3, H, W)
        In [0, 1], `padded_size` high and wide.
    """
    height, width = padded_size((frames.shape[1], frames.shape[2]))
    down, across = height - frames.shape[1], width - frames.shape[2]
    margins = [(0, 0), (down // 2, down - down // 2), (across // 2, across - across // 2)]
    if frames.ndim == 4:
        margins.append((0, 0))
    if down or across:
        padded = np.pad(frames, margins, mode="edge") if edge else np.pad(frames, margins)
    else:
        padded = np.ascontiguousarray(frames)
    batch = torch.from_numpy(padded).float()
    if frames.dtype == np.uint8:
        batch /= 255.0
    return batch.permute(0, 3, 1, 2) if frames.ndim == 4 else batch


def unpad(batch: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Cut the middle ``(..., h, w)`` out of a padded batch ``(..., H, W)``."""
    top = (batch.shape[-2] - size[0]) // 2
    left = (batch.shape[-1] - size[1]) // 2
    return batch[..., top : top + size[0], left : left + size[1]]
