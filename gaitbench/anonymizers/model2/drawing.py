"""The generator of Model 2 at work: many bodies drawn from one walk.

The same function as `SilhouetteGenerator.forward`, in the order in which it is quickest. What reads the picture of the
body first is linear, and the picture is a mixture of the walk's own and a drawn one: the own half is read once a walk.
The last layer has one channel, for which torch's transposed convolution is ten times slower than a product of matrices.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from gaitbench.anonymizers.model2.networks import SLOPE, SilhouetteGenerator

__all__ = ["WalkDrawer"]


class WalkDrawer:
    """Draws the frames of one walk, again and again.

    Parameters
    ----------
    generator : SilhouetteGenerator
    codes : float tensor (T, code)
        Poses of the frames.
    own : float tensor (T, H, W) or None
        The frames' own styles, padded, already times the share that they have in the pictures of the body; None where
        they have none.
    told : float
        How much of each frame the pictures tell beyond the walk's mean, from 0 to 1.
    angle : int
        Index of the angle.
    """

    def __init__(
        self,
        generator: SilhouetteGenerator,
        codes: torch.Tensor,
        own: torch.Tensor | None,
        told: float,
        angle: int,
    ) -> None:
        self._net = generator
        self._own = own
        count = len(codes)
        place = torch.full((count,), angle, device=codes.device)
        self._given = codes, generator.angle(place), codes.new_full((count, 1), told)
        weight, self._told = generator.see.weight, told
        self._read = None if own is None else functional.conv2d(_unshuffled(own), weight[:, :4], padding=1)

    def logits(self, styles: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
        """Logits (T, H, W) of the walk with another body.

        Parameters
        ----------
        styles : float tensor (1, style) or (T, style)
            Codes of the mixed styles.
        drawn : float tensor (1, H, W) or (T, H, W)
            The drawn styles, padded, already times their share in the pictures of the body.
        """
        net = self._net
        codes, place, told = self._given
        x = torch.cat([codes, styles.expand(len(codes), -1), place, told], dim=1)
        for layer in (net.mix, net.blend, net.project):
            x = _bent(layer(x))
        x = x.view(len(codes), *net.map_size).contiguous(memory_format=torch.channels_last)
        body = _unshuffled(drawn)
        plane = torch.full_like(body[:, :1], self._told)
        body = net.see(torch.cat([body, plane], dim=1))
        # a picture of the body is the sum of both: so is what the first layer makes of them
        own, read = self._own, self._read
        body = _bent(body if read is None else body + read)
        x = _bent(_both(net.join, x, _bent(net.look(body))))
        x = _bent(net.grow(x))
        x = _bent(_both(net.meet, x, body))
        images = drawn if own is None else own + drawn
        assert net.draw.bias is not None
        outline = 4.0 * images + net.draw.bias
        return _add_drawn(net.draw.weight, x, outline.expand(len(codes), -1, -1).contiguous())


def _bent(x: torch.Tensor) -> torch.Tensor:
    return functional.leaky_relu_(x, SLOPE)


def _both(layer: nn.Conv2d, x: torch.Tensor, body: torch.Tensor) -> torch.Tensor:
    """A convolution over the channels of both, which need not be copied side by side for it."""
    half, weight = x.shape[1], layer.weight
    first = functional.conv2d(x, weight[:, :half], layer.bias, padding=1)
    return first.add_(functional.conv2d(body, weight[:, half:], padding=1))


def _unshuffled(images: torch.Tensor) -> torch.Tensor:
    """Pictures (N, H, W) as (N, 4, H / 2, W / 2), channels last in memory."""
    return functional.pixel_unshuffle(images[:, None], 2).contiguous(memory_format=torch.channels_last)


def _add_drawn(weight: torch.Tensor, x: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """Add the transposed convolution (kernel 4, stride 2, padding 1, one channel) of x (N, C, h, w) to (N, 2 h, 2 w).

    All sixteen taps at once, each a plane; every one belongs to pixels of one parity.
    """
    count, channels, height, width = x.shape
    flat = x.permute(0, 2, 3, 1).reshape(-1, channels)
    taps = (weight.reshape(channels, 16).t() @ flat.t()).view(4, 4, count, height, width)
    pixels = out.view(count, height, 2, width, 2)
    for i, (rows, down, odd) in enumerate(_reach(height)):
        for j, (columns, right, apart) in enumerate(_reach(width)):
            pixels[:, down, odd, right, apart] += taps[i, j, :, rows, columns]
    return out


def _reach(size: int) -> list[tuple[slice, slice, int]]:
    """Of each of four taps: the inputs that it takes, the pairs of pixels that it reaches, which of the two."""
    whole = slice(0, size)
    return [
        (slice(1, size), slice(0, size - 1), 1),
        (whole, whole, 0),
        (whole, whole, 1),
        (slice(0, size - 1), slice(1, size), 0),
    ]
