"""Nearest neighbour on raw gait energy images: the attacker that learns nothing."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from recognizer.attackers.one_space import OneSpaceAttacker

__all__ = ["GeiNearestNeighbor"]


class GeiNearestNeighbor(OneSpaceAttacker):
    """Name a probe by the nearest gait energy image of the gallery, whatever its angle.

    `fit` only notes the picture size. Strong within one view, near chance across distant ones.

    Attributes
    ----------
    gallery_codes_ : float32 array (m, features)
    gallery_y_ : str array (m,)
    gallery_angle_ : int array (m,)

    References
    ----------
    Han, Bhanu: Individual recognition using gait energy image, TPAMI 28(2), 2006.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.eye(4, dtype=np.float32)
    >>> attacker = GeiNearestNeighbor().fit(X, ["a", "b", "a", "b"], angle=90)
    >>> attacker.enroll(X[:2], ["c", "d"], angle=90).predict(X[1:2] * 0.9, angle=90).tolist()
    ['d']
    """

    name: ClassVar[str] = "gei-nn"
    _code_shape: ClassVar[str] = "m features"

    def _fit(
        self,
        x: NDArray[np.float32],
        subjects: NDArray[np.str_],
        angles: NDArray[np.int64],
        walks: NDArray[np.str_] | None,
    ) -> None:
        """Nothing to learn."""

    def _encode_gallery(self, x: NDArray[np.float32], angles: NDArray[np.int64]) -> NDArray[np.float32]:
        return x
