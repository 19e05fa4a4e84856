"""``blur`` and ``pixelate``: what is done to faces, done to silhouettes. Naive practice, to be judged (ours)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ConfigError
from gaitbench.training_free import TrainingFree

__all__ = ["Blur", "BlurSettings", "Pixelate", "PixelateSettings"]


def _halves(grey: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Threshold at one half; a frame that would vanish is cut at half of its brightest instead."""
    brightest = grey.max(axis=(1, 2), keepdims=True, initial=0.0)
    level = np.where(brightest >= 0.5, 0.5, 0.5 * brightest)
    return np.asarray((grey >= level) & (brightest > 0.0))


class _Coarsened(TrainingFree):
    """What draws no noise is the same under every draw."""

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Return coarser silhouettes, bool (T, h, w); empty where the input is; `rng` is not used."""
        return self._coarse(sequence.silhouettes)

    def _coarse(self, silhouettes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        raise NotImplementedError


@dataclass(frozen=True)
class BlurSettings:
    """Choices of `blur`.

    Parameters
    ----------
    sigma : float
        Standard deviation of the Gaussian in pixels of a crop 64 rows high; a larger crop scales it.
    """

    sigma: float = 3.0


class Blur(_Coarsened):
    """Blur each silhouette and threshold it again at one half.

    Parameters
    ----------
    settings : BlurSettings, optional

    Raises
    ------
    ConfigError
        If `sigma` is negative.
    """

    name: ClassVar[str] = "blur"

    def __init__(self, settings: BlurSettings | None = None) -> None:
        self.settings: BlurSettings = settings or BlurSettings()
        if self.settings.sigma < 0:
            raise ConfigError(f"blur: sigma {self.settings.sigma} is not possible; take 0 or more")

    def _coarse(self, silhouettes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        sigma = self.settings.sigma * silhouettes.shape[1] / 64.0
        grey = silhouettes.astype(np.float32)
        # Beyond the crop stands background, or bodies at the rim would grow thick there.
        return _halves(ndimage.gaussian_filter(grey, (0.0, sigma, sigma), mode="constant"))


@dataclass(frozen=True)
class PixelateSettings:
    """Choices of `pixelate`.

    Parameters
    ----------
    block : int
        Side of a block in pixels of a crop 64 rows high; a larger crop scales it.
    """

    block: int = 8


class Pixelate(_Coarsened):
    """Average each silhouette over square blocks and threshold it at one half.

    Parameters
    ----------
    settings : PixelateSettings, optional

    Raises
    ------
    ConfigError
        If `block` is less than 1.
    """

    name: ClassVar[str] = "pixelate"

    def __init__(self, settings: PixelateSettings | None = None) -> None:
        self.settings: PixelateSettings = settings or PixelateSettings()
        if self.settings.block < 1:
            raise ConfigError(
                f"pixelate: a block of {self.settings.block} pixels is not possible; take 1 or more"
            )

    def _coarse(self, silhouettes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        height, width = silhouettes.shape[1:]
        block = max(1, round(self.settings.block * height / 64.0))
        # Blocks are centred on the crop, so that left and right are treated alike.
        margins = [(-side) % block for side in (height, width)]
        pads = [(0, 0), *((m // 2, m - m // 2) for m in margins)]
        grey = np.pad(silhouettes, pads).astype(np.float32)
        count, tall, wide = grey.shape
        means = grey.reshape(count, tall // block, block, wide // block, block).mean(axis=(2, 4))
        blocks = _halves(means).repeat(block, axis=1).repeat(block, axis=2)
        top, left = pads[1][0], pads[2][0]
        return blocks[:, top : top + height, left : left + width].copy()
