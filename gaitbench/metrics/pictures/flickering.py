"""Flicker: change from frame to frame beyond the reference's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from gaitbench.metrics.pictures._arrays import as_input_kind, checked_pair, checked_region

__all__ = ["flicker"]


def flicker(output: Any, reference: Any, *, region: Any = None) -> Any:
    """Mean absolute change between consecutive frames, less the reference's, one value a pair of frames.

    Parameters
    ----------
    output, reference : float array or tensor (T, H, W, 3)
        Consecutive frames of *one* sequence, in [0, 1] (not frames that were picked from it).
    region : bool array or tensor (T, H, W), optional
        Pixels that count where they are in the region in both frames of a pair.

    Returns
    -------
    float64 array or tensor (max(T - 1, 0),)
        In [-1, 1], in units of intensity; 0 is best. Positive: the output flickers; negative: it changes less than the
        reference (frozen or smeared texture). NaN where two frames share no pixel of the region.

    Raises
    ------
    ValueError
        If shapes differ, or values are not floats in [0, 1].

    Notes
    -----
    Ours; the means of both changes are compared, not the changes pixel by pixel, so that a body that is shifted
    against the reference's but moves alike scores 0.

    Examples
    --------
    >>> import numpy as np
    >>> still, blinking = np.zeros((3, 2, 2, 3)), np.zeros((3, 2, 2, 3))
    >>> blinking[1] = 0.5
    >>> flicker(blinking, still)
    array([0.5, 0.5])
    """
    x, y = checked_pair(output, reference)
    mask = checked_region(region, x.shape)
    pairs = max(len(x) - 1, 0)
    out = np.full(pairs, np.nan)
    for i in range(pairs):
        here = None if mask is None else mask[i] & mask[i + 1]
        if here is not None and not here.any():
            continue
        changes = [np.abs(np.subtract(p[i + 1], p[i], dtype=np.float64)) for p in (x, y)]
        first, second = (c if here is None else c[here] for c in changes)
        if first.size:
            out[i] = first.mean() - second.mean()
    return as_input_kind(out, output)
