"""Silhouettes as another camera, coat, bag or fault would have shown them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["augment"]


def augment(frames: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """One set as another camera, another coat, a bag or a fault of the extraction might have shown it.

    The same change is made in every frame: a set has one camera and one coat. Ours; the chances are fixed here.

    Parameters
    ----------
    frames : uint8 array (T, h, w)
    rng : numpy.random.Generator
        Always asked for the same number of draws.

    Returns
    -------
    uint8 array (T, h, w)
    """
    _, h, w = frames.shape
    mirror, coat, bag, hole = rng.random(4) < (0.5, 0.5, 0.3, 0.3)
    shift = rng.integers(-2, 3)
    spots = rng.random((3, 4))
    out = np.roll(frames[:, :, ::-1] if mirror else frames, shift, axis=2)
    if coat:  # the trunk a pixel or two wider, down to somewhere between hip and knee
        top, bottom = int(h * 0.18), int(h * (0.5 + 0.3 * spots[0, 0]))
        trunk = out[:, top:bottom].copy()
        for _ in range(1 + int(spots[0, 1] < 0.5)):
            wide = trunk.copy()
            np.maximum(wide[:, :, 1:], trunk[:, :, :-1], out=wide[:, :, 1:])
            np.maximum(wide[:, :, :-1], trunk[:, :, 1:], out=wide[:, :, :-1])
            trunk = wide
        out[:, top:bottom] = trunk
    if (
        bag
    ):  # an ellipse at the height of the trunk, at most two fifths of the picture to a side of its middle
        y, x = h * (0.25 + 0.35 * spots[1, 0]), w * (0.1 + 0.8 * spots[1, 1])
        tall, wide_ = h * (0.05 + 0.1 * spots[1, 2]), w * (0.06 + 0.12 * spots[1, 3])
        rows, columns = np.ogrid[:h, :w]
        out[:, ((rows - y) / tall) ** 2 + ((columns - x) / wide_) ** 2 <= 1] = 255
    if hole:
        tall, across = h * (0.05 + 0.25 * spots[2, 2]), w * (0.1 + 0.4 * spots[2, 3])
        y, x = spots[2, 0] * (h - tall), spots[2, 1] * (w - across)
        out[:, int(y) : int(y + tall), int(x) : int(x + across)] = 0
    return out
