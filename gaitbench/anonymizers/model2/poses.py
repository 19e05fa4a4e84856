"""Pose codes: what a frame tells about the moment of the step, with the body taken out of it (ours)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["pose_codes", "pose_features"]


def pose_features(
    silhouettes: NDArray[np.bool_], complete: NDArray[np.bool_], *, reach: int = 3
) -> NDArray[np.float32]:
    """Describe pose and its direction of change in each frame of one sequence, free of the body's shape.

    The silhouette is shrunk to 16 x 11, the sequence's mean over complete frames is taken away and its
    strength made one; then a frame stands together with the frames `reach` before and after, which tells
    opening from closing legs.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    complete : bool array (T,)
        Frames that make up the mean; all of them if none is complete.
    reach : int
        In frames; at either end the nearest frame stands in.

    Returns
    -------
    float32 array (T, 528)
    """
    small = np.stack(
        [cv2.resize(s.astype(np.float32), (11, 16), interpolation=cv2.INTER_AREA) for s in silhouettes]
    )
    flat = small.reshape(len(small), -1)
    use = complete if complete.any() else np.ones(len(flat), bool)
    flat = flat - flat[use].mean(0)
    flat /= np.sqrt((flat[use] ** 2).sum(1).mean()) + 1e-3
    frames = np.arange(len(flat))
    near = [np.clip(frames + step, 0, len(flat) - 1) for step in (-reach, 0, reach)]
    return np.concatenate([flat[index] for index in near], axis=1)


def pose_codes(
    features: Sequence[NDArray[np.float32]],
    angles: NDArray[np.int64],
    complete: NDArray[np.bool_],
    count: int,
) -> NDArray[np.float32]:
    """Reduce pose features to whitened principal components, common to all angles.

    Parameters
    ----------
    features : sequence of float32 arrays (T, D)
        One per sequence.
    angles : int array (S,)
        Angle index of each sequence.
    complete : bool array (N,)
        Frames that decide the components.
    count : int
        Numbers in a code; zeros fill up where there are fewer components.

    Returns
    -------
    float32 array (N, count)
        About unit variance in every angle and component over the complete frames.
    """
    flat = np.concatenate(list(features)).astype(np.float64)
    angle = np.repeat(angles, [len(f) for f in features])
    covariance = flat[complete].T @ flat[complete] / max(1, int(complete.sum()))
    values, vectors = np.linalg.eigh(covariance)
    order = np.argsort(values)[::-1][: min(count, int((values > 1e-9).sum()))]
    directions = vectors[:, order]
    # The sign of an eigenvector is arbitrary; fix it.
    directions = directions * np.sign(directions[np.abs(directions).argmax(0), np.arange(len(order))])
    codes = np.zeros((len(flat), count))
    codes[:, : len(order)] = flat @ directions
    for index in np.unique(angle):
        here = angle == index
        spread = codes[here & complete].std(0) if (here & complete).any() else codes[here].std(0)
        codes[here] /= np.maximum(spread, 1e-3)
    return codes.clip(-4.0, 4.0).astype(np.float32)
