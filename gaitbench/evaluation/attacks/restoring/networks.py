"""The two networks of ``de-anonymize``; what each adds to what it is shown is the correction. Ours."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

__all__ = ["WINDOW", "GeiRestorer", "SilhouetteRestorer"]

#: Frames that the correction of one is made from: it, and as many before as after.
WINDOW = 5
#: Pixels of a side that are folded into channels; heights and widths of crops are multiples of it.
_FOLD = 4


class GeiRestorer(nn.Module):
    """Convolutions, wider and wider apart, on GEIs folded four by four."""

    def __init__(self, width: int) -> None:
        super().__init__()
        wide = 4 * width
        self.fold = nn.PixelUnshuffle(_FOLD)
        self.layers = nn.Sequential(
            nn.Conv2d(_FOLD**2, wide, 3, padding=1), nn.LeakyReLU(0.1),
            nn.Conv2d(wide, wide, 3, padding=2, dilation=2), nn.LeakyReLU(0.1),
            nn.Conv2d(wide, wide, 3, padding=3, dilation=3), nn.LeakyReLU(0.1),
            nn.Conv2d(wide, _FOLD**2, 3, padding=1),
        )  # fmt: skip
        self.unfold = nn.PixelShuffle(_FOLD)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """GEIs (n, 1, h, w), corrected."""
        out: torch.Tensor = x + 0.1 * self.unfold(self.layers(self.fold(x)))
        return out


class SilhouetteRestorer(nn.Module):
    """The same for one frame of a film and its neighbours in time; depthwise, for there are many frames."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fold = nn.PixelUnshuffle(_FOLD)
        self.enter = nn.Conv2d(WINDOW * _FOLD**2, 2 * width, 3, padding=1)
        self.layers = nn.ModuleList(_Mixing(2 * width) for _ in range(3))
        self.leave = nn.Conv2d(2 * width, _FOLD**2, 1)
        self.unfold = nn.PixelShuffle(_FOLD)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits (n, h, w) of the foreground of the middle frames, from windows (n, WINDOW, h, w) of 0 and 1."""
        out = functional.leaky_relu(self.enter(self.fold(x)), 0.1)
        for layer in self.layers:
            out = layer(out)
        # at first it is as sure as nine to one of what it is shown
        shown = 4.4 * (x[:, WINDOW // 2] - 0.5)
        found: torch.Tensor = shown + self.unfold(self.leave(out))[:, 0]
        return found


class _Mixing(nn.Module):
    """Over places, then over channels, beside a short cut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, channels, 5, padding=2, groups=channels),
            nn.Conv2d(channels, 2 * channels, 1),
            nn.LeakyReLU(0.1),
            nn.Conv2d(2 * channels, channels, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = x + self.layers(x)
        return out
