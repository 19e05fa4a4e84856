"""The colour transfer that [T20] proposes: learned without ground truth, from the original's own colours.

Given: two inputs, the product with x_bi, centre and edge region, 32 masks, Gram matrices, Mp,
``L = L_Rec + L_Style``. Inferred and ours: see the settings and ``docs/colorizers.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from gaitbench.colorizers.learned.colorizer import LearnedColorizer
from gaitbench.colorizers.learned.masks import grid_masks, regions
from gaitbench.colorizers.learned.pairs import ColorPairs
from gaitbench.colorizers.learned.settings import ColorizerSettings
from gaitbench.colorizers.learned.style_loss import FEATURES, StyleLoss
from gaitbench.errors import ConfigError

__all__ = ["Proposed", "ProposedSettings"]


@dataclass(frozen=True)
class ProposedSettings(ColorizerSettings):
    """Choices of the proposed colorizer beyond the shared ones.

    Parameters
    ----------
    center : {"overlap", "eroded"}
        Rule of the centre region, see `regions`. Ours: "overlap" is the default.
    erosion : int
        Radius of Mp in 64ths of the crop's height, rounded to pixels, at least one unless 0 (ours).
        With "overlap", 0 is [T20]'s text to the word: the centre is the overlap of both silhouettes.
    mask_rows, mask_columns : int
        Grid of the masks; [T20] gives 32 of them, the grid is ours.
    gram : {"colors", "patches"}
        Features of the Gram matrices (ours: "patches").
    rec_weight, style_weight : float
        Of the two terms; equation 1 has both at 1. L_Style sums over 32 masks and nine entries of
        a matrix, L_Rec is a mean: at 1 the style term drowns the other (ours: 0.0075, chosen among it, 0.015, 0.03
        and 0.06 on training subjects, see ``docs/colorizers.md``).
    """

    center: str = "overlap"
    erosion: int = 0
    mask_rows: int = 8
    mask_columns: int = 4
    gram: str = "colors"
    rec_weight: float = 1.0
    style_weight: float = 0.0075

    def __post_init__(self) -> None:
        if self.center not in ("overlap", "eroded"):
            raise ConfigError(f"proposed: center must be overlap or eroded, not {self.center!r}")
        if self.gram not in FEATURES:
            raise ConfigError(f"proposed: gram must be one of {', '.join(FEATURES)}, not {self.gram!r}")
        if min(self.mask_rows, self.mask_columns) < 1 or self.erosion < 0:
            raise ConfigError("proposed: the mask grid needs a row and a column, and the erosion no minus")


class Proposed(LearnedColorizer):
    """Colorizer trained by L_Rec over the centre and L_Style between centre and edge.

    Parameters
    ----------
    settings : ProposedSettings, optional
    """

    name: ClassVar[str] = "proposed"
    tuning: ClassVar[str] = (
        "Network, way through, gate and learning rate chosen for both at once (five pairs of seed and rate). "
        "Its own: four style weights on training people 051-080, erosion looked at on people 081-100."
    )

    def __init__(self, settings: ProposedSettings | None = None) -> None:
        self.settings: ProposedSettings = settings or ProposedSettings()

    def _prepare(self, size: tuple[int, int], device: torch.device) -> None:
        s = self.settings
        self._style = StyleLoss(grid_masks(s.mask_rows, s.mask_columns, size).to(device), s.gram)
        self._radius = max(1, round(s.erosion * size[0] / 64)) if s.erosion else 0

    def _loss(self, batch: ColorPairs, outputs: torch.Tensor) -> dict[str, torch.Tensor]:
        """L_Rec: mean absolute error over the centre (ours); L_Style: equations 2 to 4."""
        s = self.settings
        centre, edge = regions(batch.anonymized, batch.silhouettes, radius=self._radius, center=s.center)
        pixels = centre.sum().clamp_min(1.0)
        rec = ((outputs - batch.originals).abs() * centre[:, None]).sum() / (3.0 * pixels)
        style = self._style(batch.originals, outputs, centre, edge)
        return {"rec": s.rec_weight * rec, "style": s.style_weight * style}
