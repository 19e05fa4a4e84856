"""Model 2 at work: poses read from frames, and frames drawn from poses and styles."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch.nn import functional

from gaitbench.anonymizers.model2.drawing import WalkDrawer
from gaitbench.anonymizers.model2.networks import PoseEncoder
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
    # each frame stands in three clips: halve it once
    halves = functional.avg_pool2d(pad_frames(frames).to(device)[:, None], 2)[:, 0]
    angles = torch.full((len(frames),), angle, device=device)
    codes = encoder.of_halves(halves[torch.from_numpy(index)], angles).cpu().numpy()
    if smoothing > 0:
        codes = ndimage.gaussian_filter1d(codes, smoothing, axis=0, mode="nearest")
    return np.asarray(codes, np.float32)


def draw_frames(
    walk: WalkDrawer,
    styles: NDArray[np.float32],
    drawn: NDArray[np.float32],
    *,
    size: tuple[int, int],
    blur: int,
    device: torch.device,
) -> NDArray[np.float32]:
    """Draw the frames of a walk with another body, as logits.

    Parameters
    ----------
    walk : WalkDrawer
    styles : float32 array (1, style) or (T, style)
        Codes of the mixed styles, one for all frames or one each.
    drawn : float32 array (1, h, w) or (T, h, w)
        The drawn styles times their share.
    size : (int, int)
        Height and width of the crops.
    blur : int
        Passes of a 3 x 3 binomial filter over the logits.
    device : torch.device

    Returns
    -------
    float32 array (T, h, w)
    """
    logits = walk.logits(torch.from_numpy(styles).to(device), pad_styles(drawn).to(device))
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
    return (
        (0.25 * wide.narrow(axis, 0, size))
        .add_(images, alpha=0.5)
        .add_(wide.narrow(axis, 2, size), alpha=0.25)
    )
