"""Model 2 at work: poses read from frames, and frames drawn from poses and styles."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage

from gaitbench.anonymizers.model2.networks import PoseEncoder, SilhouetteGenerator
from gaitbench.training.images import pad_frames, padded_size, unpad

__all__ = ["draw_frames", "pad_styles", "read_poses"]


def read_poses(
    encoder: PoseEncoder, frames: NDArray[np.bool_], angle: int, *, smoothing: float, device: torch.device
) -> NDArray[np.float32]:
    """Read the pose code of each frame of one sequence.

    Parameters
    ----------
    encoder : PoseEncoder
    frames : bool array (T, h, w)
        None of them empty.
    angle : int
        Index of the angle.
    smoothing : float
        Standard deviation in frames of the Gaussian over time; 0 leaves the codes as read.
    device : torch.device

    Returns
    -------
    float32 array (T, code)
    """
    index = np.clip(np.arange(len(frames))[:, None] + np.arange(-1, 2), 0, len(frames) - 1)
    padded = pad_frames(frames).to(device)
    angles = torch.full((len(frames),), angle, device=device)
    codes = encoder(padded[torch.from_numpy(index)], angles).cpu().numpy()
    if smoothing > 0:
        codes = ndimage.gaussian_filter1d(codes, smoothing, axis=0, mode="nearest")
    return np.asarray(codes, np.float32)


def draw_frames(
    generator: SilhouetteGenerator,
    codes: NDArray[Any],
    styles: NDArray[Any],
    images: NDArray[np.float32],
    told: float,
    angle: int,
    *,
    size: tuple[int, int],
    blur: int,
    device: torch.device,
) -> NDArray[np.float32]:
    """Draw frames as logits.

    Parameters
    ----------
    generator : SilhouetteGenerator
    codes, styles : float32 arrays (T, code) and (T, style)
    images : float32 array (T, h, w)
        The styles, of which `styles` are the codes.
    told : float
        How much of each frame they tell beyond the walk's mean.
    angle : int
        Index of the angle.
    size : (int, int)
        Height and width of the crops.
    blur : int
        Passes of a 3 x 3 binomial filter over the logits.
    device : torch.device

    Returns
    -------
    float32 array (T, h, w)
    """
    angles = torch.full((len(codes),), angle, device=device)
    logits = generator(
        torch.from_numpy(np.ascontiguousarray(codes)).to(device),
        torch.from_numpy(np.ascontiguousarray(styles)).to(device),
        pad_styles(images).to(device),
        torch.full((len(codes),), told, device=device),
        angles,
    )
    for _ in range(blur):
        logits = _binomial(_binomial(logits, -1), -2)
    return unpad(logits, size).cpu().numpy()


def pad_styles(images: NDArray[np.float32]) -> torch.Tensor:
    """Styles (N, h, w) as the generator takes them: float32 (N, H, W), the border repeated around them."""
    height, width = padded_size((images.shape[1], images.shape[2]))
    down, across = height - images.shape[1], width - images.shape[2]
    margins = ((0, 0), (down // 2, down - down // 2), (across // 2, across - across // 2))
    return torch.from_numpy(np.pad(images, margins, mode="edge"))


def _binomial(images: torch.Tensor, axis: int) -> torch.Tensor:
    """Average with the neighbours along an axis by weights 1, 2, 1; the border repeats itself."""
    size = images.shape[axis]
    first, last = images.narrow(axis, 0, 1), images.narrow(axis, size - 1, 1)
    wide = torch.cat([first, images, last], dim=axis)
    return 0.25 * wide.narrow(axis, 0, size) + 0.5 * images + 0.25 * wide.narrow(axis, 2, size)
