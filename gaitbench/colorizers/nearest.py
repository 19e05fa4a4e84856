"""The cheapest yardstick: every edge pixel takes the colour of the nearest centre pixel. Ours.

Centre and edge are those of [T20]: the overlap of the anonymized and the original silhouette keeps the
original's colours, the rest of the anonymized silhouette takes them from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gaitbench.colorizers.training_free import TrainingFreeColorizer, TrainingFreeSettings, nearest_inside

__all__ = ["Nearest", "NearestSettings"]


@dataclass(frozen=True)
class NearestSettings(TrainingFreeSettings):
    """No choices: the rule is whole in its name."""


class Nearest(TrainingFreeColorizer):
    """Colorizer that copies: centre pixels as they are, edge pixels from the nearest centre pixel.

    A silhouette that does not touch the body has no centre: it takes the colours of the nearest pixels of the
    body. A frame without an original silhouette is painted black.

    Parameters
    ----------
    settings : NearestSettings, optional

    Examples
    --------
    >>> import numpy as np
    >>> rgb = np.arange(0, 250, 10, dtype=np.uint8).reshape(1, 1, 25, 1).repeat(3, axis=3)
    >>> old, new = np.zeros((2, 1, 1, 25), dtype=bool)
    >>> old[..., 3:6] = True
    >>> new[..., 4:8] = True
    >>> np.rint(Nearest().colorize(rgb, old, new)[0, 0, 3:9, 0] * 255).astype(int).tolist()
    [0, 40, 50, 50, 50, 0]
    """

    name: ClassVar[str] = "nearest"

    def __init__(self, settings: NearestSettings | None = None) -> None:
        self.settings: NearestSettings = settings or NearestSettings()

    def _paint(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        painted = np.zeros(rgb.shape, np.float32)
        for frame, (old, new) in enumerate(zip(silhouettes, anonymized, strict=True)):
            centre = old & new
            source = centre if centre.any() else old
            if new.any() and source.any():
                painted[frame] = rgb[frame].reshape(-1, 3)[nearest_inside(source)]
        painted /= 255.0
        return painted
