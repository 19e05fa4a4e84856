"""The training sequences of Model 2 as flat arrays: frames, neighbours in time, pose codes, styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gaitbench.anonymizers.model2.poses import pose_codes, pose_features
from gaitbench.anonymizers.model2.styles import StyleSpace, fit_styles, style_image
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.datasets.silhouettes.completeness import complete_frames
from gaitbench.errors import ModelError

__all__ = ["GaitCorpus", "build_corpus"]


@dataclass(frozen=True)
class GaitCorpus:
    """Frames of all training sequences with what a training step looks up.

    Parameters
    ----------
    frames : bool array (N, h, w)
        Sequence after sequence.
    angle : int64 array (N,)
        Index of each frame's angle in `angles`.
    sequence : int64 array (N,)
        Index of each frame's sequence.
    window : int64 array (N, 3)
        The frame before, the frame, the frame after, within the sequence (its ends repeat themselves).
    targets : int64 array (M,)
        Frames that stand, like both neighbours, in complete silhouettes: what the generator learns from.
    poses : float32 array (N, C)
        Pose codes.
    images : float32 array (S, h, w)
        Styles of the sequences.
    styles : float32 array (S, K)
        Their codes.
    space : StyleSpace
        Their distribution.
    angles : int array (A,)
        Angles in degrees, ascending.
    """

    frames: NDArray[np.bool_]
    angle: NDArray[np.int64]
    sequence: NDArray[np.int64]
    window: NDArray[np.int64]
    targets: NDArray[np.int64]
    poses: NDArray[np.float32]
    images: NDArray[np.float32]
    styles: NDArray[np.float32]
    space: StyleSpace
    angles: NDArray[np.int64]


def _windows(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Neighbours from -1 to 1 of every frame, kept within its sequence; (N, 3)."""
    parts = [
        np.clip(np.arange(begin, end)[:, None] + np.arange(-1, 2), begin, end - 1)
        for begin, end in pairwise(starts.tolist())
    ]
    return np.concatenate(parts)


def build_corpus(
    sequences: Sequence[GaitSequence],
    *,
    code: int,
    style: int,
    labels: Sequence[NDArray[np.bool_]] | None = None,
) -> GaitCorpus:
    """Flatten training sequences and find their codes.

    Parameters
    ----------
    sequences : sequence of GaitSequence
        All of one size.
    code, style : int
        Numbers in a pose code and in a style code.
    labels : sequence of bool arrays (T,), optional
        Which frames are complete; found by `complete_frames` if None.

    Raises
    ------
    ModelError
        If there is no sequence, sizes differ, or no complete silhouette is among them.
    """
    labels = [complete_frames(s.silhouettes) for s in sequences] if labels is None else labels
    kept = [(s, label) for s, label in zip(sequences, labels, strict=True) if len(s.silhouettes)]
    if not kept:
        raise ModelError("model-2 has no training sequence with a person in it; check the data and the split")
    sizes = sorted({s.size for s, _ in kept})
    if len(sizes) > 1:
        raise ModelError(f"training sequences differ in size ({sizes}); prepare them all at one size")
    lengths = np.array([len(s.silhouettes) for s, _ in kept])
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    frames = np.concatenate([s.silhouettes for s, _ in kept])
    whole = np.concatenate([label for _, label in kept])
    if not whole.any():
        raise ModelError(
            "no complete silhouette among the training sequences, and model-2 learns from those only"
        )
    angles, angle_of = np.unique([s.key.angle for s, _ in kept], return_inverse=True)
    images = np.stack([style_image(s.silhouettes, label) for s, label in kept])
    styles, space = fit_styles(images, angle_of, style, len(angles))
    features = [pose_features(s.silhouettes, label) for s, label in kept]
    window = _windows(starts)
    targets = np.flatnonzero(whole[window].all(1))
    return GaitCorpus(
        frames=frames,
        angle=np.repeat(angle_of, lengths),
        sequence=np.repeat(np.arange(len(lengths)), lengths),
        window=window,
        targets=targets if len(targets) else np.flatnonzero(whole),
        poses=pose_codes(features, angle_of, whole, code),
        images=images,
        styles=styles,
        space=space,
        angles=angles,
    )
