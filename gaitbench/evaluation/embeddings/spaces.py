"""Where distances come from: products of embeddings, block by block, or a matrix that was handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["METRICS", "Given", "Space", "Vectors"]

#: How embeddings may be compared.
METRICS = ("cosine", "euclidean")

Block = NDArray[np.floating[Any]]
Rows = NDArray[np.intp]


class Space(Protocol):
    """Distances between probes and gallery entries, by number of row."""

    #: No distance lies outside.
    bounds: tuple[float, float]

    def against(self, columns: Rows) -> Callable[[Rows], Block]:
        """A function: probes (b,) -> new array of distances (b, columns)."""
        ...


class Vectors:
    """Embeddings of probes and of a gallery.

    The distance of two sequences is the mean over the parts of the distance of a part, as OpenGait has it: one minus
    the cosine, or the Euclidean distance.

    Parameters
    ----------
    probes, gallery : float array (n, parts, d), (m, parts, d)
        Finite in the rows that are asked for.
    metric : {"cosine", "euclidean"}
    exact : bool
        Compute in float64; float32 otherwise, twice as fast.
    """

    def __init__(self, probes: Block, gallery: Block, metric: str, *, exact: bool) -> None:
        self.probes, self.gallery, self.metric = probes, gallery, metric
        self.kind: type = np.float64 if exact else np.float32
        self.bounds = (0.0, 2.0)
        if metric == "euclidean":
            self.bounds = (0.0, max(_largest(probes), 1e-30) + max(_largest(gallery), 1e-30))

    def _ready(self, x: Block) -> Block:
        rows: Block = np.asarray(x, dtype=self.kind)
        if self.metric == "euclidean":
            return np.ascontiguousarray(rows.transpose(1, 0, 2))
        norms = np.linalg.norm(rows, axis=2, keepdims=True)
        # a part without a direction is as far from everything: at a right angle
        unit = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
        unit /= np.sqrt(np.asarray(rows.shape[1], dtype=self.kind))
        flat: Block = unit.reshape(len(rows), -1)
        return flat

    def against(self, columns: Rows) -> Callable[[Rows], Block]:
        """See `Space`."""
        gallery = self._ready(self.gallery[columns])
        if self.metric == "cosine":
            # one minus the product as one product: a pass over the block less
            turned = np.vstack([gallery.T, np.ones((1, len(gallery)), dtype=self.kind)])

            def cosine(rows: Rows) -> Block:
                probes = self._ready(self.probes[rows])
                np.negative(probes, out=probes)
                found: Block = np.hstack([probes, np.ones((len(probes), 1), dtype=self.kind)]) @ turned
                return found

            return cosine
        squares = np.square(gallery).sum(axis=2)

        def euclidean(rows: Rows) -> Block:
            probes = self._ready(self.probes[rows])
            total: Block = np.zeros((len(rows), len(columns)), dtype=self.kind)
            for part, held, own in zip(probes, gallery, squares, strict=True):
                one = part @ held.T
                one *= -2.0
                one += own
                one += np.square(part).sum(axis=1)[:, None]
                total += np.sqrt(np.maximum(one, 0.0, out=one), out=one)
            total /= len(probes)
            return total

        return euclidean


def _largest(x: Block) -> float:
    """Largest mean length of the parts of a row."""
    most = 0.0
    for start in range(0, len(x), 4096):
        rows = np.linalg.norm(x[start : start + 4096].astype(np.float64), axis=2).mean(axis=1)
        rows = rows[np.isfinite(rows)]
        most = max(most, float(rows.max(initial=0.0)))
    return most


class Given:
    """A matrix of distances.

    Parameters
    ----------
    distances : float array (n, m)
        Probes are rows, gallery entries are columns.
    """

    def __init__(self, distances: Block) -> None:
        self.distances = distances
        finite = distances[np.isfinite(distances).all(axis=1)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        self.bounds = (low, high if high > low else low + 1.0)

    def against(self, columns: Rows) -> Callable[[Rows], Block]:
        """See `Space`."""
        return lambda rows: self.distances[np.ix_(rows, columns)]
