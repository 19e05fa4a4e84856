"""Damage to training inputs, so that an incomplete silhouette still tells its pose (ours)."""

from __future__ import annotations

import torch

__all__ = ["damage", "damage_styles"]


def _boxes(
    count: int, size: tuple[int, int], largest: tuple[float, float], generator: torch.Generator
) -> torch.Tensor:
    """Random rectangles as bool masks (count, height, width), up to `largest` of height and width."""
    height, width = size
    draw = torch.rand(4, count, generator=generator)
    top, left = draw[0] * height, draw[1] * width
    half_height, half_width = draw[2] * largest[0] * height / 2, draw[3] * largest[1] * width / 2
    y = (torch.arange(height)[None] - top[:, None]).abs() <= half_height[:, None]
    x = (torch.arange(width)[None] - left[:, None]).abs() <= half_width[:, None]
    return y[:, :, None] & x[:, None, :]


def damage(clips: torch.Tensor, generator: torch.Generator, *, share: float = 0.5) -> torch.Tensor:
    """Cut holes and limbs out of clips and let some of it last over the clip, some flicker.

    Parameters
    ----------
    clips : float tensor (N, F, height, width)
        Zeros and ones; clips of F frames.
    generator : torch.Generator
    share : float
        Share of the clips that is damaged at all.

    Returns
    -------
    float tensor (N, F, height, width)
    """
    count, length, *sides = clips.shape
    size = (sides[0], sides[1])
    hit = (torch.rand(count, generator=generator) < share)[:, None, None]
    lasting = _boxes(count, size, (0.35, 0.4), generator) & hit
    passing = _boxes(count * length, size, (0.2, 0.3), generator).view(count, length, *size) & hit[:, None]
    # A whole band, as when the trousers have the colour of the floor.
    draw = torch.rand(2, count, generator=generator)
    at, thick = draw[0] * size[0], draw[1] * 0.12 * size[0] * (torch.rand(count, generator=generator) < 0.4)
    band = ((torch.arange(size[0])[None] - at[:, None]).abs() < thick[:, None])[:, :, None] & hit
    gone = lasting[:, None] | passing | band[:, None]
    specks = _boxes(count, size, (0.08, 0.08), generator) & hit
    return torch.maximum(clips.masked_fill(gone.to(clips.device), 0.0), specks[:, None].to(clips))


def damage_styles(images: torch.Tensor, generator: torch.Generator, *, share: float = 0.3) -> torch.Tensor:
    """Cut boxes and bands out of styles, as they are where a part of the body is missing in every frame.

    Parameters
    ----------
    images : float tensor (N, height, width)
        In [-1, 1].
    generator : torch.Generator
    share : float
        Share of the styles that is damaged.

    Returns
    -------
    float tensor (N, height, width)
    """
    count, height, width = images.shape
    hit = torch.rand(count, generator=generator) < share
    draw = torch.rand(4, count, generator=generator)
    band = torch.rand(count, generator=generator) < 0.4
    half_height = draw[2] * torch.where(band, 0.06, 0.18) * height
    half_width = torch.where(band, float(width), draw[3] * 0.2 * width)
    y = (torch.arange(height)[None] - (draw[0] * height)[:, None]).abs() - half_height[:, None]
    x = (torch.arange(width)[None] - (draw[1] * width)[:, None]).abs() - half_width[:, None]
    # distance to the box, negative inside, in the unit of the styles
    away = torch.maximum(y[:, :, None], x[:, None, :]) / (6.0 * height / 64.0)
    cut = torch.where(hit[:, None, None], away.clamp(-1.0, 1.0), torch.ones(()))
    return torch.minimum(images, cut.to(images))
