"""Open set: not everybody who walks by is enrolled, and an attacker must not name strangers too often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gaitbench.metrics._checks import as_labels, as_numbers, check_count, check_share

__all__ = ["OpenSet", "open_set"]


@dataclass(frozen=True)
class OpenSet:
    """Detection and identification at one rate of false alarms.

    Parameters
    ----------
    false_positive : float
        Share of strangers' probes that may be named at all, in (0, 1).
    subjects : str array (s,)
    identified : float64 array (s,)
        Share of each person's probes that are named rightly and accepted, over the halves in which he was enrolled;
        one minus its mean is the false negative identification rate.
    """

    false_positive: float
    subjects: NDArray[np.str_]
    identified: NDArray[np.float64]


def open_set(
    distances: ArrayLike,
    subjects: ArrayLike,
    people: ArrayLike,
    *,
    failed: ArrayLike | None = None,
    rates: Sequence[float] = (0.01, 0.1),
    halves: int = 20,
    seed: int = 0,
) -> list[OpenSet]:
    """Enrol a drawn half of the people; the others are strangers.

    A probe is named as its nearest enrolled person where that distance lies under a threshold: the highest one under
    which no more than the given share of the strangers' probes lies.

    Parameters
    ----------
    distances : float array (n, P)
        Comparable between probes; rows with NaN are not named.
    subjects, people : str arrays (n,), (P,)
        Probes of others than `people` are strangers in every half.
    failed : bool array (n,), optional
        Named rightly where enrolled (the worst case); left out among strangers.
    rates : sequence of float
        False positive identification rates.
    halves : int
    seed : int

    Returns
    -------
    list of OpenSet
        In the order of `rates`; empty with fewer than four people.

    Examples
    --------
    >>> d = 1.0 - np.eye(6).repeat(3, axis=0)
    >>> who = [name for name in "abcdef" for _ in range(3)]
    >>> [float(one.identified.mean()) for one in open_set(d, who, list("abcdef"))]
    [1.0, 1.0]
    """
    d = as_numbers(distances, "distances").astype(np.float64)
    if d.ndim != 2 or not d.shape[1]:
        raise ValueError(f"distances must be (n, P), one column a person, got {d.shape}")
    own = as_labels(subjects, d.shape[0], name="subjects")
    names = as_labels(people, d.shape[1], name="people")
    check_count("halves", halves, 1, 10**6, "drawn halves")
    lost = np.zeros(len(own), dtype=bool) if failed is None else np.asarray(failed, dtype=bool)
    seen = ~np.isnan(d).any(axis=1) & ~lost
    if len(names) < 4 or not seen.any():
        return []
    d[~seen] = np.inf
    place = {name: i for i, name in enumerate(names.tolist())}
    column = np.array([place.get(name, -1) for name in own.tolist()], dtype=np.intp)
    hits, tried = np.zeros((len(rates), len(names))), np.zeros(len(names))
    rng = np.random.default_rng(seed)
    for _ in range(halves):
        enrolled = np.sort(rng.permutation(len(names))[: len(names) // 2])
        mine = np.flatnonzero(np.isin(column, enrolled))
        strange = np.flatnonzero(~np.isin(column, enrolled) & seen)
        part = d[:, enrolled]
        nearest, named = part.min(axis=1), enrolled[part.argmin(axis=1)]
        alarms = np.sort(nearest[strange])
        tried += np.bincount(column[mine], minlength=len(names))
        for i, rate in enumerate(rates):
            allowed = int(np.floor(check_share("a rate", rate) * len(alarms) + 1e-9))
            threshold = alarms[allowed] if allowed < len(alarms) else np.inf
            right = lost[mine] | (seen[mine] & (named[mine] == column[mine]) & (nearest[mine] < threshold))
            hits[i] += np.bincount(column[mine], weights=right, minlength=len(names))
    there = tried > 0
    return [OpenSet(float(rate), names[there], hits[i][there] / tried[there]) for i, rate in enumerate(rates)]
