"""The small U-Net of the colorizers, and the colorization network with skips and, if wanted, a way past it.

[T20] gives two inputs, the RGB original (with its background) and the binary anonymized image, and that the
output is multiplied pixel by pixel with the latter. Layers are ours, and the same for all rivals.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

__all__ = ["ColorNet", "FoldedUNet", "evened", "to_colors"]

_SLOPE = 0.1
#: Bound of the gate's logit. A gate that may open without bound opens everywhere within a few steps, because most
#: pixels belong to the overlap; it is then exactly 1, learns no more, and the network copies x_rgb, background and all.
_REACH = 4.0
#: What the gate begins with, up where the original's silhouette is and down where its background is.
_PRIOR = 4.0


class FoldedUNet(nn.Module):
    """U-Net on folded 2 x 2 blocks: full-resolution detail at a quarter of the work.

    Parameters
    ----------
    inputs, outputs : int
        Channels at full resolution.
    width : int
        Channels at the finest level, twice as many below.
    """

    def __init__(self, inputs: int, width: int, outputs: int) -> None:
        super().__init__()
        wide = 2 * width
        self.enter = nn.Conv2d(4 * inputs, width, 3, padding=1)
        self.down = nn.ModuleList(nn.Conv2d(a, wide, 3, stride=2, padding=1) for a in (width, wide, wide))
        self.work = nn.ModuleList(nn.Conv2d(wide, wide, 3, padding=1) for _ in range(3))
        self.up = nn.ModuleList(nn.Conv2d(wide, b, 3, padding=1) for b in (wide, width))
        self.merge = nn.Conv2d(width, width, 3, padding=1)
        self.leave = nn.Conv2d(width, 4 * outputs, 3, padding=1)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """Features (N, width, H / 2, W / 2) of (N, inputs, H, W); height and width are multiples of 16."""
        x = functional.pixel_unshuffle(x, 2)
        x = functional.leaky_relu(self.enter(x.contiguous(memory_format=torch.channels_last)), _SLOPE)
        passed = []
        for down, work in zip(self.down, self.work, strict=True):
            passed.append(x)
            x = functional.leaky_relu(down(x), _SLOPE)
            x = functional.leaky_relu(work(x), _SLOPE)
        for up, beside in zip(self.up, passed[:0:-1], strict=True):
            x = functional.interpolate(x, scale_factor=2.0, mode="nearest") + beside
            x = functional.leaky_relu(up(x), _SLOPE)
        x = functional.interpolate(x, scale_factor=2.0, mode="nearest") + passed[0]
        return functional.leaky_relu(self.merge(x), _SLOPE)

    def unfolded(self, features: torch.Tensor) -> torch.Tensor:
        """The last layer, at full resolution: (N, outputs, H, W)."""
        return functional.pixel_shuffle(self.leave(features), 2)


class ColorNet(FoldedUNet):
    """Paints: from the original and binary images to colours.

    Parameters
    ----------
    width : int
        Channels at the finest level, twice as many below.
    masks : int
        Binary images among the inputs: 1 (x_bi) or 2 (x_bi and the original's silhouette).
    gate : bool
        Whether each output pixel is a mixture of the original's colour and the painted one, whose share (a
        gate) the network makes too. Without it every colour passes through the network's layers.
    guarded : bool
        Whether the gate is shut outside the original's silhouette, where the original's colour is
        background. Needs that silhouette among the masks.
    """

    def __init__(self, width: int, masks: int, gate: bool = False, guarded: bool = False) -> None:
        super().__init__(3 + masks, width, 4 if gate else 3)
        self._gate = gate
        self._guarded = guarded and masks > 1

    def forward(self, originals: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
        """Paint.

        Parameters
        ----------
        originals : float tensor (N, 3, H, W)
            x_rgb in [0, 1]; height and width are multiples of 16.
        masks : float tensor (N, M, H, W)
            Zeros and ones; the first is x_bi, the second the original's silhouette.

        Returns
        -------
        float tensor (N, 3, H, W)
            In [0, 1], zero outside x_bi.
        """
        made = self.unfolded(evened(self.features(torch.cat([originals, masks], dim=1))))
        paint = to_colors(made[:, :3])
        if self._gate:
            logit = _REACH * functional.softsign(made[:, 3:] / _REACH)
            if masks.shape[1] > 1:
                logit = logit + _PRIOR * (2.0 * masks[:, 1:2] - 1.0)
            gate = torch.sigmoid(logit)
            if self._guarded:
                gate = gate * masks[:, 1:2]
            paint = gate * originals + (1.0 - gate) * paint
        return paint * masks[:, :1]


def evened(x: torch.Tensor) -> torch.Tensor:
    """Each pixel's features at a root mean square of 1.

    The first steps of Adam move every layer at once; without this the product of ten of them drove the painted colour
    to black within ten steps, so far out on the softsign that it never came back.
    """
    return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-4)


def to_colors(made: torch.Tensor) -> torch.Tensor:
    """Colours in (0, 1): a softsign, whose gradient falls off slowly, so that what went too far can come back."""
    return 0.5 + 0.5 * functional.softsign(made)
