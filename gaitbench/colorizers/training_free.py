"""What the training-free colorizers have in common: one check of what comes in, one way out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gaitbench.errors import ModelError
from gaitbench.training_free import TrainingFree

__all__ = ["TrainingFreeColorizer", "TrainingFreeSettings", "nearest_inside"]


@dataclass(frozen=True)
class TrainingFreeSettings:
    """A colorizer without choices."""


class TrainingFreeColorizer(TrainingFree):
    """Base of the colorizers that learn nothing; a subclass brings `name`, `settings` and `_paint`."""

    settings: TrainingFreeSettings

    def colorize(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Paint anonymized silhouettes.

        Parameters
        ----------
        rgb : uint8 array (T, h, w, 3)
            Crops of the original frames, with their background.
        silhouettes, anonymized : bool arrays (T, h, w)
            Of the originals, and those to be painted.

        Returns
        -------
        float32 array (T, h, w, 3)
            In [0, 1], zero outside `anonymized`. Where a frame has no original silhouette, nothing is known of
            the clothes in it: see the colorizer.

        Raises
        ------
        ModelError
            If the arrays do not go together.
        """
        if not rgb.shape[:3] == silhouettes.shape == anonymized.shape:
            raise ModelError(
                f"{self.name} needs pictures and silhouettes of one length and size, not {rgb.shape[:3]}, "
                f"{silhouettes.shape} and {anonymized.shape}"
            )
        if not len(rgb):
            return np.zeros(rgb.shape, np.float32)
        painted = self._paint(rgb, silhouettes, anonymized)
        painted *= anonymized[..., None]
        return painted

    def _paint(
        self, rgb: NDArray[np.uint8], silhouettes: NDArray[np.bool_], anonymized: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Colours in [0, 1], float32 (T, h, w, 3), of at least one frame; outside `anonymized` anything finite."""
        raise NotImplementedError


def nearest_inside(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For every pixel the nearest pixel inside a mask, by Euclidean distance.

    Parameters
    ----------
    mask : bool array (h, w)
        Not empty.

    Returns
    -------
    int64 array (h, w)
        Flat index (row times w plus column) of the nearest true pixel; a true pixel is its own.
    """
    rows, columns = ndimage.distance_transform_edt(~mask, return_distances=False, return_indices=True)
    flat: NDArray[np.int64] = rows.astype(np.int64) * mask.shape[1] + columns
    return flat
