"""The success rate of an anonymizer (PROTOCOL, Success rate)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gaitbench.metrics.bootstrap import SubjectBootstrap

__all__ = ["SubjectBootstrap", "success_rate"]


def success_rate(correct_before: ArrayLike, correct_after: ArrayLike) -> tuple[int, int, float | None]:
    """Success rate of an anonymizer: ``M, |S|, 100 M / |S|``.

    Parameters
    ----------
    correct_before, correct_after : bool array (n,)
        Whether each probe was named correctly (top-1) before and after anonymization. A probe whose anonymization
        failed counts as named correctly (the worst case).

    Returns
    -------
    m : int
        Probes of S named wrongly afterwards.
    s : int
        Probes named correctly before.
    rate : float or None
        Percent; None (undefined) when nobody was named correctly before.

    References
    ----------
    Tieu, Yamagishi, Echizen, APSIPA ASC 2020: ``Success_rate = M / |S| * 100``.

    Examples
    --------
    >>> success_rate([True, True, False], [False, True, False])
    (1, 2, 50.0)
    >>> success_rate([False], [False])
    (0, 0, None)
    """
    before, after = np.asarray(correct_before, bool), np.asarray(correct_after, bool)
    if before.shape != after.shape or before.ndim != 1:
        raise ValueError(f"expected two vectors of one length, got shapes {before.shape} and {after.shape}")
    s = int(before.sum())
    m = int((before & ~after).sum())
    return m, s, (100.0 * m / s if s else None)
