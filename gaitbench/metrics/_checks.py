"""Checks of what measures are given: one clear line that says what is wrong and how to mend it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.checks import as_labels, as_numbers, check_count, check_share

__all__ = [
    "as_flags", "as_labels", "as_numbers", "as_vector", "check_count", "check_positive", "check_share",
]  # fmt: skip


def as_vector(
    values: ArrayLike, name: str, *, length: int | None = None, finite: bool = False, nan: bool = False
) -> NDArray[np.float64]:
    """Numbers as float64 (n,).

    Parameters
    ----------
    values : array (n,)
    name : str
        What to call it in messages.
    length : int, optional
        How many there must be.
    finite : bool
        Refuse infinity, too.
    nan : bool
        Let NaN pass (it marks what was not measured).

    Raises
    ------
    ValueError
        On another shape, texts, or NaN.
    """
    x = as_numbers(values, name) if np.size(values) else np.zeros(np.shape(values))
    if x.ndim != 1 or (length is not None and len(x) != length):
        wanted = "a vector" if length is None else f"a vector of {length} values, one an observation"
        raise ValueError(f"{name}: expected {wanted}, got shape {x.shape}")
    out = x.astype(np.float64)
    bad = ~np.isfinite(out) if finite else np.isnan(out)
    if not nan and bad.any():
        what = "NaN or infinity" if finite else "NaN"
        raise ValueError(
            f"{name} holds {what} in {int(bad.sum())} of {len(out)} values, first at {int(bad.argmax())}; leave "
            "these out, and say how many"
        )
    return out


def as_flags(values: ArrayLike, name: str) -> NDArray[np.bool_]:
    """Yes or no as bool (n,): bools, or numbers 0 and 1.

    Raises
    ------
    ValueError
        On texts ("False" is true to Python), NaN, other numbers or another shape.
    """
    x = np.asarray(values)
    if x.ndim != 1:
        raise ValueError(f"{name}: expected a vector of true and false, got shape {x.shape}")
    if not x.size or x.dtype == np.bool_:
        return x.astype(np.bool_)
    if x.dtype == object and all(isinstance(v, bool | np.bool_) for v in x):
        return x.astype(np.bool_)
    if x.dtype.kind not in "iuf" or not np.isin(x, (0, 1)).all():
        raise ValueError(
            f"{name} must hold true and false (or 0 and 1), not {str(x[~_is_flag(x)][0])!r}; turn texts out of a "
            "CSV by (column == 'True'), and leave out what was not measured"
        )
    return x.astype(np.bool_)


def _is_flag(x: NDArray[Any]) -> NDArray[np.bool_]:
    flags: NDArray[np.bool_] = np.array([isinstance(v, int | float | np.number) and v in (0, 1) for v in x])
    return flags


def check_positive(name: str, value: Any) -> float:
    """A number above 0, finite.

    Raises
    ------
    ValueError
        Naming the value.
    """
    if isinstance(value, bool | str | bytes) or not np.isscalar(value) or not 0 < float(value) < np.inf:  # type: ignore[arg-type]
        raise ValueError(f"{name} must be a number above 0, got {value!r}")
    return float(value)  # type: ignore[arg-type]
