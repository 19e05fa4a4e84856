"""The distribution of body shapes: style codes of walking people and how new ones are drawn.

The slides' Model 2 draws noise; "noise drawn into the gait distribution" is said of Model 1's generator. Ours:
the style code of a sequence is the whitened principal components of its mean silhouette, freed from the mean
of its angle; a new style is drawn from a normal distribution with the mean and covariance that the training
people have at that angle, so it belongs to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["StyleSpace", "fit_styles"]


@dataclass(frozen=True)
class StyleSpace:
    """Fitted distribution of style codes.

    Parameters
    ----------
    mean : float32 array (A, K)
        Mean code per angle.
    root : float32 array (A, K, K)
        Square root of the codes' covariance per angle.
    """

    mean: NDArray[np.float32]
    root: NDArray[np.float32]

    def sample(
        self, angle: int, count: int, rng: np.random.Generator, *, scale: float = 1.0
    ) -> NDArray[np.float32]:
        """Draw styles (count, K) for angle index `angle`; components beyond 2 deviations are drawn in."""
        noise = rng.standard_normal((count, self.mean.shape[1]))
        noise = np.clip(noise, -2.0, 2.0) * scale
        return np.asarray(self.mean[angle] + noise @ self.root[angle], np.float32)


def fit_styles(
    means: NDArray[np.float32], angles: NDArray[np.int64], count: int, angle_count: int
) -> tuple[NDArray[np.float32], StyleSpace]:
    """Style codes of training sequences, and their distribution per angle.

    Parameters
    ----------
    means : float32 array (S, h, w)
        Mean silhouette of each sequence, in [0, 1].
    angles : int array (S,)
        Angle indices.
    count : int
        Numbers K in a code; fewer are used, padded by zeros, when there are too few sequences.
    angle_count : int
        Number of angles A.

    Returns
    -------
    codes : float32 array (S, K)
        About unit variance in each component over all angles.
    space : StyleSpace
    """
    small = np.stack(
        [cv2.resize(m, (m.shape[1] // 2, m.shape[0] // 2), interpolation=cv2.INTER_AREA) for m in means]
    )
    flat = small.reshape(len(means), -1).astype(np.float64)
    centred = flat.copy()
    for angle in np.unique(angles):
        centred[angles == angle] -= flat[angles == angle].mean(0)
    _, values, vectors = np.linalg.svd(centred, full_matrices=False)
    kept = min(count, int((values > 1e-6 * max(values[0], 1e-12)).sum()))
    # The sign of a singular vector is arbitrary; fix it, so that two runs agree on every machine.
    signs = np.sign(vectors[np.arange(kept), np.abs(vectors[:kept]).argmax(1)])
    directions = vectors[:kept] * signs[:, None]
    codes = np.zeros((len(means), count))
    codes[:, :kept] = centred @ directions.T / (values[:kept] / np.sqrt(max(1, len(means) - 1)))
    mean = np.zeros((angle_count, count))
    root = np.zeros((angle_count, count, count))
    pooled = np.cov(codes.T) if len(codes) > 2 else np.eye(count)
    for angle in range(angle_count):
        here = codes[angles == angle]
        own = np.cov(here.T) if len(here) > 2 else pooled
        # Few people stand at one angle: lean on all angles together where they do not span the space.
        weight = len(here) / (len(here) + count)
        covariance = weight * own + (1.0 - weight) * pooled
        level, basis = np.linalg.eigh(covariance)
        mean[angle] = here.mean(0) if len(here) else 0.0
        root[angle] = (basis * np.sqrt(np.clip(level, 0.0, None))) @ basis.T
    space = StyleSpace(mean.astype(np.float32), root.astype(np.float32))
    return codes.astype(np.float32), space
