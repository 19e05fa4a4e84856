"""Identification measures: who is found, from distances between probes and gallery.

Conventions, everywhere: probes are rows; columns are gallery entries, or people if the distances are already those of
each person's nearest entry; a smaller distance is a better match; ties are broken by the lower column, as the
recognizers do. Ranks, CMC and average precision are those of `recognizer.rank_measures`. Shares are on 0..1. A probe
whose anonymization failed counts as found: give it the distance ``-inf`` to its own subject's entries (but leave it
out of linkability, which needs finite distances).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.metrics._checks import as_flags, as_labels, as_numbers, as_vector, check_count
from recognizer.checks import nothing_shared
from recognizer.matching import subject_distances
from recognizer.rank_measures import average_precisions, cmc, true_ranks

__all__ = [
    "average_precisions",
    "chance_corrected",
    "cmc",
    "equal_error_rate",
    "from_ranking",
    "genuine_and_impostor",
    "nearer_subjects",
    "subject_distances",
    "subject_tail",
    "true_ranks",
]

Array = NDArray[Any]
Names = NDArray[np.str_]


def _checked(distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike) -> tuple[Array, Names, Names]:
    d = as_numbers(distances, "distances")
    if d.ndim != 2 or not d.shape[1]:
        raise ValueError(
            f"distances must be (n, m) with one probe label a row and one gallery label a column, got {d.shape}"
        )
    probes = as_labels(probe_y, d.shape[0], name="probe_y")
    gallery = as_labels(gallery_y, d.shape[1], name="gallery_y")
    if np.isnan(d).any():
        raise ValueError("distances hold NaN; look at the features of the probes")
    if len(probes) and not np.isin(probes, gallery).any():
        raise nothing_shared(probes, gallery)
    return d, probes, gallery


def from_ranking(subjects: ArrayLike, nearest: ArrayLike) -> tuple[Names, Array]:
    """Distances with fixed columns from each probe's ranking of the people.

    Parameters
    ----------
    subjects : str array (n, s)
        People of each probe, best first; the same people in every row.
    nearest : array (n, s)
        Their distances.

    Returns
    -------
    names : str array (s,)
        Sorted.
    distances : array (n, s)
        Ties are broken by name from here on.
    """
    who, d = np.asarray(subjects, dtype=np.str_), as_numbers(nearest, "nearest")
    if d.size and np.isnan(d).any():
        raise ValueError("nearest holds NaN; look at the features of the probes")
    if who.ndim != 2 or who.shape != d.shape or not len(who):
        raise ValueError(f"expected two arrays of one shape (n, s), n >= 1, got {who.shape} and {d.shape}")
    order = np.argsort(who, axis=1, kind="stable")
    names = np.take_along_axis(who, order, axis=1)
    if (names != names[0]).any():
        raise ValueError("not every probe ranks the same people; compare probes of one gallery only")
    return names[0], np.take_along_axis(d, order, axis=1)


def nearer_subjects(distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike) -> NDArray[np.bool_]:
    """Which people are ranked before a probe's own: the one thing that ranks and gallery sizes need.

    Parameters
    ----------
    distances : array (n, m)
    probe_y, gallery_y : str arrays (n,), (m,)

    Returns
    -------
    bool array (n, s)
        Columns are people in the order of their first gallery entry; the own one is False. All True where a probe's
        subject is not in the gallery.
    """
    d, probes, gallery = _checked(distances, probe_y, gallery_y)
    names, nearest = subject_distances(d, gallery)
    place = {name: i for i, name in enumerate(names.tolist())}
    own = np.array([place.get(name, -1) for name in probes.tolist()], dtype=np.intp)
    value = nearest[np.arange(len(own)), own][:, None]
    earlier = np.arange(len(names)) < own[:, None]
    nearer: NDArray[np.bool_] = (nearest < value) | ((nearest == value) & earlier)
    nearer[own < 0] = True
    return nearer


def genuine_and_impostor(
    distances: ArrayLike, probe_y: ArrayLike, gallery_y: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances of pairs of one person, and of pairs of two.

    Parameters
    ----------
    distances : array (n, m)
    probe_y, gallery_y : str arrays (n,), (m,)

    Returns
    -------
    genuine, impostor : float64 arrays (g,), (i,)
    """
    d, probes, gallery = _checked(distances, probe_y, gallery_y)
    same = probes[:, None] == gallery
    return d[same].astype(np.float64), d[~same].astype(np.float64)


