"""The baseline of [T20]: Model 2's colorization network, taught by the colours that Model 1 extracts.

Given: it is trained with ground truth produced by Model 1, so it cannot give sharp, finely textured colour.
Ours: the network (that of the proposed one), L1, and Model 1's extraction (`extract_colors`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from gaitbench.colorizers.learned import ColorizerSettings, LearnedColorizer
from gaitbench.colorizers.pairs import ColorPairs

__all__ = ["Baseline", "BaselineSettings"]


@dataclass(frozen=True)
class BaselineSettings(ColorizerSettings):
    """Choices of the baseline: none beyond the shared ones."""


class Baseline(LearnedColorizer):
    """Colorizer that imitates extracted colours.

    Parameters
    ----------
    settings : BaselineSettings, optional
    """

    name: ClassVar[str] = "baseline"
    _needs_targets: ClassVar[bool] = True

    def __init__(self, settings: BaselineSettings | None = None) -> None:
        self.settings: BaselineSettings = settings or BaselineSettings()

    def _loss(self, batch: ColorPairs, outputs: torch.Tensor) -> dict[str, torch.Tensor]:
        """Mean absolute error over x_bi (the rest is zero in both)."""
        assert batch.targets is not None
        pixels = batch.anonymized.sum().clamp_min(1.0)
        return {"l1": (outputs - batch.targets).abs().sum() / (3.0 * pixels)}
