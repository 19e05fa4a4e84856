"""Smaller model files: projections that share one basis, and half-precision numbers.

Both lose a little; what they cost in rank-1 stands in the card of a model that uses them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from recognizer._blocks import serial_blas
from recognizer.checks import check_count

__all__ = ["expand", "halve", "restore_halves", "share_basis"]

Arrays = dict[str, NDArray[Any]]

BASIS, SCALE, LOADS = "basis", "@scale", "@basis"

#: Arrays below this size stay as they are: nothing is gained.
SMALL = 4096


def share_basis(arrays: Arrays, names: tuple[str, ...], rank: int) -> Arrays:
    """Replace projections (..., features, columns) by one basis (features, rank) and their parts in it.

    Parameters
    ----------
    arrays : dict of str to array
    names : tuple of str
        Which of them are projections; each counts the same, whatever its scale.
    rank : int
        At most the number of features.
    """
    features = arrays[names[0]].shape[-2]
    check_count("basis_rank", rank, 1, features, f"the samples have {features} features")
    gram = np.zeros((features, features))
    with serial_blas():
        for name in names:
            flat = np.moveaxis(arrays[name], -2, 0).reshape(features, -1).astype(np.float64)
            gram += flat @ flat.T / max(float((flat * flat).sum()), 1e-30)
        _, vectors = eigh(gram, subset_by_index=(features - rank, features - 1))
        basis = vectors[:, ::-1]
        basis = basis * np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(rank)])
        out = {k: v for k, v in arrays.items() if k not in names}
        out[BASIS] = basis.astype(np.float32)
        for name in names:
            out[name + LOADS] = np.asarray(basis.T @ arrays[name]).astype(np.float32)
    return out


def expand(arrays: Arrays) -> Arrays:
    """Undo `share_basis` as far as it can be undone; other arrays pass."""
    if BASIS not in arrays:
        return arrays
    basis = arrays[BASIS]
    out = {k: v for k, v in arrays.items() if k != BASIS and not k.endswith(LOADS)}
    with serial_blas():
        for name, value in arrays.items():
            if name.endswith(LOADS):
                out[name.removesuffix(LOADS)] = np.ascontiguousarray(basis @ value)
    return out


def halve(arrays: Arrays) -> Arrays:
    """Store large float32 arrays as float16, divided by their largest entry so that none overflows."""
    out: Arrays = {}
    for name, value in arrays.items():
        if value.dtype == np.float32 and value.size >= SMALL:
            scale = np.float32(max(float(np.abs(value).max()), 1e-30))
            out[name] = (value / scale).astype(np.float16)
            out[name + SCALE] = np.array(scale)
        else:
            out[name] = value
    return out


def restore_halves(arrays: Arrays) -> Arrays:
    """Undo `halve` as far as it can be undone; other arrays pass."""
    out: Arrays = {}
    for name, value in arrays.items():
        if not name.endswith(SCALE):
            scale = arrays.get(name + SCALE)
            out[name] = value if scale is None else value.astype(np.float32) * scale
    return out
