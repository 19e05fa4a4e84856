"""The training sequences of Model 1 as arrays: contours, clips of consecutive whole frames, profile codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from gaitbench.anonymizers.model1.profiles import ProfileSpace, body_profile
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.datasets.silhouettes.completeness import complete_frames
from gaitbench.datasets.silhouettes.contour_parts import trace_parts
from gaitbench.errors import ModelError

__all__ = ["ContourCorpus", "build_contour_corpus", "from_units", "to_units"]


def to_units(values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Points (..., 2) in pixels as points about the crop's middle, half its height being 1."""
    middle = np.array([size[1] - 1, size[0] - 1], np.float32) / 2
    return cast("NDArray[np.float32]", (values - middle) / np.float32(size[0] / 2))


def from_units(values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """The inverse of `to_units`."""
    middle = np.array([size[1] - 1, size[0] - 1], np.float32) / 2
    return cast("NDArray[np.float32]", values * np.float32(size[0] / 2) + middle)


@dataclass(frozen=True)
class ContourCorpus:
    """Contours of all training frames with what a training step looks up.

    Parameters
    ----------
    outlines : float32 array (N, P, 2)
        In pixels of their own sequence's crop, sequence after sequence.
    clips : int64 array (M, F)
        Frames of each clip: consecutive frames of one sequence.
    clip_sequence : int64 array (M,)
        Sequence of each clip.
    angle : int64 array (S,)
        Index of each sequence's angle in `angles`.
    sizes : list of (int, int), S of them
        Height and width of each sequence's crops.
    codes : float32 array (S, 2 K)
        Profile codes.
    space : ProfileSpace
    angles : int64 array (A,)
        In degrees, ascending.
    """

    outlines: NDArray[np.float32]
    clips: NDArray[np.int64]
    clip_sequence: NDArray[np.int64]
    angle: NDArray[np.int64]
    sizes: list[tuple[int, int]]
    codes: NDArray[np.float32]
    space: ProfileSpace
    angles: NDArray[np.int64]


def build_contour_corpus(
    sequences: Sequence[GaitSequence], *, points: int, length: int, heights: int
) -> ContourCorpus:
    """Trace the training silhouettes.

    Parameters
    ----------
    sequences : sequence of GaitSequence
        Sizes may differ. Frames without a person are left out.
    points, length, heights : int
        Points P of a contour, frames F of a clip, heights K of a profile.

    Raises
    ------
    ModelError
        If there is no silhouette.
    """
    kept = [(s, s.silhouettes[s.silhouettes.any(axis=(1, 2))]) for s in sequences]
    kept = [(s, frames) for s, frames in kept if len(frames)]
    if not kept:
        raise ModelError("model-1 has no training sequence with a person in it; check the data and the split")
    angles, angle = np.unique([s.key.angle for s, _ in kept], return_inverse=True)
    clips: list[NDArray[np.int64]] = []
    whole: list[NDArray[np.bool_]] = []
    begin = 0
    for _, frames in kept:
        count = len(frames)
        first = np.arange(max(1, count - length + 1))
        # A sequence shorter than a clip stands still at its end.
        index = np.minimum(first[:, None] + np.arange(length), count - 1)
        clips.append(begin + index)
        whole.append(complete_frames(frames)[index].all(1))
        begin += count
    owner = np.repeat(np.arange(len(kept)), [len(c) for c in clips])
    # Contours of broken bodies jump; they are learned from only where there is nothing else.
    use = np.concatenate(whole)
    use = use if use.any() else np.ones(len(use), bool)
    space, codes = ProfileSpace.fit([body_profile(f, heights) for _, f in kept], angle, len(angles))
    return ContourCorpus(
        outlines=np.concatenate([trace_parts(f, points)[0] for _, f in kept]),
        clips=np.concatenate(clips)[use],
        clip_sequence=owner[use],
        angle=np.asarray(angle, np.int64),
        sizes=[s.size for s, _ in kept],
        codes=codes,
        space=space,
        angles=angles,
    )
