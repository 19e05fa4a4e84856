"""Anonymizer ``example-average``: silhouettes drawn towards the average person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ModelError

__all__ = ["Average", "AverageSettings"]


@dataclass(frozen=True)
class AverageSettings:
    """Every choice; part of the hash under which results are kept.

    Parameters
    ----------
    strength : float
        Weight of the average person in [0, 1]; 0 changes nothing.
    jitter : float
        Standard deviation of the noise on the strength, drawn once a sequence.
    """

    strength: float = 0.6
    jitter: float = 0.05


class Average:
    """Mixes each silhouette with the mean silhouette of the training people and cuts at one half.

    Parameters
    ----------
    settings : AverageSettings, optional

    Attributes
    ----------
    mean_ : float32 array (h, w)
        Mean of all training silhouettes, in [0, 1].
    """

    name: ClassVar[str] = "example-average"
    #: True: `fit` learns, and gaitbench keeps `state()`. False: `fit` only looks at its sequences.
    trainable: ClassVar[bool] = True

    def __init__(self, settings: AverageSettings | None = None) -> None:
        self.settings = settings or AverageSettings()

    def fit(
        self,
        sequences: Sequence[GaitSequence],
        *,
        seed: int,
        device: str = "cpu",
        effort: float = 1.0,
        progress: Callable[[float, str], None] | None = None,
    ) -> Self:
        """Learn from the people of the role `models`, who are never tested.

        `seed` is the only source of chance, `effort` scales long trainings; this one needs neither.

        Raises
        ------
        ModelError
            If there is no sequence. A `GaitbenchError` is shown as one line and the run goes on with other systems.
        """
        if not sequences:
            raise ModelError(f"{self.name} has nobody to learn from; check the split of the suite")
        self.mean_ = np.concatenate([s.silhouettes for s in sequences]).mean(axis=0, dtype=np.float32)
        return self

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Silhouettes of the same shape as ``sequence.silhouettes``, bool (T, h, w).

        Parameters
        ----------
        sequence : GaitSequence
        rng : numpy.random.Generator
            The noise of this sequence: the same for the same seed and sequence.
        """
        w = float(np.clip(self.settings.strength + self.settings.jitter * rng.standard_normal(), 0.0, 1.0))
        mixed = (1.0 - w) * sequence.silhouettes + w * self.mean_
        # a frame that would vanish keeps its brightest half
        level = np.minimum(0.5, 0.5 * mixed.max(axis=(1, 2), keepdims=True))
        return np.asarray((mixed >= level) & (level > 0))

    def state(self) -> dict[str, NDArray[Any]]:
        """Everything that was learnt, as arrays (kept as safetensors: no code)."""
        return {"mean": self.mean_}

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> Self:
        """Take over what `state` returned."""
        self.mean_ = np.asarray(state["mean"], dtype=np.float32)
        return self

    def card(self) -> dict[str, Any]:
        """What a reader should know, as JSON values."""
        return {"name": self.name, "settings": asdict(self.settings)}
