"""The colorization network without skips, after DCGAN, and the critic of its adversarial term.

[T20] gives that Model 2, whose colorization network the baseline is, is based on DCGAN (Radford et al. 2016). Ours: all
else. 4 x 4 convolutions of stride 2 that double the channels, transposed ones back, leaky rectifiers; no batch
normalisation (a sequence of one frame must work), and pictures folded by 2 x 2 blocks at either end.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

from gaitbench.colorizers.learned.networks import evened, to_colors

__all__ = ["Critic", "EncoderDecoder"]

_SLOPE = 0.1


class EncoderDecoder(nn.Module):
    """Paints through a bottleneck of an eighth of the height and width; inputs and output as in `ColorNet`.

    Parameters
    ----------
    width : int
        Channels at the finest level, doubled twice on the way down.
    masks : int
        Binary images among the inputs.
    """

    def __init__(self, width: int, masks: int) -> None:
        super().__init__()
        widths = [width, 2 * width, 4 * width]
        self.enter = nn.Conv2d(4 * (3 + masks), width, 3, padding=1)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths))
        self.work = nn.Conv2d(widths[-1], widths[-1], 3, padding=1)
        # Kernel 4 divides by stride 2: every output pixel sums equally many inputs, so no checkerboard.
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths[::-1])
        )
        self.leave = nn.Conv2d(width, 4 * 3, 3, padding=1)

    def forward(self, originals: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
        """Paint: (N, 3, H, W) in [0, 1], zero outside the first of the masks."""
        x = functional.pixel_unshuffle(torch.cat([originals, masks], dim=1), 2)
        x = functional.leaky_relu(self.enter(x.contiguous(memory_format=torch.channels_last)), _SLOPE)
        for layer in (*self.down, self.work, *self.up):
            x = functional.leaky_relu(layer(x), _SLOPE)
        return to_colors(functional.pixel_shuffle(self.leave(evened(x)), 2)) * masks[:, :1]


class Critic(nn.Module):
    """Tells painted pictures from those of the teacher, patch by patch, given the silhouette.

    Parameters
    ----------
    width : int
        Channels of the first layer.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(4 * 4, width, 4, stride=2, padding=1)
        self.second = nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)
        self.score = nn.Conv2d(2 * width, 1, 3, padding=1)

    def forward(self, pictures: torch.Tensor, silhouettes: torch.Tensor) -> torch.Tensor:
        """Logits (N,), the mean over patches, of pictures (N, 3, H, W) and silhouettes (N, H, W)."""
        x = functional.pixel_unshuffle(torch.cat([pictures, silhouettes[:, None]], dim=1), 2)
        x = functional.leaky_relu(self.first(x.contiguous(memory_format=torch.channels_last)), _SLOPE)
        x = functional.leaky_relu(self.second(x), _SLOPE)
        logits: torch.Tensor = self.score(x).flatten(1).mean(1)
        return logits
