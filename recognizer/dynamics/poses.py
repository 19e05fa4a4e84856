"""From silhouettes to series of poses: small pictures, and the components in which they differ most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from recognizer.gaps import bridged

__all__ = ["pose_components", "small_pictures"]

#: Rows and columns of the pictures that poses are read from; of smaller silhouettes, as many as they have (ours).
_CELLS = (32, 22)


def small_pictures(silhouettes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Share of foreground in each cell of a grid of at most 32 x 22, frame by frame.

    A frame without any foreground shows no pose: straight lines between its neighbours stand in, so that the others
    keep their moments.

    Parameters
    ----------
    silhouettes : uint8 array (T, h, w)
        0 to 255; at least one frame has foreground.

    Returns
    -------
    float32 array (T, cells)
        In [0, 1].
    """
    rows, columns = (_cells(silhouettes.shape[axis], most) for axis, most in zip((1, 2), _CELLS, strict=True))
    # whole numbers below 2**24, so the sums are exact in whatever order they are made
    sums = rows @ silhouettes.astype(np.float32) @ columns.T
    area = np.float32(255) * rows.sum(axis=1)[:, None] * columns.sum(axis=1)
    shares = np.asarray((sums / area).reshape(len(sums), -1), dtype=np.float32)
    seen = np.flatnonzero(silhouettes.any(axis=(1, 2)))
    return bridged(shares[seen], seen, len(shares))


def _cells(size: int, most: int) -> NDArray[np.float32]:
    """Which pixels of an axis each cell holds: 0 or 1, float32 (cells, size)."""
    count = min(most, size)
    return np.asarray(np.arange(size) * count // size == np.arange(count)[:, None], dtype=np.float32)


def pose_components(
    pictures: Sequence[NDArray[np.float32]], count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Principal components of the frames of many sequences, whatever the view.

    Parameters
    ----------
    pictures : sequence of float32 arrays (T_i, cells)
    count : int
        Components to keep, at most as many as there are cells and directions in which frames differ.

    Returns
    -------
    mean : float32 array (cells,)
    basis : float32 array (cells, count or fewer)
        Orthonormal, the strongest first; each has its largest entry positive.

    Raises
    ------
    ValueError
        If all frames are alike.
    """
    frames = sum(len(p) for p in pictures)
    total = np.sum([p.sum(axis=0, dtype=np.float64) for p in pictures], axis=0)
    mean = (total / frames).astype(np.float32)
    scatter = np.zeros((len(mean), len(mean)))
    for p in pictures:
        centred = (p - mean).astype(np.float64)
        scatter += centred.T @ centred
    values, vectors = eigh(scatter)
    values, vectors = values[::-1], vectors[:, ::-1]
    if values[0] <= 1e-9 * frames:
        raise ValueError("all training samples are alike, frame by frame; there is nothing to learn from")
    kept = vectors[:, : min(count, int(np.count_nonzero(values > 1e-10 * values[0])))]
    signs = np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])
    # row by row, as a file gives it back: products of another layout are rounded otherwise on some processors
    return mean, np.ascontiguousarray(kept * signs, dtype=np.float32)
