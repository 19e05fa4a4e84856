"""Texture sharpness: gradient energy of a picture over that of its reference."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics.pictures._arrays import as_input_kind, checked_pair, checked_region

__all__ = ["gradient_energy", "sharpness_ratio"]

_AT_ONCE = 64  # pictures


def gradient_energy(pictures: NDArray[Any], region: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    """Sum of squared differences of neighbouring pixels, one value a picture.

    Parameters
    ----------
    pictures : float array (N, H, W, 3)
    region : bool array (N, H, W), optional
        A difference counts if both of its pixels are in the region: the outline of a person adds nothing.

    Returns
    -------
    float64 array (N,)
    """
    out = np.zeros(len(pictures))
    for start in range(0, len(pictures), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        p = np.asarray(pictures[part], dtype=np.float64)
        here = None if region is None else region[part]
        for first, second in (
            ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
            ((slice(None), slice(None), slice(None, -1)), (slice(None), slice(None), slice(1, None))),
        ):
            difference = p[second] - p[first]
            if here is not None:
                difference *= (here[first] & here[second])[..., None]
            out[part] += np.einsum("nijc,nijc->n", difference, difference)
    return out


def sharpness_ratio(output: Any, reference: Any, *, region: Any = None) -> Any:
    """Gradient energy of the output over that of the reference, one value a picture.

    It knows blur (under 1) and noise or invented texture (over 1) but not whether the texture is the right one: read it
    beside SSIM or GMSD.

    Parameters
    ----------
    output, reference : float array or tensor (N, H, W, 3)
        Pictures in [0, 1].
    region : bool array or tensor (N, H, W), optional
        Pixels that count; differences over its border do not.

    Returns
    -------
    float64 array or tensor (N,)
        At least 0, 1 is best; NaN where the reference has no gradient in the region (undefined).

    Raises
    ------
    ValueError
        If shapes differ, or values are not floats in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> stripes = np.zeros((1, 4, 4, 3)); stripes[:, :, ::2] = 1.0
    >>> sharpness_ratio(0.5 * stripes, stripes)
    array([0.25])
    """
    x, y = checked_pair(output, reference)
    mask = checked_region(region, x.shape)
    top, bottom = gradient_energy(x, mask), gradient_energy(y, mask)
    ratio = np.divide(top, bottom, out=np.full(len(x), np.nan), where=bottom > 0)
    return as_input_kind(ratio, output)
