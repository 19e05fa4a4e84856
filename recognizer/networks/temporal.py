"""The network of `GaitTcn`: convolutions over time, wider and wider apart, and a code at each scale.

In the style of temporal convolutional networks (Bai, Kolter, Koltun: An empirical evaluation of generic convolutional
and recurrent networks for sequence modeling, arXiv:1803.01271, 2018), seen from both sides: a walk is over when it is
judged.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from recognizer.networks.heads import CodedNetwork

__all__ = ["TemporalNetwork"]


class TemporalNetwork(CodedNetwork):
    """Series of pose codes to one code per scale of time.

    Parameters
    ----------
    components : int
        Numbers in the code of a frame.
    channels : int
        Of all convolutions.
    dilations : sequence of int
        Frames between the taps of each residual block; each is a scale, and has a code.
    code, classes : int
        Length of a code; training subjects.
    """

    def __init__(
        self, components: int, channels: int, dilations: Sequence[int], code: int, classes: int
    ) -> None:
        super().__init__(len(dilations), 2 * channels, code, classes)
        self.mix = nn.Sequential(nn.Conv1d(components, channels, 1, bias=False), nn.BatchNorm1d(channels))
        self.scales = nn.ModuleList(_Scale(channels, dilation) for dilation in dilations)

    def forward(self, series: torch.Tensor) -> torch.Tensor:
        """Codes (n, scales, code) of n series of equal length, float32 (n, T, components)."""
        x = self.mix(series.transpose(1, 2))
        found = []
        for scale in self.scales:
            x = scale(x)
            # how far a pattern swings counts, not when: walks begin anywhere
            found.append(torch.cat([x.mean(dim=2), (x.var(dim=2, correction=0) + 1e-3).sqrt()], dim=1))
        return self.codes(torch.stack(found, dim=1))


class _Scale(nn.Module):
    """Two convolutions over time beside a short cut."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm1d(channels),
            nn.LeakyReLU(0.1, inplace=True),
            nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm1d(channels),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.leaky_relu(x + self.layers(x), 0.1)
