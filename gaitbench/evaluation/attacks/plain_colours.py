"""The attacker by clothes for data that hold nobody to learn from: histograms compared as they are."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.attackers._pictures import as_pictures
from recognizer.attackers.appearance import stripe_histograms
from recognizer.attackers.attacker import Ranking
from recognizer.matching import rank_subjects

__all__ = ["PlainColours"]

#: Horizontal stripes of a picture, as the attacker who learns has them.
_STRIPES = 12


class PlainColours:
    """Name people by the colours they wear, without learning which of them change with light and view.

    The histograms are those of `recognizer.Appearance`, which whitens them on training people; here their square roots
    are compared by the plain (Hellinger's) distance. It is the weaker of the two: what it cannot name is not thereby
    hidden.
    """

    reads = "pictures"

    def fit(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike, walk: ArrayLike | None = None) -> Self:
        """Nothing to learn; the samples are not used."""
        return self

    def enroll(self, X: ArrayLike, y: ArrayLike, *, angle: ArrayLike | None = None) -> Self:
        """Set the gallery: pictures uint8 (n, frames, h, w, 3), black where nobody is."""
        self._gallery = _histograms(X, "the gallery")
        self._subjects = np.asarray(y, dtype=np.str_)
        return self

    def distances(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> NDArray[np.float32]:
        """Distance of each probe to each gallery entry, float32 (n, G), in [0, sqrt 2]."""
        x = _histograms(X, "the probes").astype(np.float64)
        gallery = self._gallery.astype(np.float64)
        square = (x**2).sum(1)[:, None] + (gallery**2).sum(1)[None] - 2 * x @ gallery.T
        return np.asarray(np.sqrt(np.maximum(square, 0.0)), dtype=np.float32)

    def rank(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> Ranking:
        """People by their nearest entry, best first, with their distances."""
        return Ranking(*rank_subjects(self.distances(X), self._subjects))

    def predict(self, X: ArrayLike, *, angle: ArrayLike | None = None) -> NDArray[np.str_]:
        """Who each probe is taken for, str (n,)."""
        found: NDArray[np.str_] = self._subjects[self.distances(X).argmin(axis=1)]
        return found


def _histograms(X: Any, name: str) -> NDArray[np.float32]:
    pictures = [np.asarray(one) for one in X]
    # black people are people, too: where no pixel is lit the whole picture is looked at
    lit = [one.any(axis=-1) if one.any() else np.ones(one.shape[:-1], bool) for one in pictures]
    return np.stack(
        [stripe_histograms(rgb, mask, _STRIPES) for rgb, mask in as_pictures(pictures, lit, name=name)]
    )
