"""The original's texture carried onto the new silhouette by a smooth displacement field. Training-free.

After Hirose et al. 2022, who anonymize a gait by deforming the picture of the walker smoothly. Inferred: the field
follows the outlines. Ours: all the rest (row by row, Gaussian, bilinear; see `fields`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gaitbench.colorizers.carried.fields import carry, inner, row_field, widen
from gaitbench.colorizers.training_free import TrainingFreeColorizer, TrainingFreeSettings
from gaitbench.errors import ConfigError

__all__ = ["Warp", "WarpSettings"]


@dataclass(frozen=True)
class WarpSettings(TrainingFreeSettings):
    """Choices of `warp`; all ours.

    Parameters
    ----------
    erosion : int
        Pixels (at 64 rows) taken off the original silhouette before colours are read: its outline is part background.
    sigma : float
        Of the Gaussian that smooths the field down the body, in 64ths of the height.
    """

    erosion: int = 1
    sigma: float = 4.0

    def __post_init__(self) -> None:
        if self.erosion < 0 or not self.sigma > 0:
            raise ConfigError("warp: erosion must be 0 or more and sigma above 0")


class Warp(TrainingFreeColorizer):
    """Colorizer that shifts and stretches the original's rows into the new silhouette.

    A silhouette that does not touch the body is painted all the same, as long as they share rows; if they do not,
    it takes the nearest colours of the body. A frame without an original silhouette is painted black.

    Parameters
    ----------
    settings : WarpSettings, optional
    """

    name: ClassVar[str] = "warp"

    def __init__(self, settings: WarpSettings | None = None) -> None:
        self.settings: WarpSettings = settings or WarpSettings()

    def _paint(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        s = self.settings
        rows = np.broadcast_to(np.arange(rgb.shape[1], dtype=float), silhouettes.shape[:2])
        x, y = row_field(silhouettes, anonymized, rows, sigma=s.sigma)
        return carry(widen(rgb, inner(silhouettes, s.erosion)), x, y, cubic=False)
