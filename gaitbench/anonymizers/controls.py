"""Controls: systems whose success is known beforehand, run beside every anonymizer.

``original`` hides nothing (0 %), ``someone-else`` hides all but chance, ``constant`` shows one gait for all,
``oracle`` is another body on the same walk, rendered (embedded walkers only). Named in the protocol; ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import ModelError
from gaitbench.training_free import TrainingFree

__all__ = ["Constant", "ControlSettings", "Oracle", "Original", "SomeoneElse"]


@dataclass(frozen=True)
class ControlSettings:
    """Controls have no choices."""


class _Control(TrainingFree):
    """What all controls share: no choices."""

    def __init__(self, settings: ControlSettings | None = None) -> None:
        self.settings: ControlSettings = settings or ControlSettings()


class Original(_Control):
    """Nothing done: the success rate must be 0 %."""

    name: ClassVar[str] = "original"

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Return a copy of the silhouettes, bool (T, h, w)."""
        return sequence.silhouettes.copy()


class Oracle(_Control):
    """Another body on the same walk, as the embedded walkers render it."""

    name: ClassVar[str] = "oracle"

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Return a copy of the oracle's silhouettes, bool (T, h, w).

        Raises
        ------
        ModelError
            If the sequence has none.
        """
        if sequence.oracle_silhouettes is None:
            raise ModelError(
                f"oracle: {sequence.key} has no rendered other body; only the embedded walkers have, so leave "
                "the oracle out for other data"
            )
        return sequence.oracle_silhouettes.copy()


class _Walks(_Control):
    """A control that keeps walks of the training subjects, who are in no gallery.

    Attributes
    ----------
    walks_ : bool array (N, h, w)
        Frames of all kept walks, one after the other.
    starts_ : int64 array (S + 1,)
        Where each walk begins, and N.
    angles_ : int64 array (S,)
        Degrees.
    """

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
        """Keep the training silhouettes.

        Raises
        ------
        ModelError
            If there is no walk, or sizes differ.
        """
        kept = sorted((s for s in sequences if s.silhouettes.any()), key=lambda s: s.key)
        if not kept:
            raise ModelError(f"{self.name} has no training walk to show; check the data and the split")
        if len({s.size for s in kept}) > 1:
            raise ModelError(f"{self.name}: training sequences differ in size; prepare them all at one size")
        kept = self._choose(kept, np.random.default_rng(seed))
        self.walks_ = np.concatenate([s.silhouettes for s in kept])
        self.starts_ = np.cumsum([0, *(len(s.silhouettes) for s in kept)], dtype=np.int64)
        self.angles_ = np.array([s.key.angle for s in kept], np.int64)
        return self

    def _choose(self, kept: list[GaitSequence], rng: np.random.Generator) -> list[GaitSequence]:
        return kept

    def anonymize(self, sequence: GaitSequence, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Show a kept walk seen at the sequence's angle (the nearest known), repeated to its length.

        Parameters
        ----------
        sequence : GaitSequence
            Only its angle, length and size count.
        rng : numpy.random.Generator
            Chooses among the walks of that angle.

        Returns
        -------
        bool array (T, h, w)

        Raises
        ------
        ModelError
            If `fit` was not called, or the sizes differ.
        """
        if not hasattr(self, "walks_"):
            raise ModelError(f"{self.name} keeps no walk yet; call fit or load_state first")
        if self.walks_.shape[1:] != sequence.size:
            raise ModelError(
                f"{self.name} keeps walks of {self.walks_.shape[1:]}, {sequence.key} has {sequence.size}; "
                "prepare both at one size"
            )
        away = np.abs(self.angles_ - sequence.key.angle)
        walk = int(rng.choice(np.flatnonzero(away == away.min())))
        frames = np.arange(self.starts_[walk], self.starts_[walk + 1])
        return self.walks_[np.resize(_there_and_back(frames), len(sequence.silhouettes))]

    def state(self) -> dict[str, np.ndarray]:
        """Everything kept, as arrays (eight pixels to a byte)."""
        if not hasattr(self, "walks_"):
            raise ModelError(f"{self.name} keeps no walk yet; call fit or load_state first")
        return {
            "walks": np.packbits(self.walks_, axis=None),
            "shape": np.array(self.walks_.shape, np.int64),
            "starts": self.starts_,
            "angles": self.angles_,
        }

    def load_state(self, state: Mapping[str, np.ndarray], *, device: str = "cpu") -> Self:
        """Take over what `state` returned.

        Raises
        ------
        ModelError
            If an array is missing.
        """
        missing = {"walks", "shape", "starts", "angles"} - set(state)
        if missing:
            raise ModelError(
                f"stored {self.name} lacks {sorted(missing)}; it is of another version, so fit again"
            )
        shape = tuple(int(n) for n in state["shape"])
        self.walks_ = np.unpackbits(state["walks"], count=int(np.prod(shape))).astype(bool).reshape(shape)
        self.starts_, self.angles_ = np.array(state["starts"]), np.array(state["angles"])
        return self


def _there_and_back(frames: NDArray[np.int64]) -> NDArray[np.int64]:
    """Forward, then backward without the ends: a loop without a jump, whatever the length."""
    return np.concatenate([frames, frames[-2:0:-1]])


class SomeoneElse(_Walks):
    """A random walk of a training person seen at the same angle: success must come out at chance."""

    name: ClassVar[str] = "someone-else"


class Constant(_Walks):
    """One and the same training person's walk for everybody, per angle."""

    name: ClassVar[str] = "constant"

    def _choose(self, kept: list[GaitSequence], rng: np.random.Generator) -> list[GaitSequence]:
        """One walk per angle, of one person and condition as far as there are such."""
        lead = kept[int(rng.integers(len(kept)))].key
        chosen: dict[int, GaitSequence] = {}
        for s in sorted(kept, key=lambda s: (s.key.subject != lead.subject, s.key.walk != lead.walk, s.key)):
            chosen.setdefault(s.key.angle, s)
        return [chosen[angle] for angle in sorted(chosen)]
