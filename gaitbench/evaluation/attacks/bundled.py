"""The bundled recognizer as an attacker of its own: for data that hold nobody to learn from."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer import load_pretrained, pretrained_card

__all__ = ["BundledVTM", "taught_by"]


def taught_by() -> dict[str, Any]:
    """What the bundled model learnt from, and its figures on its own test people: its card."""
    card: dict[str, Any] = pretrained_card()
    return card


class BundledVTM:
    """`recognizer.load_pretrained` behind the protocol of a recognizer; `fit` looks at nothing.

    It was trained on rendered walkers. On filmed people it is a weaker attacker than one trained on their data:
    what it cannot name is not thereby hidden.
    """

    reads = "gei"

    def fit(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike, walk: ArrayLike | None = None) -> Self:
        """Load the bundled model; the samples are not used."""
        self.model_ = load_pretrained()
        return self

    def enroll(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike | None = None) -> Self:
        """Set the gallery: GEIs float32 (n, h, w) of 64 x 44 pixels or a whole multiple of it."""
        self.model_.enroll(_small(X), y, angle=self._known(angle))
        return self

    def distances(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> NDArray[np.float32]:
        """Distance of each probe to each gallery entry, float32 (n, G)."""
        found: NDArray[np.float32] = self.model_.distances(_small(X), angle=self._known(angle))
        return found

    def rank(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> Any:
        """People by their nearest entry; see `recognizer.RobustVTM.rank`."""
        return self.model_.rank(_small(X), angle=self._known(angle))

    def predict(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> NDArray[np.str_]:
        """Who each probe is taken for."""
        named: NDArray[np.str_] = self.model_.predict(_small(X), angle=self._known(angle))
        return named

    def _known(self, angle: ArrayLike | None) -> ArrayLike | None:
        """The views as given where the model has learnt them all; else None, and it estimates the nearest."""
        if angle is None or not np.isin(np.asarray(angle), self.model_.angles_).all():
            return None
        return angle


def _small(X: ArrayLike) -> NDArray[np.float32]:
    """GEIs (n, 64, 44): larger ones are averaged over whole blocks."""
    x = np.asarray(X, dtype=np.float32)
    n, h, w = x.shape
    if h % 64 or w % 44 or h // 64 != w // 44:
        raise ValueError(f"the bundled recognizer reads pictures of 64 x 44 pixels, not {h} x {w}")
    times = h // 64
    return x if times == 1 else x.reshape(n, 64, times, 44, times).mean(axis=(2, 4))
