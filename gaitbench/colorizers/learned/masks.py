"""Regions of the colour loss: the fixed masks m_l, the morphological operator Mp, centre and edge."""

from __future__ import annotations

import torch
from torch.nn import functional

__all__ = ["erode", "grid_masks", "nearest_masks", "regions"]


def grid_masks(rows: int, columns: int, size: tuple[int, int]) -> torch.Tensor:
    """Fixed masks that cut an image into a grid of cells, row by row.

    [T20] gives 32 masks; that they form a grid, and of 8 x 4 cells, is ours.

    Parameters
    ----------
    rows, columns : int
        Cells down and across.
    size : (int, int)
        Height and width in pixels; cells differ by at most one pixel when it does not divide.

    Returns
    -------
    float32 tensor (rows * columns, height, width)
        Zeros and ones that sum to one at every pixel.

    Examples
    --------
    >>> grid_masks(8, 4, (64, 44)).shape
    torch.Size([32, 64, 44])
    """
    height, width = size
    down = torch.arange(height) * rows // height
    across = torch.arange(width) * columns // width
    cell = down[:, None] * columns + across[None, :]
    return (cell[None] == torch.arange(rows * columns)[:, None, None]).float()


def nearest_masks(masks: torch.Tensor) -> torch.Tensor:
    """Distance between the centroids of masks, in pixels.

    Parameters
    ----------
    masks : float tensor (L, height, width)

    Returns
    -------
    float32 tensor (L, L)
    """
    _, height, width = masks.shape
    mass = masks.sum((1, 2)).clamp_min(1e-12)
    y = (masks * torch.arange(height, device=masks.device)[:, None]).sum((1, 2)) / mass
    x = (masks * torch.arange(width, device=masks.device)).sum((1, 2)) / mass
    return torch.hypot(y[:, None] - y[None], x[:, None] - x[None])


def erode(silhouettes: torch.Tensor, radius: int) -> torch.Tensor:
    """Erode with a square of side ``2 radius + 1``: Mp of eq. 3 (an erosion: inferred; the square: ours).

    Parameters
    ----------
    silhouettes : float tensor (N, height, width)
        Zeros and ones. What lies beyond the border counts as body, so a foot cut by the crop has no edge there.
    radius : int
        In pixels; 0 leaves everything as it is.
    """
    if radius == 0:
        return silhouettes
    background = 1.0 - silhouettes[:, None]
    grown = functional.max_pool2d(background, 2 * radius + 1, stride=1, padding=radius)
    return (1.0 - grown)[:, 0]


def regions(
    anonymized: torch.Tensor, silhouettes: torch.Tensor, *, radius: int, center: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Split anonymized silhouettes into centre region and edge region.

    Parameters
    ----------
    anonymized, silhouettes : float tensor (N, height, width)
        Zeros and ones: x_bi, and the silhouettes of the originals.
    radius : int
        Of the erosion, in pixels.
    center : {"eroded", "overlap"}
        ``"eroded"``: Mp(x_bi), equation 2 to the letter; where the new shape leaves the old body by more than
        the erosion it holds background. ``"overlap"``: of that only what lies inside the original silhouette
        too ([T20]'s words for the centre region are "the overlap of the anonymized silhouette and the
        original gait").

    Returns
    -------
    centre, edge : float tensors (N, height, width)
        Zeros and ones; they sum to `anonymized`.
    """
    inner = erode(anonymized, radius)
    if center == "overlap":
        inner = inner * silhouettes
    elif center != "eroded":
        raise ValueError(f"center must be 'eroded' or 'overlap', not {center!r}")
    return inner, anonymized - inner
