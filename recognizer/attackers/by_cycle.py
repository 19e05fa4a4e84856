"""A recognizer of gait energy images that looks at each gait cycle by itself and decides a sequence by all of them."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from recognizer.attackers.attacker import Attacker, Ranking
from recognizer.checks import as_angles, as_labels
from recognizer.gait_energy.image import gait_energy_image_of_each_cycle
from recognizer.matching import rank_subjects
from recognizer.sequences import sequence_distances
from recognizer.serialization import ATTACKERS

__all__ = ["ByCycle"]


class ByCycle(BaseEstimator):
    """Name sequences by the gait energy images of their cycles: one image a cycle, decided together.

    Where `GeiLda` and its like read the mean over all complete cycles, this reads every cycle: the training has more
    samples, the gallery more entries, and a bad cycle of a probe is outvoted. A sequence that shows no sure cycle gives
    one image, of all its frames. Ours.

    Parameters
    ----------
    recognizer : str
        Which recognizer of gait energy images compares the cycles: ``robust-vtm``, ``tsvd-vtm``, ``gei-lda`` or
        ``gei-nn``, with its own defaults.
    by : {"mean", "min"}
        How the cycles of a probe decide together; see `recognizer.sequence_distances`.
    fps : float
        Frames a second of the sequences.

    Attributes
    ----------
    attacker_ : Attacker
        Fitted on cycles.
    gallery_sequence_ : str array (entries,)
        Which enrolled sequence each entry is a cycle of.
    """

    name: ClassVar[str] = "by-cycle"
    reads: ClassVar[str] = "silhouettes"
    #: Frames must follow each other at `fps`.
    reads_order: ClassVar[bool] = True

    def __init__(self, recognizer: str = "robust-vtm", *, by: str = "mean", fps: float = 25.0) -> None:
        self.recognizer = recognizer
        self.by = by
        self.fps = fps

    def fit(
        self,
        X: Sequence[ArrayLike],
        y: ArrayLike,
        *,
        angle: ArrayLike | None = None,
        walk: ArrayLike | None = None,
    ) -> Self:
        """Learn from the cycles of training people.

        Parameters
        ----------
        X : list of n arrays (T, h, w)
            Aligned silhouettes.
        y, walk : str arrays (n,)
        angle : int array (n,) or int, optional
            As the recognizer of the cycles has it.

        Raises
        ------
        ValueError
            If the recognizer is unknown, or refuses what it is given.
        """
        self.attacker_ = self._attacker()
        cycles, index = self._cycles(X)
        walks = None
        if walk is not None:  # a cycle of a walk is what the views of it share
            number = np.concatenate([np.arange(n) for n in np.bincount(index)])
            labels = as_labels(walk, len(X), name="walk")[index]
            walks = np.array([f"{w} cycle {k}" for w, k in zip(labels, number, strict=True)])
        subjects = as_labels(y, len(X))[index]
        self.attacker_.fit(cycles, subjects, angle=_each(angle, len(X), index), walk=walks)
        return self

    def enroll(self, X: Sequence[ArrayLike], y: ArrayLike, *, angle: ArrayLike | None = None) -> Self:
        """Set the gallery: every cycle of every sequence."""
        cycles, index = self._cycles(X)
        self._fitted().enroll(cycles, as_labels(y, len(X))[index], angle=_each(angle, len(X), index))
        self.gallery_sequence_ = index.astype(str)
        self.gallery_y_ = as_labels(y, len(X))
        return self

    def distances(self, X: Sequence[ArrayLike], *, angle: ArrayLike | None = None) -> NDArray[np.float32]:
        """Distance of each probe (n) to each enrolled sequence (m), float32 (n, m), by all cycles of both."""
        cycles, index = self._cycles(X)
        found = self._fitted().distances(cycles, angle=_each(angle, len(X), index))
        _, _, together = sequence_distances(found, index.astype(str), self.gallery_sequence_, by=self.by)
        return np.asarray(together, dtype=np.float32)

    def rank(self, X: Sequence[ArrayLike], *, angle: ArrayLike | None = None) -> Ranking:
        """Enrolled people of each probe, best first, with the distance of their nearest sequence."""
        return Ranking(*rank_subjects(self.distances(X, angle=angle), self.gallery_y_))

    def predict(self, X: Sequence[ArrayLike], *, angle: ArrayLike | None = None) -> NDArray[np.str_]:
        """Name each sequence, str array (n,)."""
        return np.asarray(self.gallery_y_[self.distances(X, angle=angle).argmin(axis=1)])

    def _attacker(self) -> Attacker:
        if self.by not in ("mean", "min"):
            raise ValueError(f"by must be 'mean' or 'min', got {self.by!r}")
        known = {}
        for name, place in ATTACKERS.items():
            module, _, attribute = place.partition(":")
            kind: type[Attacker] = getattr(importlib.import_module(module), attribute)
            if kind.reads == "gei":
                known[name] = kind
        if self.recognizer not in known:
            raise ValueError(
                f"recognizer must be one that reads gait energy images ({', '.join(sorted(known))}), got "
                f"{self.recognizer!r}"
            )
        return known[self.recognizer]()

    def _fitted(self) -> Attacker:
        if not hasattr(self, "attacker_"):
            raise NotFittedError("this ByCycle is not fitted yet; call fit before enroll and predict")
        return self.attacker_

    def _cycles(self, X: Sequence[ArrayLike]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Gait energy images of all cycles, and which sequence each is of."""
        if not len(X):
            raise ValueError("there are no sequences; pass at least one array (T, h, w)")
        parts: list[NDArray[Any]] = []
        for i, one in enumerate(X):
            try:
                parts.append(gait_energy_image_of_each_cycle(one, fps=self.fps))
            except ValueError as error:
                raise ValueError(f"sequence {i}: {error}") from error
            if parts[-1].shape[1:] != parts[0].shape[1:]:
                raise ValueError(
                    f"sequence {i} has pictures of {parts[-1].shape[1:]}, sequence 0 of {parts[0].shape[1:]}; "
                    "align all sequences to one size first"
                )
        index = np.repeat(np.arange(len(parts)), [len(p) for p in parts])
        return np.concatenate(parts), index


def _each(angle: ArrayLike | None, count: int, index: NDArray[np.intp]) -> NDArray[np.int64] | None:
    """The angle of each cycle."""
    return None if angle is None else as_angles(angle, count)[index]
