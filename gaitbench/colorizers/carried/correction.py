"""A small network that corrects the field along which clothes are carried from body to body. Ours.

Matching rows knows nothing of arms, legs and loads. The network sees both silhouettes and the carried picture and
says, pixel by pixel, how far beside the field's place the colour should be taken, and how much lighter or darker it
should be (a smooth shading). It never makes a colour: all of them are sampled from the person's clothes, so no
background can come in. It learned from renderings of the same clothes on another body; see
``gaitbench.colorizers.carried.correction_training`` and the card beside the bundled weights.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from gaitbench.colorizers.learned.networks import FoldedUNet
from gaitbench.errors import ModelError
from gaitbench.training.images import padded_size
from gaitbench.training.reproducible import reproducible

__all__ = ["FOLDER", "ROWS", "FieldCorrection", "bundled_correction", "correct_field", "read_correction"]

#: Where the bundled weights and their card lie.
FOLDER = Path(__file__).parent / "pretrained"
#: Height of the crops that the network looks at; others are brought to it, and its field back.
ROWS = 64

#: Farthest correction in pixels at 64 rows.
_REACH = 8.0
#: Correction and shading change over this many pixels.
_COARSE = 2
_FRAMES = 32


class FieldCorrection(FoldedUNet):
    """From pictures and a field to a correction of the field and a shading.

    Parameters
    ----------
    width : int
        Channels at the finest level, twice as many below.
    """

    def __init__(self, width: int = 24) -> None:
        super().__init__(10, width, 3)

    def forward(
        self, pictures: torch.Tensor, old: torch.Tensor, new: torch.Tensor, x: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Correct a field.

        Parameters
        ----------
        pictures : float tensor (N, 3, H, W)
            In [0, 1], widened past the silhouette (`fields.widen`); height and width are multiples of 16.
        old, new : float tensors (N, H, W)
            Silhouettes, zeros and ones.
        x, y : float tensors (N, H, W)
            Where each pixel of the new body comes from.

        Returns
        -------
        x, y : float tensors (N, H, W)
            Corrected, in pixels.
        shade : float tensor (N, H, W)
            Factor of the colours, 0.5 to 1.5.
        """
        height, width = pictures.shape[-2:]
        columns = torch.arange(width, dtype=x.dtype, device=x.device)
        rows = torch.arange(height, dtype=x.dtype, device=x.device)[:, None]
        seen = [
            pictures, old[:, None], carried(pictures, x, y), new[:, None],
            ((x - columns) / 8.0)[:, None], ((y - rows) / 8.0)[:, None],
        ]  # fmt: skip
        made = self.unfolded(self.features(torch.cat(seen, dim=1)))
        # a field that could turn from pixel to pixel learns to dither: neighbours go together
        coarse = functional.interpolate(
            functional.avg_pool2d(made, _COARSE), scale_factor=float(_COARSE), mode="bilinear"
        )
        move = _REACH * functional.softsign(coarse[:, :2])
        shade = 1.0 + 0.5 * functional.softsign(coarse[:, 2])
        return x + move[:, 0], y + move[:, 1], shade


