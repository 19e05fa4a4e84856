"""People by their clothes: colour histograms of horizontal stripes, the plainest person re-identification.

A gait anonymizer that keeps the clothes keeps whatever this attacker reads: it looks at no shape at all.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

from recognizer.attackers._pictures import as_pictures
from recognizer.attackers.attacker import Ranking
from recognizer.attackers.gei_lda import principal_components, within_whitening
from recognizer.attackers.one_space import OneSpaceAttacker
from recognizer.checks import check_count, check_share, refuse_empty_gallery

__all__ = ["Appearance", "stripe_histograms"]

#: Levels of each channel that are told apart before the soft bins: 32 in RGB, one entry of a table each.
LEVELS = 32
GREYS, HUES, TONES = 6, 12, 3


class Appearance(OneSpaceAttacker):
    """Name people by the colours they wear: stripe histograms, whitened on the training people.

    Parameters
    ----------
    stripes : int
        Horizontal stripes of equal height into which a picture is cut.
    shrinkage : float
        Of the within-subject scatter that whitens the histograms, in [0, 1]; 1 leaves them unwhitened. The
        scatter is what light, view and shade do to the same clothes.
    energy : float
        Share of the variance that is kept before whitening, in (0, 1].

    Attributes
    ----------
    mean_ : float32 array (features,)
    projection_ : float32 array (features, k)
    gallery_codes_ : float32 array (m, k)
        Codes of length one.

    Notes
    -----
    A histogram's square root has length one, so the plain distance is Hellinger's. Everything is ours: the slides
    have no attacker that reads colours.

    Examples
    --------
    >>> import numpy as np
    >>> red, blue = np.zeros((2, 1, 8, 4, 3), np.uint8)
    >>> red[..., 0], blue[..., 2] = 200, 200
    >>> X = np.stack([red, blue, red, blue])
    >>> attacker = Appearance(stripes=2).fit(X, ["a", "b", "a", "b"], angle=0)
    >>> attacker.enroll(X[:2], ["c", "d"]).predict(X[1:2] // 2).tolist()
    ['d']
    """

    name: ClassVar[str] = "appearance"
    reads: ClassVar[str] = "pictures"
    _shapes: ClassVar[dict[str, str]] = {"angles_": "K", "mean_": "features", "projection_": "features codes"}

    def __init__(self, *, stripes: int = 12, shrinkage: float = 0.5, energy: float = 0.99) -> None:
        self.stripes = stripes
        self.shrinkage = shrinkage
        self.energy = energy

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        angle: ArrayLike | None = None,
        walk: ArrayLike | None = None,
        masks: ArrayLike | None = None,
    ) -> Self:
        """Learn from training people which colours stay when view and light change.

        Parameters
        ----------
        X : uint8 array (n, frames, h, w, 3), or a list of n arrays (frames_i, h_i, w_i, 3)
            RGB; floats in [0, 1] will do.
        y : str array (n,)
        angle : int array (n,) or int, optional
            Not used, as `walk`.
        masks : bool array (n, frames, h, w) or a list of such arrays, optional
            Where the person is; by default wherever the picture is not black.

        Raises
        ------
        ValueError
            On pictures of another kind, a frame set without a person, or a single subject.
        """
        return super().fit(self._histograms(X, masks, "X"), y, angle=angle, walk=walk)

    def enroll(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        angle: ArrayLike | None = None,
        masks: ArrayLike | None = None,
    ) -> Self:
        """Set the gallery; arguments as in `fit`."""
        refuse_empty_gallery(X)
        return super().enroll(self._histograms(X, masks, "the gallery"), y, angle=angle)

    def distances(
        self, X: ArrayLike, *, angle: ArrayLike | None = None, masks: ArrayLike | None = None
    ) -> NDArray[np.float32]:
        """Distance of each probe (n) to each gallery entry (m), float32 array (n, m); arguments as in `fit`."""
        return super().distances(self._histograms(X, masks, "the probes"), angle=angle)

    def rank(
        self, X: ArrayLike, *, angle: ArrayLike | None = None, masks: ArrayLike | None = None
    ) -> Ranking:
        """Gallery subjects of each probe, best first, with their distances."""
        return self._ranking(self.distances(X, angle=angle, masks=masks))

    def predict(
        self, X: ArrayLike, *, angle: ArrayLike | None = None, masks: ArrayLike | None = None
    ) -> NDArray[np.str_]:
        """Name each probe, str array (n,)."""
        return self._nearest(self.distances(X, angle=angle, masks=masks))

    def _histograms(self, X: ArrayLike, masks: ArrayLike | None, name: str) -> NDArray[np.float32]:
        stripes = check_count("stripes", self.stripes, 1, 64, "a stripe needs a row of the picture")
        samples = as_pictures(X, masks, name=name)
        return np.stack([stripe_histograms(rgb, mask, stripes) for rgb, mask in samples])

    def _fit(
        self,
        x: NDArray[np.float32],
        subjects: NDArray[np.str_],
        angles: NDArray[np.int64],
        walks: NDArray[np.str_] | None,
    ) -> None:
        check_share("energy", self.energy, one=True)
        check_share("shrinkage", self.shrinkage, zero=True, one=True)
        self.mean_ = x.mean(axis=0, dtype=np.float64).astype(np.float32)
        basis = principal_components(x - self.mean_, self.energy)
        scores = ((x - self.mean_) @ basis).astype(np.float64)
        _, codes = np.unique(subjects, return_inverse=True)
        centres = np.stack([scores[codes == c].mean(axis=0) for c in range(codes.max() + 1)])
        whiten = within_whitening(scores - centres[codes], self.shrinkage)
        self.projection_ = (basis @ whiten).astype(np.float32)

    def _encode_gallery(self, x: NDArray[np.float32], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        codes = (x - self.mean_) @ self.projection_
        return codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), np.float32(1e-9))


def stripe_histograms(rgb: NDArray[np.uint8], mask: NDArray[np.bool_], stripes: int) -> NDArray[np.float32]:
    """Square roots of soft colour histograms of horizontal stripes.

    A pixel's weight is shared between grey bins (by lightness) and hue bins (by hue and lightness) in proportion to
    its chroma, so that a grey coat with a tint does not jump between bins.

    Parameters
    ----------
    rgb : uint8 array (T, h, w, 3)
    mask : bool array (T, h, w)
    stripes : int

    Returns
    -------
    float32 array (stripes * bins,)
        Length one; zeros for stripes without a pixel.
    """
    _, row, _ = at = np.nonzero(mask)
    pixel = rgb[at].astype(np.int64) * LEVELS // 256
    code = (pixel[:, 0] * LEVELS + pixel[:, 1]) * LEVELS + pixel[:, 2]
    stripe = row * stripes // mask.shape[1]
    pair, count = np.unique(stripe * LEVELS**3 + code, return_counts=True)
    counts = csr_matrix((count, (pair // LEVELS**3, pair % LEVELS**3)), shape=(stripes, LEVELS**3))
    table = np.asarray((counts @ _soft_bins()).todense(), dtype=np.float64)
    table /= np.maximum(table.sum(axis=1, keepdims=True), 1e-12)
    filled = int(np.count_nonzero(table.any(axis=1)))
    return np.sqrt(table / max(1, filled)).astype(np.float32).ravel()


@cache
def _soft_bins() -> csr_matrix:
    """Share of each of 32^3 colours in each bin, rows summing to one."""
    level = (np.arange(LEVELS) + 0.5) / LEVELS
    r, g, b = (c.ravel() for c in np.meshgrid(level, level, level, indexing="ij"))
    value, low = np.maximum(np.maximum(r, g), b), np.minimum(np.minimum(r, g), b)
    spread = value - low
    # Hue in [0, 1) by the hexagon; a grey has none, and its share of the hue bins is nothing.
    safe = np.maximum(spread, 1e-9)
    hue = (
        np.where(value == r, (g - b) / safe % 6, np.where(value == g, (b - r) / safe + 2, (r - g) / safe + 4))
        / 6
    )
    chroma = np.clip((spread / np.maximum(value, 0.15) - 0.1) / 0.3, 0, 1)
    out = np.zeros((len(r), GREYS + HUES * TONES), np.float64)
    rows = np.arange(len(r))
    for at, share in _neighbours(value, GREYS):
        np.add.at(out, (rows, at), share * (1 - chroma))
    for hue_at, hue_share in _neighbours(hue, HUES, circular=True):
        for tone_at, tone_share in _neighbours(value, TONES):
            np.add.at(out, (rows, GREYS + hue_at * TONES + tone_at), hue_share * tone_share * chroma)
    return csr_matrix(out)


def _neighbours(
    value: NDArray[np.float64], bins: int, *, circular: bool = False
) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """The two bins nearest to a value in [0, 1], with shares that sum to one."""
    place = value * bins - 0.5
    low = np.floor(place).astype(np.int64)
    share = place - low
    if circular:
        return [(low % bins, 1 - share), ((low + 1) % bins, share)]
    return [(np.clip(low, 0, bins - 1), 1 - share), (np.clip(low + 1, 0, bins - 1), share)]
