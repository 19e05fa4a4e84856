"""What anonymizers and colorizers without training have in common: nothing to fit, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence

__all__ = ["TrainingFree"]


class TrainingFree:
    """Base of the systems that learn nothing; a subclass brings `name`, `settings` and what it does."""

    name: ClassVar[str]
    trainable: ClassVar[bool] = False
    settings: Any

    def fit(
        self,
        sequences: Sequence[GaitSequence],
        *,
        seed: int,
        device: str = "cpu",
        effort: float = 1.0,
        progress: Callable[[float, str], None] | None = None,
        anonymized: Sequence[NDArray[np.bool_]] | None = None,
    ) -> Self:
        """Return the system as it is: there is nothing to learn."""
        return self

    def state(self) -> dict[str, np.ndarray]:
        """Everything fitted, as arrays: nothing."""
        return {}

    def load_state(self, state: Mapping[str, np.ndarray], *, device: str = "cpu") -> Self:
        """Take over what `state` returned: nothing."""
        return self

    def card(self) -> dict[str, Any]:
        """Name and settings, for the record."""
        return {"name": self.name, "settings": asdict(self.settings)}
