"""Bodies as pictures: what a style is, how the training people's are spread, and how new ones are drawn.

The slides' Model 2 draws noise; "noise drawn into the gait distribution" is said of Model 1's generator. Ours: the
style of a walk is the mean over its frames of the signed distance to the outline, clipped, and what each frame has
beyond that mean. Unlike mean silhouettes, two of them mix to a body between both, which is what the strength needs.
The training people's styles have principal components, freed from the mean of their angle; a new style is drawn from a
normal distribution over their codes with the mean and covariance at that angle, so it belongs to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.anonymizers.distance_fields import signed_distance

__all__ = ["StyleSpace", "distance_fields", "fit_styles", "mean_style", "style_image"]

#: Distances are clipped here, in 64ths of the crop's height: far ones must not outvote the outline.
_REACH = 6.0


def distance_fields(silhouettes: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Signed distances to the outline, clipped: float32 (T, h, w) in [-1, 1], positive inside."""
    field = signed_distance(silhouettes)
    field /= np.float32(_REACH * silhouettes.shape[1] / 64.0)
    return field.clip(-1.0, 1.0, out=field)


def style_image(silhouettes: NDArray[np.bool_], complete: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Style of one walk: its mean distance field.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    complete : bool array (T,)
        Frames that count; all of them if none is complete.

    Returns
    -------
    float32 array (h, w)
        In [-1, 1], positive inside.
    """
    return mean_style(distance_fields(silhouettes), complete)


def mean_style(fields: NDArray[np.float32], complete: NDArray[np.bool_]) -> NDArray[np.float32]:
    """`style_image` of a walk whose `distance_fields` are known."""
    use = fields[complete] if complete.any() and not complete.all() else fields
    return np.asarray(use.mean(0), np.float32)


@dataclass(frozen=True)
class StyleSpace:
    """Fitted distribution of styles.

    Parameters
    ----------
    image : float32 array (A, h, w)
        Mean style per angle.
    directions : float32 array (K, h, w)
        Principal components; a code says how much of each. Zeros where there are fewer.
    scale : float32 array (K,)
        Square of the components' length, by which codes are read off.
    mean : float32 array (A, K)
        Mean code per angle.
    root : float32 array (A, K, K)
        Square root of the codes' covariance per angle.
    """

    image: NDArray[np.float32]
    directions: NDArray[np.float32]
    scale: NDArray[np.float32]
    mean: NDArray[np.float32]
    root: NDArray[np.float32]

    def images(self, angle: NDArray[np.int64], codes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Styles (n, h, w) of angle indices (n,) and codes (n, K)."""
        drawn = self.image[angle] + np.tensordot(codes, self.directions, axes=1)
        return np.asarray(drawn.clip(-1.0, 1.0), np.float32)

    def codes(self, angle: NDArray[np.int64], images: NDArray[np.float32]) -> NDArray[np.float32]:
        """Codes (n, K) of styles (n, h, w) seen at angle indices (n,)."""
        flat = (images - self.image[angle]).reshape(len(images), -1)
        return np.asarray(flat @ self.directions.reshape(len(self.scale), -1).T / self.scale, np.float32)

    def sample(
        self, angle: int, count: int, rng: np.random.Generator, *, scale: float = 1.0
    ) -> NDArray[np.float32]:
        """Draw styles (count, h, w) for angle index `angle`; components beyond 2 deviations are drawn in."""
        noise = rng.standard_normal((count, self.mean.shape[1]))
        noise = np.clip(noise, -2.0, 2.0) * scale
        codes = np.asarray(self.mean[angle] + noise @ self.root[angle], np.float32)
        return self.images(np.full(count, angle), codes)


def fit_styles(
    images: NDArray[np.float32], angles: NDArray[np.int64], count: int, angle_count: int
) -> tuple[NDArray[np.float32], StyleSpace]:
    """Style codes of training sequences, and their distribution per angle.

    Parameters
    ----------
    images : float32 array (S, h, w)
        Style of each sequence.
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
    flat = images.reshape(len(images), -1).astype(np.float64)
    middle = np.zeros((angle_count, flat.shape[1]))
    for angle in np.unique(angles):
        middle[angle] = flat[angles == angle].mean(0)
    centred = flat - middle[angles]
    _, values, vectors = np.linalg.svd(centred, full_matrices=False)
    kept = min(count, int((values > 1e-6 * max(values[0], 1e-12)).sum()))
    # The sign of a singular vector is arbitrary; fix it, so that two runs agree on every machine.
    signs = np.sign(vectors[np.arange(kept), np.abs(vectors[:kept]).argmax(1)])
    spread = values[:kept] / np.sqrt(max(1, len(images) - 1))
    directions = np.zeros((count, flat.shape[1]))
    directions[:kept] = vectors[:kept] * (signs * spread)[:, None]
    scale = np.ones(count)
    scale[:kept] = spread**2
    codes = centred @ directions.T / scale
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
    shape = images.shape[1:]
    space = StyleSpace(
        *(
            np.ascontiguousarray(a, np.float32)
            for a in (middle.reshape(-1, *shape), directions.reshape(-1, *shape), scale, mean, root)
        )
    )
    return codes.astype(np.float32), space
