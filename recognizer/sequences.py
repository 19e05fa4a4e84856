"""Several samples of one sequence decided together: distances of sequences from those of their samples."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.checks import as_finite, as_labels
from recognizer.matching import subject_distances

__all__ = ["SequenceRanking", "sequence_distances"]


class SequenceRanking(NamedTuple):
    """Whom each sequence looks like, best first.

    Parameters
    ----------
    sequences : str array (q,)
        In the order of their first sample.
    subjects : str array (q, s)
        All s subjects of the gallery for each sequence.
    distances : float array (q, s)
        Ascending in each row; of samples whose distances were taken over their mean, so that 1 is no likeness.
    """

    sequences: NDArray[np.str_]
    subjects: NDArray[np.str_]
    distances: NDArray[np.floating]


def sequence_distances(
    distances: ArrayLike, sequence: ArrayLike, gallery: ArrayLike, *, by: str = "mean"
) -> tuple[NDArray[np.str_], NDArray[np.str_], NDArray[np.floating]]:
    """Distance of each sequence to each gallery label.

    A sample's distance to a label is that of the label's nearest entry. It is taken over the sample's mean over the
    labels: samples of several angles, or of a good and a bad cycle, then count alike, and nothing but the sample is
    used. Then the samples of a sequence are averaged (`by` ``mean``: each has a say) or the nearest one decides
    (``min``: one good look is enough).

    Parameters
    ----------
    distances : float array (n, m)
        Of samples to gallery entries.
    sequence : str array (n,)
        The sequence of each sample; names of sequences must be unlike for unlike walks and cameras.
    gallery : str array (m,)
        The label of each gallery entry: its subject, or its own sequence.
    by : {"mean", "min"}

    Returns
    -------
    sequences : str array (q,)
        In the order of their first sample.
    labels : str array (s,)
        In the order of their first entry.
    together : float array (q, s)

    Raises
    ------
    ValueError
        If labels do not fit, distances are negative or not finite, or `by` is unknown.

    Examples
    --------
    >>> d = [[1.0, 3.0], [3.0, 1.0], [1.0, 9.0], [3.0, 1.0]]
    >>> who, people, together = sequence_distances(d, ["p", "q", "p", "p"], ["a", "b"])
    >>> who.tolist(), together.round(2).tolist()
    (['p', 'q'], [[0.73, 1.27], [1.5, 0.5]])
    """
    if by not in ("mean", "min"):
        raise ValueError(f"by must be 'mean' or 'min', got {by!r}")
    d = as_finite(distances, "distances")
    labels, nearest = subject_distances(d, gallery)
    if nearest.size and nearest.min() < 0:
        raise ValueError("distances must be 0 or more; turn similarities into distances first")
    names = as_labels(sequence, len(nearest), name="sequence")
    if not len(names):
        raise ValueError("there are no samples; pass at least one")
    mean = nearest.mean(axis=1, keepdims=True)
    scaled = nearest / np.where(mean > 0, mean, 1)
    found, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    rows = place[inverse]
    by_sequence = np.argsort(rows, kind="stable")
    starts = np.searchsorted(rows[by_sequence], np.arange(len(order)))
    if by == "min":
        together = np.minimum.reduceat(scaled[by_sequence], starts, axis=0)
    else:
        counts = np.bincount(rows)[:, None]
        together = np.add.reduceat(scaled[by_sequence].astype(np.float64), starts, axis=0) / counts
    return found[order], labels, np.asarray(together, dtype=nearest.dtype)
