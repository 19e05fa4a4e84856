"""GEI + PCA + LDA: one linear space for all views in which people differ most."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from recognizer.attackers.one_space import OneSpaceAttacker
from recognizer.checks import check_count, check_share

__all__ = ["GeiLda", "discriminants", "principal_components", "within_whitening"]


class GeiLda(OneSpaceAttacker):
    """Principal components, then linear discriminants, then the nearest neighbour.

    All views share one space; angles are not used. The within-subject scatter holds the change of view, so the
    discriminants prefer what stays when the view changes.

    Parameters
    ----------
    energy : float
        Share of the variance that the principal components keep, in (0, 1].
    n_discriminants : int, optional
        Discriminants to keep, at most subjects - 1 and the number of principal components (the default: as many).
    shrinkage : float
        Share of a multiple of the identity in the within-subject scatter, in [0, 1]; it keeps directions
        without variation in the training set from being trusted (ours).

    Attributes
    ----------
    mean_ : float32 array (features,)
    projection_ : float32 array (features, discriminants)
    gallery_codes_ : float32 array (m, discriminants)

    References
    ----------
    Han, Bhanu: Individual recognition using gait energy image, TPAMI 28(2), 2006 (PCA + multiple discriminant
    analysis on real GEI templates).
    """

    name: ClassVar[str] = "gei-lda"
    _shapes: ClassVar[dict[str, str]] = {"angles_": "K", "mean_": "features", "projection_": "features codes"}

    def __init__(
        self, *, energy: float = 0.99, n_discriminants: int | None = None, shrinkage: float = 0.1
    ) -> None:
        self.energy = energy
        self.n_discriminants = n_discriminants
        self.shrinkage = shrinkage

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
        self.projection_ = discriminants(
            x - self.mean_, subjects, self.energy, self.shrinkage, self.n_discriminants
        )

    def _encode_gallery(self, x: NDArray[np.float32], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        codes = (x - self.mean_) @ self.projection_
        return codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), np.float32(1e-9))


def discriminants(
    centred: NDArray[np.float32],
    subjects: NDArray[np.str_],
    energy: float,
    shrinkage: float,
    count: int | None = None,
) -> NDArray[np.float32]:
    """Directions in which subjects differ most beside how they differ from themselves.

    Parameters
    ----------
    centred : float32 array (n, features)
        Samples less their mean.
    subjects : str array (n,)
    energy, shrinkage, count
        As `GeiLda` has them.

    Returns
    -------
    float32 array (features, discriminants)
        The most telling first.

    Raises
    ------
    ValueError
        If all samples are alike, or there are fewer discriminants than `count`.
    """
    basis = principal_components(centred, energy)
    scores = (centred @ basis).astype(np.float64)
    classes, codes = np.unique(subjects, return_inverse=True)
    most = min(len(classes) - 1, scores.shape[1])
    count = most if count is None else count
    count = check_count("n_discriminants", count, 1, most, "subjects - 1, and principal components")
    centres = np.stack([scores[codes == c].mean(axis=0) for c in range(len(classes))])
    whiten = within_whitening(scores - centres[codes], shrinkage)
    spread = (centres - centres.mean(axis=0)) @ whiten
    _, directions = eigh(spread.T @ spread)
    directions = directions[:, ::-1][:, :count]
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(count)])
    return np.asarray(basis @ (whiten @ (directions * signs)), dtype=np.float32)


def principal_components(centred: NDArray[np.float32], energy: float) -> NDArray[np.float64]:
    """Orthonormal basis (features, k) that keeps `energy` of the variance, by the smaller side's Gram matrix."""
    tall = centred.shape[0] >= centred.shape[1]
    data = centred.astype(np.float64)
    squares, vectors = eigh(data.T @ data if tall else data @ data.T)
    squares, vectors = np.maximum(squares[::-1], 0), vectors[:, ::-1]
    if squares[0] <= 0:
        raise ValueError("all training samples are alike; there is nothing to learn from")
    count = int(np.searchsorted(np.cumsum(squares) / squares.sum(), energy - 1e-12) + 1)
    count = min(count, int(np.count_nonzero(squares > squares[0] * 1e-10)))
    basis = vectors[:, :count]
    if not tall:
        basis = data.T @ (basis / np.sqrt(squares[:count]))
    return np.asarray(basis)


def within_whitening(deviations: NDArray[np.float64], shrinkage: float) -> NDArray[np.float64]:
    """Symmetric matrix (k, k) after which the deviations from their class centres have unit scatter.

    Parameters
    ----------
    deviations : float64 array (n, k)
        Samples minus the mean of their class.
    shrinkage : float
        Share of the mean variance in every direction, in [0, 1].
    """
    scatter = deviations.T @ deviations / max(1, len(deviations))
    level = np.trace(scatter) / len(scatter)
    scatter = (1 - shrinkage) * scatter
    scatter[np.diag_indices_from(scatter)] += shrinkage * level + 1e-12
    values, vectors = eigh(scatter)
    return (vectors / np.sqrt(np.maximum(values, values[-1] * 1e-12))) @ vectors.T
