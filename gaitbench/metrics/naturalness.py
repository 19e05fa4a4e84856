"""Naturalness of anonymized gaits: is it one body, does it move smoothly, like real people.

Conventions: silhouettes are bool (T, h, w) of one sequence; the anonymized sequence and its original have the
same frames. A measure that is not defined is NaN (never 0): an empty sequence, one frame only.
Beside every figure stands the same figure of the original, since real silhouettes are broken and noisy too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gaitbench.metrics._checks import as_labels, check_share

__all__ = ["NearestReal", "relative_smoothness", "smoothness", "unbroken"]

_EIGHT = np.ones((3, 3), int)


def _check(silhouettes: NDArray[np.bool_]) -> None:
    if not isinstance(silhouettes, np.ndarray):
        raise ValueError(f"silhouettes must be a bool array (T, h, w), got {type(silhouettes).__name__}")
    if silhouettes.ndim != 3 or silhouettes.dtype != np.bool_:
        raise ValueError(
            f"silhouettes must be bool of shape (T, h, w), got {silhouettes.dtype} {silhouettes.shape}"
        )


def unbroken(silhouettes: NDArray[np.bool_], *, share: float = 0.98) -> float:
    """Share of the frames in which one body holds nearly all pixels.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)
    share : float
        Least share of the pixels in the largest 8-connected component, in (0, 1].

    Returns
    -------
    float
        In [0, 1]. An empty frame counts as broken; NaN if there is no frame.
    """
    _check(silhouettes)
    if share != 1:
        check_share("share", share)
    if not len(silhouettes):
        return float("nan")
    whole = 0
    for silhouette in silhouettes:
        labels, count = ndimage.label(silhouette, _EIGHT)
        if count:
            areas = np.bincount(labels.ravel())[1:]
            whole += bool(areas.max() >= share * areas.sum())
    return whole / len(silhouettes)


def smoothness(silhouettes: NDArray[np.bool_]) -> float:
    """Mean intersection over union of consecutive frames: 1 stands still, jumps and flicker lower it.

    Parameters
    ----------
    silhouettes : bool array (T, h, w)

    Returns
    -------
    float
        In [0, 1], over the pairs in which at least one frame is not empty; NaN if there is none.
    """
    _check(silhouettes)
    first, second = silhouettes[:-1], silhouettes[1:]
    either = (first | second).sum((1, 2))
    both = (first & second).sum((1, 2))
    known = either > 0
    return float((both[known] / either[known]).mean()) if known.any() else float("nan")


def relative_smoothness(anonymized: NDArray[np.bool_], original: NDArray[np.bool_]) -> float:
    """Motion left over: ``(1 - smoothness(anonymized)) / (1 - smoothness(original))``.

    Returns
    -------
    float
        1 moves as much from frame to frame as the original; more is jitter, less is a body that stiffens.
        NaN where either is not defined or the original stands still.
    """
    _check(anonymized)
    _check(original)
    if anonymized.shape != original.shape:
        raise ValueError(
            f"anonymized and original must be the same frames of one size, got {anonymized.shape} and {original.shape}"
        )
    before, after = smoothness(original), smoothness(anonymized)
    if not before < 1.0:
        return float("nan")
    return (1.0 - after) / (1.0 - before)


@dataclass(frozen=True)
class NearestReal:
    """Distance to the nearest real silhouette, against the same distance among real people.

    Parameters
    ----------
    bank : bool array (N, h, w)
        Silhouettes of real people seen at one angle.
    owner : array (N,)
        Whose they are.
    typical : float
        Mean distance of the bank's silhouettes to the nearest one of somebody else; set by `fit`.
    """

    bank: NDArray[np.bool_]
    owner: NDArray[np.str_]
    typical: float

    @classmethod
    def fit(cls, bank: NDArray[np.bool_], owner: NDArray[np.str_]) -> NearestReal:
        """Find the typical distance of a bank of silhouettes.

        Raises
        ------
        ValueError
            If the shapes disagree, a silhouette is empty, or all are of one person.
        """
        _check(bank)
        owner = as_labels(owner, len(bank), name="owner")
        if not bank.any(axis=(1, 2)).all() or len(np.unique(owner)) < 2:
            raise ValueError(
                "the bank needs non-empty silhouettes of at least two people, and one owner for each"
            )
        distance = _distances(bank, bank)
        distance[owner[:, None] == owner[None]] = np.inf
        return cls(bank, owner, float(distance.min(1).mean()))

    def ratio(self, silhouettes: NDArray[np.bool_]) -> float:
        """Mean distance of a sequence to the nearest real silhouettes over the typical one.

        Parameters
        ----------
        silhouettes : bool array (T, h, w)
            Of a person who is not in the bank, at the bank's angle and size.

        Returns
        -------
        float
            About 1 looks like one more real person; 2 is twice as far from everybody. Empty frames count as
            distance 1, the largest there is; NaN if there is no frame, inf if the bank holds copies only.
        """
        _check(silhouettes)
        if silhouettes.shape[1:] != self.bank.shape[1:]:
            raise ValueError(
                f"silhouettes of {silhouettes.shape[1:]} do not fit a bank of {self.bank.shape[1:]}"
            )
        if not len(silhouettes):
            return float("nan")
        distance = float(_distances(silhouettes, self.bank).min(1).mean())
        if self.typical == 0.0:
            return 0.0 if distance == 0.0 else float("inf")
        return distance / self.typical


def _distances(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> NDArray[np.float64]:
    """One minus intersection over union of each pair, float64 (len(a), len(b)); 1 where both are empty."""
    x, y = (s.reshape(len(s), -1).astype(np.float32) for s in (a, b))
    both = (x @ y.T).astype(np.float64)
    either = x.sum(1, dtype=np.float64)[:, None] + y.sum(1, dtype=np.float64)[None] - both
    return np.asarray(1.0 - both / np.maximum(either, 1.0))