def carried(pictures: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Sample pictures (N, 3, H, W) at places (N, H, W) with cubic splines, as `fields.carry` does."""
    height, width = pictures.shape[-2:]
    grid = torch.stack([2.0 * x / (width - 1) - 1.0, 2.0 * y / (height - 1) - 1.0], dim=-1)
    return functional.grid_sample(pictures, grid, mode="bicubic", padding_mode="border", align_corners=True)


def correct_field(
    network: FieldCorrection,
    pictures: NDArray[np.float32],
    old: NDArray[np.bool_],
    new: NDArray[np.bool_],
    x: NDArray[np.float32],
    y: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Correct the field of frames of any size; on the processor, the same bits for any number of frames at once.

    Parameters
    ----------
    pictures : float32 array (T, h, w, 3)
        Widened, in [0, 1].
    old, new : bool arrays (T, h, w)
    x, y : float32 arrays (T, h, w)
        From `fields.row_field`.

    Returns
    -------
    x, y : float32 arrays (T, h, w)
    shade : float32 array (T, h, w)
    """
    height, width = new.shape[1:]
    factor = ROWS / height
    small = (ROWS, max(1, round(width * factor)))
    out_x, out_y, shade = (np.empty(new.shape, np.float32) for _ in range(3))
    with reproducible(1), torch.inference_mode():
        for begin in range(0, len(new), _FRAMES):
            part = slice(begin, begin + _FRAMES)
            given = [
                _resized(pictures[part], small),
                _resized(old[part].astype(np.float32), small).round(),
                _resized(new[part].astype(np.float32), small).round(),
                (_resized(x[part], small) + 0.5) * factor - 0.5,
                (_resized(y[part], small) + 0.5) * factor - 0.5,
            ]
            at_x, at_y, light = _run(network, given, small)
            # only the correction is brought back, so that the field keeps its own detail
            out_x[part] = x[part] + _resized((at_x - given[3]) / factor, (height, width))
            out_y[part] = y[part] + _resized((at_y - given[4]) / factor, (height, width))
            shade[part] = _resized(light, (height, width))
    return out_x, out_y, shade


def _run(
    network: FieldCorrection, given: list[NDArray[np.float32]], size: tuple[int, int]
) -> list[NDArray[np.float32]]:
    """The network on one batch, padded to what it can halve; fields in pixels of `size`."""
    high, wide = padded_size(size)
    top, left = (high - size[0]) // 2, (wide - size[1]) // 2
    margins = [(0, 0), (top, high - size[0] - top), (left, wide - size[1] - left)]
    shift = (0, 0, 0, left, top)
    padded = [
        torch.from_numpy(np.pad(a, margins + [(0, 0)] * (a.ndim - 3), mode="edge") + np.float32(s))
        for a, s in zip(given, shift, strict=True)
    ]
    padded[1:3] = [torch.from_numpy(np.pad(a, margins)) for a in given[1:3]]
    made = network(padded[0].permute(0, 3, 1, 2), *padded[1:])
    inside = (slice(None), slice(top, top + size[0]), slice(left, left + size[1]))
    found_x, found_y, shade = (m[inside].numpy() for m in made)
    return [found_x - np.float32(left), found_y - np.float32(top), shade]


def _resized(frames: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Frames (T, h, w[, 3]) at another size; as they are where it is theirs."""
    if frames.shape[1:3] == size:
        return np.asarray(frames, np.float32)
    smaller = frames.shape[1] > size[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.stack(
        [cv2.resize(np.ascontiguousarray(f), size[::-1], interpolation=how) for f in frames]
    ).astype(np.float32)


@cache
def bundled_correction() -> FieldCorrection:
    """The network that comes with the package.

    Raises
    ------
    ModelError
        If its files are missing or do not belong together: the installation is damaged.
    """
    try:
        card: dict[str, Any] = json.loads((FOLDER / "gaitbench.json").read_text(encoding="utf-8"))
        blob = (FOLDER / "gaitbench.safetensors").read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the weights of colorizer gaitbench cannot be read ({error}); install again"
        ) from error
    if hashlib.sha256(blob).hexdigest() != card["weights_sha256"]:
        raise ModelError(f"{FOLDER / 'gaitbench.safetensors'} does not belong to its card; install again")
    return read_correction(blob, card["width"])


def read_correction(blob: bytes, width: int) -> FieldCorrection:
    """The network whose weights a safetensors file holds, ready to be used."""
    from safetensors.numpy import load

    from gaitbench.training.weights import load_module_state

    # construction draws from torch's global generator; fork it so that nothing outside notices
    with torch.random.fork_rng(devices=[]):
        network = FieldCorrection(width)
    load_module_state(
        network, {f"network.{name}": a.astype(np.float32) for name, a in load(blob).items()}, "network"
    )
    return network.eval().requires_grad_(False)
