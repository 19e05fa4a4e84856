"""The colour transfer that [T20] proposes: learned without ground truth, from the original's own colours.

Given: two inputs (the RGB original and the binary anonymized image), the product with x_bi, 32 masks, Gram matrices,
Mp, ``L = L_Rec + L_Style`` (equation 1) and L_Style (equations 2 to 4). Inferred and ours: see the settings and
``docs/colorizers.md``. The silhouette of the original is no input; it tells in training where L_Rec looks.
The slides name no network; ours: the baseline's, so that no gain comes from layers.
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
    center : {"eroded", "overlap"}
        Rule of L_Style's centre, see `regions`: equation 2 to the letter, or only what lies in the original too.
    erosion : int
        Radius of Mp in 64ths of the crop's height, rounded to pixels, at least one unless 0 (ours).
        With "overlap", 0 makes all of the overlap the centre and all the rest the edge.
    mask_rows, mask_columns : int
        Grid of the masks; [T20] gives 32 of them, the grid is ours.
    gram : {"colors", "patches"}
        Features of the Gram matrices (ours: "patches").
    rec : {"norm", "mean"}
        L_Rec over the overlap of both silhouettes, [T20]'s words for the centre region (its formula is not given):
        ``"norm"`` is the 1-norm of the difference, as equation 2 writes its own, ``"mean"`` its mean over pixels and
        channels. With the mean, a weight of 1 lets L_Style, a sum over 32 masks, drown L_Rec.
    rec_weight, style_weight : float
        Of the two terms; equation 1 has both at 1.
    """

    center: str = "eroded"
    erosion: int = 2
    mask_rows: int = 8
    mask_columns: int = 4
    gram: str = "colors"
    rec: str = "norm"
    rec_weight: float = 1.0
    style_weight: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.center not in ("overlap", "eroded"):
            raise ConfigError(f"proposed: center must be overlap or eroded, not {self.center!r}")
        if self.gram not in FEATURES:
            raise ConfigError(f"proposed: gram must be one of {', '.join(FEATURES)}, not {self.gram!r}")
        if self.rec not in ("norm", "mean"):
            raise ConfigError(f"proposed: rec must be norm or mean, not {self.rec!r}")
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
        "Steps and batch chosen for both at once from held-out losses. Of its own: two forms of L_Rec, looked at on "
        "training people 073-080."
    )

    def __init__(self, settings: ProposedSettings | None = None) -> None:
        self.settings: ProposedSettings = settings or ProposedSettings()

    def _prepare(self, size: tuple[int, int], device: torch.device) -> None:
        s = self.settings
        self._style = StyleLoss(grid_masks(s.mask_rows, s.mask_columns, size).to(device), s.gram)
        self._radius = max(1, round(s.erosion * size[0] / 64)) if s.erosion else 0

    def _loss(self, batch: ColorPairs, outputs: torch.Tensor) -> dict[str, torch.Tensor]:
        """L_Rec: absolute error over the overlap (ours); L_Style: equations 2 to 4. Means over the pictures.

        With ``rec="norm"`` both are divided by the values of a picture: it changes nothing between them, and gradients
        are clipped where those of a mean are.
        """
        s = self.settings
        overlap = batch.anonymized * batch.silhouettes
        error = ((outputs - batch.originals).abs() * overlap[:, None]).sum()
        centre, edge = regions(batch.anonymized, batch.silhouettes, radius=self._radius, center=s.center)
        style = self._style(batch.originals, outputs, centre, edge)
        if s.rec == "norm":
            rec, style = error / outputs.numel(), style / outputs[0].numel()
        else:
            rec = error / (3.0 * overlap.sum().clamp_min(1.0))
        return {"rec": s.rec_weight * rec, "style": s.style_weight * style}
