"""Body profiles: how far a walking body reaches to the left and to the right at each height (ours).

A profile is what Model 1's noise draws: a body that belongs to nobody, as one number for each side and height,
the same in all frames of a sequence. It says where every point of a contour moves, whatever its index is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, cast

import numpy as np
from numpy.typing import NDArray

__all__ = ["ProfileSpace", "body_profile", "profile_displacement"]


def body_profile(silhouettes: NDArray[np.bool_], heights: int) -> NDArray[np.float64]:
    """Mean reach of the body from the crop's middle column, by side and height.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    heights : int
        Bands K from top to bottom.

    Returns
    -------
    float64 array (2, K)
        Logarithm of the reach to the left and to the right over the crop's height, at least one pixel; NaN
        where no frame has a pixel.
    """
    height, width = silhouettes.shape[1:]
    middle = (width - 1) / 2.0
    there = silhouettes.any(axis=2)
    left = middle - silhouettes.argmax(axis=2)
    right = width - 1 - silhouettes[:, :, ::-1].argmax(axis=2) - middle
    band = np.minimum(np.arange(height) * heights // height, heights - 1)
    belongs = (band[:, None] == np.arange(heights)).astype(np.float64)
    rows = there.sum(0) @ belongs
    profile = np.full((2, heights), np.nan)
    seen = rows > 0
    for side, reach in enumerate((left, right)):
        total = np.where(there, np.maximum(reach, 1.0), 0.0).sum(0) @ belongs
        profile[side, seen] = np.log(total[seen] / rows[seen] / height)
    return profile


def profile_displacement(
    outlines: NDArray[np.float32], change: NDArray[np.float64], size: tuple[int, int]
) -> NDArray[np.float32]:
    """How points move when the body's profile changes: sideways, in proportion to their distance from the middle.

    Parameters
    ----------
    outlines : float32 array (T, P, 2)
        In pixels.
    change : float array (2, K)
        Added to the logarithm of the reach, left and right.
    size : (int, int)
        Height and width of the crop.

    Returns
    -------
    float32 array (T, P)
        To the right, in pixels.
    """
    height, width = size
    heights = change.shape[1]
    at = (np.arange(heights) + 0.5) * height / heights - 0.5
    x, y = outlines[..., 0] - (width - 1) / 2.0, outlines[..., 1]
    left, right = (np.interp(y, at, side) for side in change)
    return cast("NDArray[np.float32]", (x * np.expm1(np.where(x < 0, left, right))).astype(np.float32))


@dataclass(frozen=True)
class ProfileSpace:
    """Profiles of the training people, standardised per angle.

    Parameters
    ----------
    mean, spread : float32 arrays (A, 2, K)
        Mean and standard deviation of the log reach at each angle.
    """

    mean: NDArray[np.float32]
    spread: NDArray[np.float32]

    @classmethod
    def fit(
        cls, profiles: Sequence[NDArray[np.float64]], angle: NDArray[np.int64], angles: int
    ) -> tuple[Self, NDArray[np.float32]]:
        """Learn from profiles (2, K) at angle indices (S,); return the space and the codes (S, 2 K)."""
        stack = np.stack(list(profiles))
        overall = np.nan_to_num(_nanmean(stack), nan=-2.0)
        mean = np.zeros((angles, *stack.shape[1:]))
        spread = np.ones_like(mean)
        for index in range(angles):
            here = stack[angle == index]
            average = _nanmean(here) if len(here) else overall
            mean[index] = np.where(np.isnan(average), overall, average)
            away = np.where(np.isnan(here), mean[index], here) - mean[index]
            # Under a twentieth the pixels say nothing, and one person alone has no spread.
            spread[index] = np.maximum(np.sqrt((away**2).mean(0)) if len(here) else 0.0, 0.05)
        space = cls(mean.astype(np.float32), spread.astype(np.float32))
        return space, np.stack([space.code(p, a) for p, a in zip(stack, angle, strict=True)])

    def code(self, profile: NDArray[np.float64], angle: int) -> NDArray[np.float32]:
        """Standardised profile (2 K,); 0 where nothing is known."""
        code = (profile - self.mean[angle]) / self.spread[angle]
        return np.asarray(np.nan_to_num(np.clip(code, -3.0, 3.0)).ravel(), np.float32)

    def change(
        self, wanted: NDArray[np.float32], own: NDArray[np.float32], angle: int
    ) -> NDArray[np.float64]:
        """From one code (2 K,) to another, as an addition (2, K) to the log reach."""
        step = (wanted - own).reshape(self.spread[angle].shape) * self.spread[angle]
        return cast("NDArray[np.float64]", step.astype(np.float64))


def _nanmean(stack: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the first axis without NaN, and without a warning where all are."""
    known = ~np.isnan(stack)
    total = np.where(known, stack, 0.0).sum(0)
    return np.asarray(np.where(known.any(0), total / np.maximum(known.sum(0), 1), np.nan))
