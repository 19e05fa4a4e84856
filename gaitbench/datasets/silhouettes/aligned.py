"""Silhouettes that somebody else has aligned already: taken as they are, not aligned a second time."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError

__all__ = ["fitted", "said_of_size"]


def fitted(silhouettes: NDArray[np.bool_], size: tuple[int, int], name: str) -> NDArray[np.bool_]:
    """Aligned silhouettes at the size of a suite.

    The middle columns are taken (44 of 64, as is usual); then, where the rows are others than asked for, all is scaled
    and a pixel holds where the person covers half of it. At the right size nothing is changed.

    Parameters
    ----------
    silhouettes : bool array (T, H, W)
    size : (int, int)
        Height and width.
    name : str
        Of the sequence, for messages.

    Returns
    -------
    bool array (T, h, w)

    Raises
    ------
    DataError
        If they are narrower than the suite's, in proportion.
    """
    height, width = silhouettes.shape[1:]
    wanted = round(height * size[1] / size[0])
    if width < wanted:
        raise DataError(
            f"{name}: aligned silhouettes of {width} x {height} pixels are too narrow; {wanted} x {height} are needed"
        )
    left = (width - wanted) // 2
    middle = silhouettes[:, :, left : left + wanted]
    if (height, wanted) == size:
        return np.ascontiguousarray(middle)
    how = cv2.INTER_AREA if height > size[0] else cv2.INTER_LINEAR
    scaled = [cv2.resize(m.astype(np.uint8) * np.uint8(255), size[::-1], interpolation=how) for m in middle]
    return np.stack(scaled) >= 128


def said_of_size(shape: tuple[int, ...]) -> str:
    """A phrase on the size that somebody aligned to."""
    return f"aligned by others to {shape[2]} x {shape[1]} pixels, taken as they are"
