"""Colorizer ``example-plain``: the person in one colour, the mean of the clothes in each frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Plain", "PlainSettings"]


@dataclass(frozen=True)
class PlainSettings:
    """No choices."""


class Plain:
    """Paints every anonymized silhouette in the mean colour of the original person of that frame."""

    name: ClassVar[str] = "example-plain"
    trainable: ClassVar[bool] = False

    def __init__(self, settings: PlainSettings | None = None) -> None:
        self.settings = settings or PlainSettings()

    def fit(self, sequences: Sequence[Any], *, seed: int, **given: Any) -> Self:
        """Nothing to learn. A colorizer that learns gets ``anonymized=``, the silhouettes it is to paint, too."""
        return self

    def colorize(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Pictures float32 (T, h, w, 3) in [0, 1], zero outside `anonymized`: gaitbench checks both.

        Parameters
        ----------
        rgb : uint8 array (T, h, w, 3)
            Crops of the original frames, with their background.
        silhouettes, anonymized : bool arrays (T, h, w)
        """
        count = np.maximum(silhouettes.sum(axis=(1, 2)), 1)[:, None]
        mean = (rgb * silhouettes[..., None]).sum(axis=(1, 2), dtype=np.float64) / count / 255.0
        return np.asarray(mean[:, None, None, :] * anonymized[..., None], dtype=np.float32)

    def state(self) -> dict[str, NDArray[Any]]:
        """Nothing was learnt."""
        return {}

    def load_state(self, state: Any) -> Self:
        """Nothing to take over."""
        return self

    def card(self) -> dict[str, Any]:
        """What a reader should know."""
        return {"name": self.name, "settings": {}}
