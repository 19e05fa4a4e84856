"""Networks of Model 2: pose encoder, silhouette generator and clip discriminator, after DCGAN.

Given by [T20]: Model 2 works on silhouettes and is based on DCGAN (Radford et al. 2016). Everything about
their layers is ours: 4 x 4 convolutions of stride 2, transposed ones in the generator behind a projected
16 x 12 map, leaky rectifiers, and no batch normalisation (batches mix people and angles, and a sequence of
one frame must work).
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

__all__ = ["SLOPE", "ClipDiscriminator", "PoseEncoder", "SilhouetteGenerator"]

#: Of the leaky rectifiers, for negative numbers.
SLOPE = 0.1


class _Trunk(nn.Module):
    """Three strided convolutions over a clip that is folded or shrunk to half its size, flattened."""

    def __init__(self, channels: int, width: int, size: tuple[int, int]) -> None:
        super().__init__()
        widths = [channels, width, 2 * width, 2 * width]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths)
        )
        self.features = widths[-1] * (size[0] // 16) * (size[1] // 16)

    def forward(self, halves: torch.Tensor) -> torch.Tensor:
        x = halves.contiguous(memory_format=torch.channels_last)
        for convolution in self.convolutions:
            x = functional.leaky_relu(convolution(x), SLOPE)
        return x.flatten(1)


class PoseEncoder(nn.Module):
    """Three consecutive silhouettes and the angle in, the pose code out.

    Parameters
    ----------
    code : int
        Numbers in the code.
    angles : int
        Number of angles the net knows.
    width : int
        Channels of the first layer.
    size : (int, int)
        Padded height and width, multiples of 16.
    """

    def __init__(self, code: int, angles: int, width: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.trunk = _Trunk(3, width, size)
        self.angle = nn.Embedding(angles, 16)
        self.hidden = nn.Linear(self.trunk.features + 16, 128)
        self.code = nn.Linear(128, code)

    def forward(self, clips: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
        """Encode clips (N, 3, H, W) seen at angle indices (N,) to codes (N, code)."""
        # Half size is enough for a pose, and four times as fast.
        return self.of_halves(functional.avg_pool2d(clips, 2), angles)

    def of_halves(self, halves: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
        """`forward` of clips (N, 3, H / 2, W / 2) that are at half size already."""
        features = self.trunk(halves)
        x = torch.cat([features, self.angle(angles)], dim=1)
        code: torch.Tensor = self.code(functional.leaky_relu(self.hidden(x), SLOPE))
        return code


class SilhouetteGenerator(nn.Module):
    """A pose code, a style and the angle in, the logits of a silhouette out.

    The style, a picture of the body, is read at three resolutions; the pose says where the limbs are.

    Parameters
    ----------
    code, style, angles, width, size
        Numbers in the pose code and in the style's code; the rest as in `PoseEncoder`.
    """

    def __init__(self, code: int, style: int, angles: int, width: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.map_size = width, size[0] // 4, size[1] // 4
        self.angle = nn.Embedding(angles, 16)
        self.mix = nn.Linear(code + style + 17, 192)
        self.blend = nn.Linear(192, 128)
        self.project = nn.Linear(128, width * self.map_size[1] * self.map_size[2])
        self.see = nn.Conv2d(5, width, 3, padding=1)
        self.look = nn.Conv2d(width, width, 4, stride=2, padding=1)
        self.join = nn.Conv2d(2 * width, width, 3, padding=1)
        # Kernel 4 divides by stride 2: every output pixel sums equally many inputs, so no checkerboard.
        self.grow = nn.ConvTranspose2d(width, width, 4, stride=2, padding=1)
        self.meet = nn.Conv2d(2 * width, width, 3, padding=1)
        self.draw = nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1)

    def forward(
        self, codes: torch.Tensor, styles: torch.Tensor, images: torch.Tensor, told: torch.Tensor,
        angles: torch.Tensor,
    ) -> torch.Tensor:  # fmt: skip
        """Generate logits (N, H, W).

        Parameters
        ----------
        codes : float tensor (N, code)
            Poses.
        styles : float tensor (N, style)
            Codes of the styles.
        images : float tensor (N, H, W)
            The styles, in [-1, 1].
        told : float tensor (N,)
            How much of each frame they tell beyond the walk's mean, from 0 to 1.
        angles : int tensor (N,)
            Indices.
        """
        x = torch.cat([codes, styles, self.angle(angles), told[:, None]], dim=1)
        x = functional.leaky_relu(self.mix(x), SLOPE)
        x = functional.leaky_relu(self.blend(x), SLOPE)
        x = functional.leaky_relu(self.project(x), SLOPE).view(len(x), *self.map_size)
        body = functional.pixel_unshuffle(images[:, None], 2)
        plane = told[:, None, None, None].expand(-1, 1, *body.shape[2:])
        body = torch.cat([body, plane], dim=1).contiguous(memory_format=torch.channels_last)
        body = functional.leaky_relu(self.see(body), SLOPE)
        small = functional.leaky_relu(self.look(body), SLOPE)
        x = functional.leaky_relu(self.join(torch.cat([x, small], dim=1)), SLOPE)
        x = functional.leaky_relu(self.grow(x), SLOPE)
        x = functional.leaky_relu(self.meet(torch.cat([x, body], dim=1)), SLOPE)
        # the outline of the mean body is where most of the outline is: the layers say where it is not
        logits: torch.Tensor = self.draw(x)[:, 0] + 4.0 * images
        return logits


class ClipDiscriminator(nn.Module):
    """Three consecutive silhouettes and the angle in, the logit of being real out (projection, Miyato 2018)."""

    def __init__(self, angles: int, width: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.trunk = _Trunk(12, width, size)
        self.hidden = nn.Linear(self.trunk.features, 64)
        self.angle = nn.Embedding(angles, 64)
        self.score = nn.Linear(64, 1)

    def forward(self, clips: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
        """Judge clips (N, 3, H, W) in [0, 1] at angle indices (N,): logits (N,)."""
        features = self.trunk(functional.pixel_unshuffle(clips, 2))
        x = functional.leaky_relu(self.hidden(features), SLOPE)
        logits: torch.Tensor = self.score(x)[:, 0] + (x * self.angle(angles)).sum(1) / 8.0
        return logits
