"""Checks of frame sets: silhouettes for the convolutional attacker, RGB frames for the one that reads clothes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.checks import number

__all__ = ["as_pictures", "as_silhouette_sets"]


def as_silhouette_sets(
    X: ArrayLike, *, size: tuple[int, int] | None = None, name: str = "X"
) -> list[NDArray[np.uint8]]:
    """Sets of silhouettes as uint8 arrays (T_i, h, w), foreground 255.

    Parameters
    ----------
    X : array (n, T, h, w), or a list of n arrays (T_i, h, w)
        bool; uint8 with foreground 1 or 255; or floats in [0, 1].
    size : pair of int, optional
        Height and width that the attacker was fitted with.
    name : str
        What to call X in messages.

    Raises
    ------
    ValueError
        On another shape, no sample, mixed sizes, NaN, values out of range or a set without foreground.
    """
    sets = [_silhouettes(x, f"{name}, sample {i}") for i, x in enumerate(_samples(X, 4, name))]
    wanted = size or sets[0].shape[1:]
    for i, x in enumerate(sets):
        if x.shape[1:] != wanted:
            what = "the attacker was fitted with" if size else "sample 0 has"
            raise ValueError(
                f"{name}, sample {i} has pictures of {x.shape[1:]}, {what} {tuple(wanted)}; "
                "align probes, gallery and training to one picture size"
            )
    return sets


def as_pictures(
    X: ArrayLike, masks: ArrayLike | None, *, name: str = "X"
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.bool_]]]:
    """RGB frames uint8 (T_i, h, w, 3) with the mask bool (T_i, h, w) of the person, sample by sample.

    Raises
    ------
    ValueError
        On another shape, no sample, masks that do not fit, NaN, values out of range or a sample without a person.
    """
    samples = _samples(X, 5, name)
    given: list[Any] = [None] * len(samples) if masks is None else list(np_or_list(masks))
    if len(given) != len(samples):
        raise ValueError(f"masks must hold one set for each of the {len(samples)} samples, got {len(given)}")
    return (
        _picture(x, m, f"{name}, sample {i}") for i, (x, m) in enumerate(zip(samples, given, strict=True))
    )


def np_or_list(values: Any) -> Any:
    """Sequences as they are; anything else as an array."""
    return values if isinstance(values, list | tuple | np.ndarray) else np.asarray(values)


def _samples(X: Any, dimensions: int, name: str) -> list[NDArray[Any]]:
    values = np_or_list(X)
    shape = "(n, frames, height, width" + (", 3)" if dimensions == 5 else ")")
    if isinstance(values, np.ndarray) and values.dtype != object and values.ndim != dimensions:
        raise ValueError(f"{name} must have shape {shape}, or be a list of n frame sets; got {values.shape}")
    if len(values) == 0:
        raise ValueError(f"{number(name, 'holds', 'hold')} no samples; pass at least one set of frames")
    found = []
    for i, value in enumerate(values):
        try:
            x = np.asarray(value)
        except ValueError as error:
            raise ValueError(
                f"{name}, sample {i} is not one array ({error}); bring its frames to one size first"
            ) from error
        if x.ndim != dimensions - 1 or 0 in x.shape or (dimensions == 5 and x.shape[-1] != 3):
            raise ValueError(
                f"{name}, sample {i} must have shape {shape.replace('n, ', '', 1)} with at least one frame, "
                f"got {x.shape}"
            )
        found.append(x)
    return found


def _silhouettes(x: NDArray[Any], name: str) -> NDArray[np.uint8]:
    if x.dtype == np.bool_:
        out = x.view(np.uint8) * np.uint8(255)
    elif x.dtype.kind in "iu":
        out = _bytes(x * 255 if x.max() <= 1 else x, name)
    else:
        out = _bytes(x, name)
    if not out.any():
        raise ValueError(f"{name} holds no foreground at all; drop the sequence or mend its extraction")
    if min(out.shape[1:]) >= 8 and float(out[:, 0, [0, -1]].mean()) > 0.8 * 255:
        raise ValueError(
            f"{name} is bright where the background is (upper corners); invert it: the person must be foreground"
        )
    return out


def _bytes(x: NDArray[Any], name: str) -> NDArray[np.uint8]:
    """Whole numbers 0..255 or floats in [0, 1] as uint8."""
    if x.dtype == np.uint8:
        return x
    if x.dtype.kind not in "iuf" or not np.isfinite(x).all():
        raise ValueError(f"{name} holds NaN or no numbers; drop it, or pass bool, uint8 or floats in [0, 1]")
    top = 1 if x.dtype.kind == "f" else 255
    if x.min() < 0 or x.max() > top:
        raise ValueError(f"{name} holds values outside [0, {top}]; pass bool, uint8 or floats in [0, 1]")
    return np.round(x * (255 // top)).astype(np.uint8)


def _picture(x: NDArray[Any], mask: Any, name: str) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    rgb = _bytes(x, name)
    person: NDArray[np.bool_] = np.asarray(rgb.any(axis=-1) if mask is None else mask, dtype=bool)
    if person.shape != rgb.shape[:3]:
        raise ValueError(f"{name} has masks of shape {person.shape}, its pictures need {rgb.shape[:3]}")
    if not person.any():
        raise ValueError(f"{name} shows nobody: its mask is empty; drop it or mend its extraction")
    return rgb, person