def equal_error_rate(genuine: ArrayLike, impostor: ArrayLike) -> float:
    """Where false matches and false non-matches are equally frequent.

    Exact: the error curve is followed from distance to distance (by sorting), and where it jumps over the
    diagonal it is interpolated linearly, which is what accepting at random between the two thresholds gives.

    Parameters
    ----------
    genuine, impostor : float arrays (g,), (i,)
        Distances: a pair is accepted when its distance is at most the threshold.

    Raises
    ------
    ValueError
        If a distance is NaN, or no number.

    Returns
    -------
    float
        0 for a perfect verifier, 0.5 for a blind one, above 0.5 for one that is systematically wrong; NaN if there is
        no pair of one kind.

    Examples
    --------
    >>> equal_error_rate([1.0, 2.0, 3.0, 6.0], [5.0, 7.0, 8.0, 9.0])
    0.25
    """
    own = as_vector(np.ravel(genuine), "genuine")
    other = np.sort(as_vector(np.ravel(impostor), "impostor"))
    if not len(own) or not len(other):
        return float("nan")
    values, counts = np.unique(own, return_counts=True)
    missed = 1.0 - np.concatenate([[0.0], np.cumsum(counts)]) / len(own)
    # The corners of the curve: just before, and at, every genuine distance; impostors alone move it sideways.
    accepted = np.stack([np.searchsorted(other, values, "left"), np.searchsorted(other, values, "right")], 1)
    false_match = np.concatenate([[0.0], accepted.ravel() / len(other), [1.0]])
    false_non_match = np.concatenate([[1.0], np.stack([missed[:-1], missed[1:]], 1).ravel(), [0.0]])
    gap = false_match - false_non_match
    after = int(np.argmax(gap >= 0))
    if gap[after] == 0:
        return float(false_match[after])
    part = -gap[after - 1] / (gap[after] - gap[after - 1])
    return float(false_match[after - 1] + part * (false_match[after] - false_match[after - 1]))


def chance_corrected(accuracy: float, chance: float) -> float:
    """Accuracy above a blind guess: ``(a - c) / (1 - c)``.

    Parameters
    ----------
    accuracy, chance : float
        Both on 0..1 (not percent); the chance of rank-1 with G people is 1 / G.

    Returns
    -------
    float
        1 if everybody is found, 0 at chance, negative below it (not clipped); NaN if the chance is 1.

    Raises
    ------
    ValueError
        If a value is outside 0..1: percent and shares must not be mixed.

    Examples
    --------
    >>> chance_corrected(0.505, 0.01)
    0.5
    """
    for value in (accuracy, chance):
        if isinstance(value, str | bytes | bool) or not 0 <= value <= 1:
            raise ValueError(f"expected shares in 0..1, got {accuracy} and {chance}; divide percent by 100")
    return float("nan") if chance == 1 else (accuracy - chance) / (1.0 - chance)


def subject_tail(correct: ArrayLike, subjects: ArrayLike, *, count: int = 5) -> list[tuple[str, int, float]]:
    """The people who are found most often: who is *not* hidden.

    Parameters
    ----------
    correct : bool array (n,)
        Whether the probe's subject was named (rank 1).
    subjects : str array (n,)
        The subject of each probe.
    count : int

    Returns
    -------
    list of (subject, probes, share)
        Highest share first (0..1); equal shares by more probes, then by name.

    Examples
    --------
    >>> subject_tail([True, False, True, True], ["a", "a", "b", "b"], count=1)
    [('b', 2, 1.0)]
    """
    hits = as_flags(correct, "correct")
    who = as_labels(subjects, len(hits), name="subjects")
    check_count("count", count, 1, 2**31, "people to name")
    names, index = np.unique(who, return_inverse=True)
    probes = np.bincount(index, minlength=len(names))
    shares = np.bincount(index, weights=hits, minlength=len(names)) / np.maximum(probes, 1)
    order = np.lexsort((np.arange(len(names)), -probes, -shares))[:count]
    return [(str(names[i]), int(probes[i]), float(shares[i])) for i in order]
