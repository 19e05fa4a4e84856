"""Networks of Model 1: contour auto-encoder without a latent layer, noise generator, two discriminators.

Given by [T20] and the poster of ST-GAN: an auto-encoder on contours without a latent layer, a noise generator,
a spatial and a temporal discriminator. All layers are ours. Contours of a clip are pictures: points run along
the rows (round and round: the padding is circular), frames along the columns, x and y are the channels.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch
from torch import nn
from torch.nn import functional

__all__ = ["ContourAutoEncoder", "ContourJudge", "NoiseGenerator"]

_SLOPE = 0.1
#: Neighbouring points that stand in one column as channels: neighbours move together, and it is four times as fast.
_FOLD = 4


def _fold(lines: torch.Tensor) -> torch.Tensor:
    """(N, C, F, P) as (N, 4 C, F, P / 4)."""
    count, channels, frames, points = lines.shape
    apart = lines.view(count, channels, frames, points // _FOLD, _FOLD).permute(0, 1, 4, 2, 3)
    return apart.reshape(count, channels * _FOLD, frames, points // _FOLD)


class _RoundConvolution(nn.Module):
    """Convolution over frames (3, ends repeat themselves) and points (5, circular)."""

    def __init__(self, channels: int, width: int, stride: int = 1, frames: int = 3) -> None:
        super().__init__()
        self.reach = frames // 2
        self.convolution = nn.Conv2d(channels, width, (frames, 5), stride=(1, stride))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.pad(x, (2, 2, 0, 0), mode="circular")
        if self.reach:
            x = functional.pad(x, (0, 0, self.reach, self.reach), mode="replicate")
        return cast("torch.Tensor", self.convolution(x))


class ContourAutoEncoder(nn.Module):
    """Contours of a clip and where noise wants them in, contours out; frames and points keep their places.

    No latent layer: between encoder and decoder stand feature maps with an eighth of the points. The decoder
    adds to the contour that came in, moved to where noise wants it: what is learned is how to look like a
    contour of a walking person there.

    Parameters
    ----------
    angles : int
        Number of angles the net knows.
    width : int
        Channels of the first layer.
    """

    def __init__(self, angles: int, width: int) -> None:
        super().__init__()
        self.angle = nn.Embedding(angles, 8)
        self.enter = _RoundConvolution(4 * _FOLD + 8, 2 * width)
        self.shrink = _RoundConvolution(2 * width, 2 * width, 2)
        self.middle = _RoundConvolution(2 * width, 2 * width)
        self.leave = _RoundConvolution(4 * width, 2 * _FOLD)

    def forward(self, clips: torch.Tensor, wanted: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
        """Contours (N, 2, F, P) and displacements of that shape at angle indices (N,): contours (N, 2, F, P)."""
        given = _fold(torch.cat([clips, wanted], dim=1))
        place = self.angle(angles)[:, :, None, None].expand(-1, -1, *given.shape[2:])
        fine = functional.leaky_relu(self.enter(torch.cat([given, place], dim=1)), _SLOPE)
        x = functional.leaky_relu(self.shrink(fine), _SLOPE)
        x = functional.leaky_relu(self.middle(x), _SLOPE).repeat_interleave(2, dim=3)
        correction = self.leave(torch.cat([x[..., : fine.shape[3]], fine], dim=1))
        count, _, frames, points = clips.shape
        unfolded = correction.view(count, 2, _FOLD, frames, points // _FOLD).permute(0, 1, 3, 4, 2)
        return cast("torch.Tensor", clips + wanted + unfolded.reshape(clips.shape))


class NoiseGenerator(nn.Module):
    """Random numbers and the angle in, the profile code of a body out.

    Parameters
    ----------
    noise, code, angles : int
        Random numbers, numbers in a profile code, angles the net knows.
    """

    def __init__(self, noise: int, code: int, angles: int) -> None:
        super().__init__()
        self.angle = nn.Embedding(angles, 8)
        self.first = nn.Linear(noise + 8, 96)
        self.second = nn.Linear(96, 96)
        self.leave = nn.Linear(96, code)

    def forward(self, noise: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
        """Noise (N, noise) at angle indices (N,): codes (N, code)."""
        x = torch.cat([noise, self.angle(angles)], dim=1)
        for layer in (self.first, self.second):
            x = functional.leaky_relu(layer(x), _SLOPE)
        return cast("torch.Tensor", self.leave(x))


class ContourJudge(nn.Module):
    """Discriminator of contours or of their motion (projection discriminator, Miyato 2018).

    Parameters
    ----------
    channels : int
        2 for one frame (spatial); 2 (F - 1) for the steps between the F frames of a clip (temporal).
    points, angles, width : int
        Points of a contour, angles, channels of the first layer.
    """

    def __init__(self, channels: int, points: int, angles: int, width: int) -> None:
        super().__init__()
        widths = [_FOLD * channels, 2 * width, 2 * width]
        self.layers = nn.ModuleList(_RoundConvolution(a, b, 2, frames=1) for a, b in pairwise(widths))
        length = points // _FOLD
        for _ in self.layers:
            length = (length + 1) // 2
        self.hidden = nn.Linear(2 * width * length, 64)
        self.angle = nn.Embedding(angles, 64)
        self.score = nn.Linear(64, 1)

    def forward(self, lines: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
        """Judge (N, channels, P) at angle indices (N,): logits (N,)."""
        x = _fold(lines[:, :, None])
        for layer in self.layers:
            x = functional.leaky_relu(layer(x), _SLOPE)
        x = functional.leaky_relu(self.hidden(x.flatten(1)), _SLOPE)
        return cast("torch.Tensor", self.score(x)[:, 0] + (x * self.angle(angles)).sum(1) / 8.0)
