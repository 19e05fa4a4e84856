"""The success rate of an anonymizer (PROTOCOL, Success rate)."""

from __future__ import annotations

from numpy.typing import ArrayLike

from gaitbench.metrics._checks import as_flags
from gaitbench.metrics.uncertainty.bootstrap import SubjectBootstrap

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

    Raises
    ------
    ValueError
        If the lengths differ, or values are not true and false (or 0 and 1): texts, NaN.

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
    before, after = as_flags(correct_before, "correct_before"), as_flags(correct_after, "correct_after")
    if before.shape != after.shape:
        raise ValueError(f"expected two vectors of one length, got shapes {before.shape} and {after.shape}")
    s = int(before.sum())
    m = int((before & ~after).sum())
    return m, s, (100.0 * m / s if s else None)
