"""Training pictures of the colorizers: frames, silhouettes, anonymized silhouettes, extracted colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gaitbench.colorizers.extraction import extract_colors
from gaitbench.datasets.sequence import GaitSequence
from gaitbench.datasets.silhouettes.contour import deform_contours
from gaitbench.errors import ModelError
from gaitbench.training.images import pad_frames, unpad

__all__ = ["ColorPairs", "PairSet", "collect_pairs", "vary_colors"]


@dataclass(frozen=True)
class ColorPairs:
    """A batch as tensors.

    Parameters
    ----------
    originals : float tensor (N, 3, H, W)
        x_rgb in [0, 1].
    silhouettes, anonymized : float tensors (N, H, W)
        Zeros and ones.
    targets : float tensor (N, 3, H, W) or None
        Extracted colours.
    """

    originals: torch.Tensor
    silhouettes: torch.Tensor
    anonymized: torch.Tensor
    targets: torch.Tensor | None

    def _each(self, change: Callable[[torch.Tensor], torch.Tensor]) -> ColorPairs:
        targets = None if self.targets is None else change(self.targets)
        return ColorPairs(change(self.originals), change(self.silhouettes), change(self.anonymized), targets)

    def to(self, device: torch.device) -> ColorPairs:
        """Copy to a device."""
        return self._each(lambda value: value.to(device))

    def cropped(self, size: tuple[int, int]) -> ColorPairs:
        """Take the padding off."""
        return self._each(lambda value: unpad(value, size))


@dataclass(frozen=True)
class PairSet:
    """Training frames as arrays: rgb (N, h, w, 3) uint8, masks bool (N, h, w), targets as rgb or None."""

    rgb: NDArray[np.uint8]
    silhouettes: NDArray[np.bool_]
    anonymized: NDArray[np.bool_]
    targets: NDArray[np.uint8] | None

    def __len__(self) -> int:
        return len(self.rgb)

    def tensors(self, index: NDArray[np.int64]) -> ColorPairs:
        """Frames by number as a padded batch."""
        return ColorPairs(
            pad_frames(self.rgb[index], edge=True),
            pad_frames(self.silhouettes[index]),
            pad_frames(self.anonymized[index]),
            None if self.targets is None else pad_frames(self.targets[index]),
        )


def collect_pairs(
    sequences: Sequence[GaitSequence],
    anonymized: Sequence[NDArray[np.bool_]] | None,
    *,
    rng: np.random.Generator,
    frames: int,
    strength: float,
    targets: bool,
) -> PairSet:
    """Choose training frames over all sequences and extract their colours if needed.

    Parameters
    ----------
    sequences : sequence of GaitSequence
        Those without RGB are left out.
    anonymized : sequence of bool arrays (T, h, w) or None
        As in `LearnedColorizer.fit`.
    rng : numpy.random.Generator
    frames : int
        Frames to keep.
    strength : float
        Of the deformation where `anonymized` is None.
    targets : bool
        Whether to extract colours.

    Raises
    ------
    ModelError
        If nothing is left, sizes differ, or `anonymized` does not fit `sequences`.
    """
    if anonymized is None:
        anonymized = [deform_contours(s.silhouettes, rng, strength=strength) for s in sequences]
    if len(anonymized) != len(sequences) or any(
        a.shape != s.silhouettes.shape for a, s in zip(anonymized, sequences, strict=True)
    ):
        raise ModelError(
            "anonymized silhouettes must match the training sequences in number, length and size"
        )
    kept = [(s, s.rgb, a) for s, a in zip(sequences, anonymized, strict=True) if s.rgb is not None]
    sizes = sorted({s.size for s, _, _ in kept})
    if len(sizes) > 1:
        raise ModelError(f"training sequences differ in size ({sizes}); prepare them all at one size")
    usable = [
        (i, t)
        for i, (s, _, a) in enumerate(kept)
        for t in np.flatnonzero(a.any((1, 2)) & s.silhouettes.any((1, 2)))
    ]
    if not usable:
        raise ModelError(
            "no training picture: colorizers need sequences with RGB frames and a person in them"
        )
    chosen = rng.permutation(len(usable))[:frames]
    rgb = np.stack([kept[i][1][t] for i, t in (usable[c] for c in chosen)])
    old = np.stack([kept[i][0].silhouettes[t] for i, t in (usable[c] for c in chosen)])
    new = np.stack([kept[i][2][t] for i, t in (usable[c] for c in chosen)])
    return PairSet(rgb, old, new, extract_colors(rgb, old, new) if targets else None)


def vary_colors(batch: ColorPairs, draws: torch.Generator, *, colors: bool, flips: bool = True) -> ColorPairs:
    """Flip half of the pictures, and permute and scale the channels of each; targets change alike.

    Parameters
    ----------
    batch : ColorPairs
        On the processor.
    draws : torch.Generator
    colors, flips : bool
        Which of the two.
    """
    count = len(batch.originals)
    flip = torch.rand(count, generator=draws) < 0.5
    order = torch.rand(count, 3, generator=draws).argsort(1)
    gain = 0.6 + 0.6 * torch.rand(count, 3, 1, 1, generator=draws)

    def change(value: torch.Tensor) -> torch.Tensor:
        shape = (count,) + (1,) * (value.ndim - 1)
        if flips:
            value = torch.where(flip.view(shape), value.flip(-1), value)
        if value.ndim == 4 and colors:
            value = torch.gather(value, 1, order[:, :, None, None].expand_as(value))
            value = (value * gain).clamp(0.0, 1.0)
        return value

    return batch._each(change)
