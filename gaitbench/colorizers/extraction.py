"""Model 1's colour extraction: colours taken from the original under its silhouette, along the contour.

[T20] gives that Model 1 works on the contour and *extracts* colour from the original, which is hard for
incomplete silhouettes. How, is ours: the outlines of the new and of the original silhouette are matched point
by point in order (dynamic time warping on their positions); every pixel of the new silhouette is then carried
to the original by the matched displacements of the outline points around it, and takes the colour found there,
or that of the nearest pixel inside the original silhouette. Where a limb is missing in the original, the
outline has nothing to match it with, and the limb is painted with whatever lies at the cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch.nn import functional

from gaitbench.colorizers.training_free import TrainingFreeColorizer, TrainingFreeSettings
from gaitbench.datasets.silhouettes.contour import contours
from gaitbench.errors import ConfigError

__all__ = ["ColorExtraction", "ExtractionColorSettings", "extract_colors", "match_outlines"]


def match_outlines(new: NDArray[np.float32], old: NDArray[np.float32]) -> NDArray[np.float32]:
    """Carry outline points to another outline in order, by dynamic time warping.

    Parameters
    ----------
    new, old : float32 arrays (N, P, 2)
        Outlines that begin at corresponding points and run in the same direction.

    Returns
    -------
    float32 array (N, P, 2)
        For each point of `new` the mean of the points of `old` that it is matched with.
    """
    count, points, _ = new.shape
    gap = new[:, :, None] - old[:, None]
    cost = np.einsum("nijk,nijk->nij", gap, gap).transpose(1, 2, 0).copy()
    # Total cost of the best path to (i, j), frames last so that every step works on contiguous rows.
    total = np.full((points + 1, points + 1, count), np.inf, np.float32)
    total[0, 0] = 0.0
    for i in range(points):
        for j in range(points):
            best = np.minimum(total[i, j], total[i, j + 1])
            np.minimum(best, total[i + 1, j], out=best)
            np.add(best, cost[i, j], out=total[i + 1, j + 1])
    frames = np.arange(count)
    matched = np.zeros((count, points, 2), np.float64)
    weight = np.zeros((count, points), np.float64)
    # All frames walk their path back at once; those that arrived stand still.
    row, column = np.full(count, points), np.full(count, points)
    for _ in range(2 * points):
        walking = (row > 0) & (column > 0)
        if not walking.any():
            break
        on = frames[walking]
        matched[on, row[on] - 1] += old[on, column[on] - 1]
        weight[on, row[on] - 1] += 1.0
        ways = [
            total[row - 1, column - 1, frames],
            total[row - 1, column, frames],
            total[row, column - 1, frames],
        ]
        way = np.argmin(np.stack(ways), axis=0)
        row, column = (
            np.where(walking & (way != 2), row - 1, row),
            np.where(walking & (way != 1), column - 1, column),
        )
    return cast("NDArray[np.float32]", (matched / np.maximum(weight, 1.0)[..., None]).astype(np.float32))


def _carry(points: torch.Tensor, displacement: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Displacement (N, h, w, 2) of all pixels from that of outline points, by inverse fourth powers of distance."""
    height, width = size
    # The field is smooth: every second pixel is enough, and four times as fast.
    y, x = torch.meshgrid(torch.arange(0.5, height, 2.0), torch.arange(0.5, width, 2.0), indexing="ij")
    pixels = torch.stack([x, y], dim=-1).reshape(1, -1, 2)
    squared = (
        pixels.square().sum(-1)[..., None]
        + points.square().sum(-1)[:, None]
        - 2.0 * pixels @ points.transpose(1, 2)
    )
    weight = (squared.clamp_min(0.0) + 0.25).pow(-2)
    field = (weight @ displacement) / weight.sum(-1, keepdim=True)
    coarse = field.transpose(1, 2).reshape(len(points), 2, *y.shape)
    return functional.interpolate(coarse, size=size, mode="bilinear", align_corners=False).permute(0, 2, 3, 1)


def extract_colors(
    rgb: NDArray[np.uint8],
    silhouettes: NDArray[np.bool_],
    anonymized: NDArray[np.bool_],
    *,
    points: int = 64,
    chunk: int = 128,
) -> NDArray[np.uint8]:
    """Paint new silhouettes with colours extracted from the originals.

    Parameters
    ----------
    rgb : uint8 array (T, h, w, 3)
        Crops of the original frames.
    silhouettes : bool array (T, h, w)
        Silhouettes of the originals.
    anonymized : bool array (T, h, w)
        Silhouettes to be painted.
    points : int
        Points of the outlines that are matched.
    chunk : int
        Frames worked on at a time.

    Returns
    -------
    uint8 array (T, h, w, 3)
        Black outside `anonymized`, and in frames where either silhouette is empty.
    """
    painted = np.zeros_like(rgb)
    height, width = rgb.shape[1:3]
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float32)
    for begin in range(0, len(rgb), chunk):
        part = slice(begin, begin + chunk)
        new, there = contours(anonymized[part], points)
        old, known = contours(silhouettes[part], points)
        frames = np.flatnonzero(there & known)
        if not len(frames):
            continue
        new, old = new[frames], old[frames]
        shift = match_outlines(new, old) - new
        field = _carry(torch.from_numpy(new), torch.from_numpy(shift), (height, width)).numpy()
        at = np.rint(grid + field).astype(np.int64)
        x = np.clip(at[..., 0], 0, width - 1)
        y = np.clip(at[..., 1], 0, height - 1)
        for k, frame in enumerate(begin + frames):
            # Colour may only come from under the original silhouette.
            rows, columns = ndimage.distance_transform_edt(
                ~silhouettes[frame], return_distances=False, return_indices=True
            )
            inside = rows[y[k], x[k]], columns[y[k], x[k]]
            painted[frame] = np.where(anonymized[frame][..., None], rgb[frame][inside], 0)
    return painted


@dataclass(frozen=True)
class ExtractionColorSettings(TrainingFreeSettings):
    """Choices of Model 1's colour path; all ours.

    Parameters
    ----------
    points : int
        Points of the outlines that are matched.
    """

    points: int = 64


class ColorExtraction(TrainingFreeColorizer):
    """Model 1's colours: taken from the original under its silhouette, along the contour.

    Given by [T20]: colours are extracted, which is hard for incomplete silhouettes: what the original's
    silhouette has lost has no colour of its own, and is painted with what lies nearest along the contour. A frame
    without an original silhouette is painted black.

    Parameters
    ----------
    settings : ExtractionColorSettings, optional

    Raises
    ------
    ConfigError
        If there are fewer than 4 points.
    """

    name: ClassVar[str] = "model-1"

    def __init__(self, settings: ExtractionColorSettings | None = None) -> None:
        self.settings: ExtractionColorSettings = settings or ExtractionColorSettings()
        if self.settings.points < 4:
            raise ConfigError(
                f"model-1 cannot match outlines of {self.settings.points} points; take 4 or more"
            )

    def _paint(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        painted = extract_colors(rgb, silhouettes, anonymized, points=self.settings.points)
        return cast("NDArray[np.float32]", painted.astype(np.float32) / np.float32(255.0))
