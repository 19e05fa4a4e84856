"""How far raters agree: Krippendorff's alpha.

References
----------
Krippendorff, *Computing Krippendorff's alpha-reliability* (2011): the coincidence matrix, the differences of the
levels, and the example with four observers that the tests repeat.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Level", "krippendorff_alpha"]

#: What a score is: a name, a rank, or a number whose differences mean something.
Level = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(scores: ArrayLike, level: Level = "ordinal") -> float:
    """Agreement beyond chance of raters who need not all have rated everything.

    Parameters
    ----------
    scores : float array (raters, units)
        NaN where a rater did not score a unit.
    level : {"nominal", "ordinal", "interval"}

    Returns
    -------
    float
        1 perfect, 0 as if scores were drawn at random, under 0 systematic disagreement. NaN where nothing can be said:
        no unit has two scores, or all scores are equal (then agreement cannot be told from a scale nobody used).

    Raises
    ------
    ValueError
        If it is no matrix, or the level is unknown.

    Examples
    --------
    >>> round(krippendorff_alpha([[1, 2, 3, 4], [1, 2, 3, 5]], "interval"), 3)
    0.937
    """
    if level not in get_args(Level):
        raise ValueError(f"level is {level!r}; take {', '.join(get_args(Level))}")
    x: NDArray[np.float64] = np.asarray(scores, dtype=np.float64)
    if x.ndim != 2:
        raise ValueError(f"expected scores (raters, units), got shape {x.shape}")
    if np.isinf(x).any():
        raise ValueError("a score is infinite")
    x = x[:, np.isfinite(x).sum(axis=0) >= 2]  # one score alone agrees with nobody
    values, place = np.unique(x[np.isfinite(x)], return_inverse=True)
    if len(values) < 2:
        return float("nan")
    counts = np.zeros((x.shape[1], len(values)))
    np.add.at(counts, (np.nonzero(np.isfinite(x))[1], place), 1.0)
    paired = counts.sum(axis=1)
    weighted = counts / (paired - 1.0)[:, None]
    coincidences = weighted.T @ counts - np.diag(weighted.sum(axis=0))
    margins = coincidences.sum(axis=1)
    total = float(margins.sum())
    apart = _apart(values, margins, level)
    observed = float((coincidences * apart).sum()) / total
    expected = float((np.outer(margins, margins) * apart).sum()) / (total * (total - 1.0))
    return 1.0 - observed / expected


def _apart(values: NDArray[np.float64], margins: NDArray[np.float64], level: Level) -> NDArray[np.float64]:
    """Squared difference of each pair of values."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    # ranks: all scores below, and half of those that are equal
    at = values if level == "interval" else np.cumsum(margins) - margins / 2.0
    return np.asarray((at[:, None] - at[None]) ** 2)
