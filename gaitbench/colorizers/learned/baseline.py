"""The baseline of [T20]: Model 2's colorization network, taught by pictures that Model 1 produced.

Given: Model 2 is based on DCGAN; its colorization network is trained with ground truth produced by Model 1, so that it
cannot give sharp, finely textured colour. So here: an encoder-decoder sees the RGB original and Model 1's silhouette,
and is held against Model 1's picture, that silhouette painted with the colours that Model 1 extracts
(`extract_colors`); then it paints Model 2's silhouettes. Ours: layers, and L1 plus an adversarial term, the losses of
its time. The product with x_bi is named as the proposed one's own idea; ours: the baseline is cut to x_bi as well,
because every colorizer here must leave the background black (its teacher's pictures are black there).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from gaitbench.colorizers.learned.colorizer import LearnedColorizer
from gaitbench.colorizers.learned.masks import regions
from gaitbench.colorizers.learned.pairs import ColorPairs
from gaitbench.colorizers.learned.settings import ColorizerSettings
from gaitbench.errors import ConfigError

__all__ = ["TARGETS", "Baseline", "BaselineSettings"]

#: What it is taught: Model 1's own pictures, or Model 1's colours on the silhouettes that it will paint.
TARGETS = ("model-1", "extraction")


@dataclass(frozen=True)
class BaselineSettings(ColorizerSettings):
    """Choices of the baseline beyond the shared ones; all ours.

    Parameters
    ----------
    targets : {"model-1", "extraction"}
        See `TARGETS`; with ``"model-1"`` it trains on Model 1's silhouettes, else on those that it will paint.
    edge_weight : float
        Of the mean error over the edge region beside that over the overlap of both silhouettes; 0: one mean over x_bi.
        With a gate, one mean makes the network settle for copying x_rgb, background and all.
    adversarial_weight : float
        Of the adversarial term beside L1 (the ratio of Isola et al. 2017, 1 : 100).
    """

    targets: str = "model-1"
    edge_weight: float = 0.0
    adversarial_weight: float = 0.01

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.targets not in TARGETS:
            raise ConfigError(f"baseline: targets must be one of {', '.join(TARGETS)}, not {self.targets!r}")


class Baseline(LearnedColorizer):
    """Colorizer that imitates the pictures of Model 1.

    Parameters
    ----------
    settings : BaselineSettings, optional
    """

    name: ClassVar[str] = "baseline"
    _needs_targets: ClassVar[bool] = True
    tuning: ClassVar[str] = (
        "Steps and batch chosen for both at once from held-out losses. Of its own: nothing was tuned; the adversarial "
        "weight is that of Isola et al. 2017."
    )

    def __init__(self, settings: BaselineSettings | None = None) -> None:
        self.settings: BaselineSettings = settings or BaselineSettings()

    @property
    def taught_by(self) -> str | None:
        """Model 1 where its own pictures are the targets."""
        return "model-1" if self.settings.targets == "model-1" else None

    @property
    def _adversarial_weight(self) -> float:
        return self.settings.adversarial_weight

    def _real(self, batch: ColorPairs) -> tuple[torch.Tensor, torch.Tensor]:
        assert batch.targets is not None
        return batch.targets, batch.anonymized

    def _loss(self, batch: ColorPairs, outputs: torch.Tensor) -> dict[str, torch.Tensor]:
        """Mean absolute error over x_bi, or over the overlap of both silhouettes and over the rest of x_bi apart."""
        assert batch.targets is not None
        error = (outputs - batch.targets).abs().mean(1)
        if not self.settings.edge_weight:
            return {"l1": (error * batch.anonymized).sum() / batch.anonymized.sum().clamp_min(1.0)}
        centre, edge = regions(batch.anonymized, batch.silhouettes, radius=0, center="overlap")
        return {
            "l1": (error * centre).sum() / centre.sum().clamp_min(1.0),
            "edge": self.settings.edge_weight * (error * edge).sum() / edge.sum().clamp_min(1.0),
        }
