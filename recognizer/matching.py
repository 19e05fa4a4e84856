"""Matching: blocked nearest neighbours, distances and subject ranks.

Conventions: probes are rows, gallery entries columns; a smaller distance is a better match; ties are broken by
the lower gallery index, everywhere alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer._blocks import run_parts, slices
from recognizer.checks import as_labels, as_numbers, number

__all__ = [
    "euclidean_distances",
    "nearest_neighbors",
    "rank_subjects",
    "squared_distances",
    "subject_distances",
]

Array = NDArray[Any]


def _pair(probes: ArrayLike, gallery: ArrayLike) -> tuple[Array, Array]:
    p, g = as_numbers(probes, "the probes"), as_numbers(gallery, "the gallery")
    dtype = np.float32 if p.dtype == np.float32 and g.dtype == np.float32 else np.float64
    p, g = np.ascontiguousarray(p, dtype=dtype), np.ascontiguousarray(g, dtype=dtype)
    if p.ndim != 2 or g.ndim != 2 or p.shape[1] != g.shape[1]:
        raise ValueError(
            f"probes and gallery must be (n, d) and (m, d) with one d, got {p.shape} and {g.shape}"
        )
    if len(g) == 0:
        raise ValueError("the gallery is empty; enroll at least one sample")
    for name, x in (("the probes", p), ("the gallery", g)):
        bad = ~np.isfinite(x).all(axis=1)
        if bad.any():
            raise ValueError(
                f"{number(name, 'holds', 'hold')} NaN or infinity, first in row {int(bad.argmax())}; drop these rows"
            )
    return p, g


def squared_distances(probes: ArrayLike, gallery: ArrayLike) -> Array:
    """Squared Euclidean distances, array (n, m); float32 if both are.

    Parameters
    ----------
    probes : array (n, d)
    gallery : array (m, d), m >= 1

    Raises
    ------
    ValueError
        If the sizes do not fit, the gallery is empty, or one of them holds NaN or infinity.
    """
    return _distances(*_pair(probes, gallery), root=False)


def euclidean_distances(probes: ArrayLike, gallery: ArrayLike) -> Array:
    """Euclidean distances, array (n, m); float32 if both are: the roots of `squared_distances`, to the bit.

    The roots are taken block by block, while a block is in the cache.

    Parameters
    ----------
    probes : array (n, d)
    gallery : array (m, d), m >= 1

    Raises
    ------
    ValueError
        As `squared_distances`.
    """
    return _distances(*_pair(probes, gallery), root=True)


def _distances(p: Array, g: Array, *, root: bool) -> Array:
    out = np.empty((len(p), len(g)), p.dtype)
    norms = np.einsum("ij,ij->i", g, g)

    def part(start: int, stop: int) -> None:
        for rows in slices(start, stop, 256):
            block = out[rows]
            np.matmul(p[rows], g.T, out=block)
            block *= -2
            block += norms
            block += np.einsum("ij,ij->i", p[rows], p[rows])[:, None]
            np.maximum(block, 0, out=block)
            if root:
                np.sqrt(block, out=block)

    run_parts(part, len(p), columns=len(g))
    return out


def nearest_neighbors(probes: ArrayLike, gallery: ArrayLike) -> tuple[NDArray[np.int64], Array]:
    """Nearest gallery entry of each probe without ever holding the (n, m) matrix.

    Parameters
    ----------
    probes : array (n, d)
    gallery : array (m, d), m >= 1

    Returns
    -------
    index : int64 array (n,)
        Into the gallery; the lower index wins a tie.
    distance : array (n,)
        Euclidean distance.

    Raises
    ------
    ValueError
        If the sizes do not fit, the gallery is empty, or one of them holds NaN or infinity.
    """
    p, g = _pair(probes, gallery)
    index = np.empty(len(p), np.int64)
    score = np.empty(len(p), p.dtype)
    # argmin |p - g|^2 = argmax p.g - |g|^2 / 2: one pass over the products is all there is to do.
    half = np.einsum("ij,ij->i", g, g) / 2

    def part(start: int, stop: int) -> None:
        products = np.empty((256, min(1024, len(g))), p.dtype)
        for rows in slices(start, stop, 256):
            block = p[rows]
            best = np.full(len(block), -np.inf, p.dtype)
            where = np.zeros(len(block), np.int64)
            lines = np.arange(len(block))
            for columns in slices(0, len(g), 1024):
                scores = products[: len(block), : columns.stop - columns.start]
                if scores.shape[1] != products.shape[1]:
                    scores = np.empty(scores.shape, p.dtype)
                np.matmul(block, g[columns].T, out=scores)
                scores -= half[columns]
                found = scores.argmax(axis=1)
                value = scores[lines, found]
                better = value > best
                best[better], where[better] = value[better], found[better] + columns.start
            index[rows], score[rows] = where, best

    run_parts(part, len(p), columns=len(g))
    squares = np.einsum("ij,ij->i", p, p) - 2 * score
    return index, np.sqrt(np.maximum(squares, 0))


def rank_subjects(distances: ArrayLike, gallery_y: ArrayLike) -> tuple[NDArray[np.str_], Array]:
    """Gallery subjects of each probe, best first, each with the distance of its nearest entry.

    Parameters
    ----------
    distances : array (n, m)
    gallery_y : str array (m,)

    Returns
    -------
    subjects : str array (n, s)
        The s different subjects of the gallery; ties in the order of their first gallery entry.
    nearest : array (n, s)
        Distances, ascending in each row.
    """
    subjects, nearest = subject_distances(distances, gallery_y)
    ranking = np.argsort(nearest, axis=1, kind="stable")
    return subjects[ranking], np.take_along_axis(nearest, ranking, axis=1)


def subject_distances(distances: ArrayLike, gallery_y: ArrayLike) -> tuple[NDArray[np.str_], Array]:
    """Distance of each probe to each person: that of the person's nearest entry.

    Parameters
    ----------
    distances : array (n, m)
    gallery_y : str array (m,)

    Returns
    -------
    subjects : str array (s,)
        The people, in the order of their first gallery entry.
    nearest : array (n, s)

    Raises
    ------
    ValueError
        If the sizes do not fit, there is nobody, or distances hold NaN.
    """
    d = as_numbers(distances, "distances")
    if d.ndim != 2 or d.shape[1] == 0:
        raise ValueError(f"distances must be (n, m) with one gallery label a column, got {d.shape}")
    names = as_labels(gallery_y, d.shape[1], name="gallery_y")
    if d.size and np.isnan(d.min()):
        raise ValueError("distances hold NaN; look at the features of the probes")
    unique, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    group = place[inverse]
    columns = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[columns], np.arange(len(order)))
    grouped = d if (np.diff(columns) == 1).all() else d[:, columns]
    nearest = np.minimum.reduceat(grouped, starts, axis=1)
    return unique[order], nearest
