"""The network of `SetCnn`: a convolution on single frames, the set pooled, residual blocks, horizontal strips.

In the style of GaitSet (Chao et al., AAAI 2019): neither the order nor the number of frames matters; with residual
blocks and a classifier on normalised codes as in GaitBase (Fan et al., CVPR 2023). Ours: the set is pooled early,
after one convolution, into its maximum and its mean. What follows is done once a set, not once a frame, and pays for
itself: many more frames are seen for less work.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from recognizer.networks.heads import CodedNetwork

__all__ = ["SetNetwork"]


class SetNetwork(CodedNetwork):
    """Sets of silhouettes to one code per horizontal strip.

    Parameters
    ----------
    channels : three ints
        Of the frame-level convolution, at 1/2 of the picture's size, and of the two residual blocks, at 1/4.
    strips : sequence of int
        Numbers of equal strips into which the set's feature map is cut, one cut after the other.
    code : int
        Length of a strip's code.
    classes : int
        Training subjects.
    """

    def __init__(self, channels: Sequence[int], strips: Sequence[int], code: int, classes: int) -> None:
        first, second, third = channels
        super().__init__(sum(strips), third, code, classes)
        self.strips = tuple(strips)
        self.frame = nn.Sequential(*_layer(1, first, 5, stride=2))
        self.set = nn.Sequential(_Residual(2 * first, second, stride=2), _Residual(second, third))

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Codes (n, parts, code) of n sets of equally many frames, float32 (n, T, h, w) in [0, 1]."""
        count, length = frames.shape[:2]
        single = frames.flatten(0, 1)[:, None].contiguous(memory_format=torch.channels_last)
        maps = self.frame(single)
        maps = maps.view(count, length, *maps.shape[1:])
        pooled = self.set(torch.cat([maps.amax(dim=1), maps.mean(dim=1)], dim=1))
        return self.codes(self._strips(pooled))

    def _strips(self, maps: torch.Tensor) -> torch.Tensor:
        """Features (n, parts, channels): mean and maximum of each strip, added up."""
        cut = []
        for count in self.strips:
            size = (count, 1)
            cut.append(
                functional.adaptive_avg_pool2d(maps, size) + functional.adaptive_max_pool2d(maps, size)
            )
        return torch.cat(cut, dim=2).squeeze(3).transpose(1, 2)


class _Residual(nn.Module):
    """Two convolutions beside a short cut."""

    def __init__(self, before: int, after: int, *, stride: int = 1) -> None:
        super().__init__()
        self.layers = nn.Sequential(*_layer(before, after, 3, stride=stride), *_layer(after, after, 3)[:-1])
        shrink = [nn.AvgPool2d(stride, ceil_mode=True)] if stride > 1 else []
        match = [nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after)]
        self.short = nn.Sequential(*shrink, *match)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.leaky_relu(self.layers(x) + self.short(x), 0.1)


def _layer(before: int, after: int, size: int, *, stride: int = 1) -> list[nn.Module]:
    return [
        nn.Conv2d(before, after, size, stride=stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(after),
        nn.LeakyReLU(0.1, inplace=True),
    ]
