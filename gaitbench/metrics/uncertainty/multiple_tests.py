"""Correction for testing several hypotheses at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.metrics._checks import as_vector

__all__ = ["holm"]


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """p-values corrected by Holm's step-down method: the chance of any false finding stays under the level.

    Parameters
    ----------
    p_values : array (n,)
        One family of tests (the four sets of one comparison, say), in [0, 1]. NaN marks a test that was not made:
        it stays NaN and does not count.

    Returns
    -------
    float64 array (n,)
        Never under the input, at most 1, in the input's order.

    Raises
    ------
    ValueError
        If values lie outside of [0, 1].

    References
    ----------
    Holm, *A simple sequentially rejective multiple test procedure*, Scand. J. Statist. 6 (1979).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(6)
    array([0.03, 0.06, 0.06])
    """
    p = as_vector(p_values, "p_values", nan=True)
    made = np.flatnonzero(~np.isnan(p))
    wrong = (p[made] < 0) | (p[made] > 1)
    if wrong.any():
        raise ValueError(f"p_values holds {p[made][wrong][0]:g}, not a probability in [0, 1]")
    out = np.full(p.shape, np.nan)
    order = made[np.argsort(p[made], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    out[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return out
