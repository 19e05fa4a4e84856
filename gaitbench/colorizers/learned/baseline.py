"""The baseline of [T20]: Model 2's colorization network, taught by the colours that Model 1 extracts.

Given: it is trained with ground truth produced by Model 1, so it cannot give sharp, finely textured colour.
Ours: the network (that of the proposed one), L1, and Model 1's extraction (`extract_colors`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from gaitbench.colorizers.learned.colorizer import LearnedColorizer
from gaitbench.colorizers.learned.masks import regions
from gaitbench.colorizers.learned.pairs import ColorPairs
from gaitbench.colorizers.learned.settings import ColorizerSettings

__all__ = ["Baseline", "BaselineSettings"]


@dataclass(frozen=True)
class BaselineSettings(ColorizerSettings):
    """Choices of the baseline beyond the shared ones.

    Parameters
    ----------
    edge_weight : float
        Of the mean error over the edge region beside that over the centre. The edge is a tenth of the pixels;
        in one mean over all of them the network settles for copying x_rgb, background and all.
    """

    edge_weight: float = 1.0


class Baseline(LearnedColorizer):
    """Colorizer that imitates extracted colours.

    Parameters
    ----------
    settings : BaselineSettings, optional
    """

    name: ClassVar[str] = "baseline"
    tuning: ClassVar[str] = (
        "Network, way through, gate and learning rate chosen for both at once (five pairs of seed and rate). "
        "Its own: the edge term, with and without, looked at on people 081-100."
    )
    _needs_targets: ClassVar[bool] = True

    def __init__(self, settings: BaselineSettings | None = None) -> None:
        self.settings: BaselineSettings = settings or BaselineSettings()

    def _loss(self, batch: ColorPairs, outputs: torch.Tensor) -> dict[str, torch.Tensor]:
        """Mean absolute error over the overlap of both silhouettes, and over the rest of x_bi."""
        assert batch.targets is not None
        error = (outputs - batch.targets).abs().mean(1)
        centre, edge = regions(batch.anonymized, batch.silhouettes, radius=0, center="overlap")
        return {
            "l1": (error * centre).sum() / centre.sum().clamp_min(1.0),
            "edge": self.settings.edge_weight * (error * edge).sum() / edge.sum().clamp_min(1.0),
        }
