"""Contact sheets: pictures of a walker to look at."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import ANGLES, SequenceKey
from gaitbench.datasets.walkers.camera import HEIGHT, WIDTH
from gaitbench.datasets.walkers.dataset import Walkers

__all__ = ["contact_sheet"]


def contact_sheet(
    walkers: Walkers,
    subject: str,
    walk: str,
    angles: Sequence[int] = ANGLES,
    *,
    moments: int = 4,
    truth: bool = False,
    scale: float = 1.0,
) -> NDArray[np.uint8]:
    """One row per angle, `moments` frames spread over the sequence.

    Parameters
    ----------
    walkers : Walkers
    subject, walk : str
    angles : sequence of int
    moments : int
        Pictures per angle.
    truth : bool
        Also the true silhouettes, at the right.
    scale : float
        Size of a picture against 320 x 240.

    Returns
    -------
    uint8 array (rows, columns, 3), RGB
    """
    size = (round(WIDTH * scale), round(HEIGHT * scale))
    rows = []
    for angle in angles:
        key = SequenceKey(subject, walk, angle)
        frames = walkers.load(key).frames
        assert frames is not None
        at = np.linspace(0, len(frames) - 1, moments + 2)[1:-1].round().astype(int)
        cells = [frames[t] for t in at]
        if truth:
            masks = walkers.true_masks(key, body=subject, rgb=False).masks
            cells += [np.repeat(masks[t].astype(np.uint8)[..., None] * 255, 3, axis=2) for t in at]
        cells = [cv2.resize(np.ascontiguousarray(c), size, interpolation=cv2.INTER_AREA) for c in cells]
        cv2.putText(
            cells[0], f"{angle:03d}", (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 0), 1, cv2.LINE_AA
        )
        rows.append(np.concatenate(cells, axis=1))
    return np.concatenate(rows, axis=0)
