"""More than one video of a person: distances that are added up, and probes that are assigned one to one.

Who knows that k sequences show one person takes the mean of their distances to each enrolled person. Distances of a
sequence are taken over their mean over the people first, so that no view outweighs the others: that uses nothing but
the sequence itself. Which sequences are pooled is drawn by their slot (walk and view), the same slots for everybody: an
attack that sees nothing of a person then names the same one for all, and is at chance exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from gaitbench.metrics._checks import as_labels, as_numbers, check_count

__all__ = [
    "POOLS",
    "ROUNDS",
    "Pool",
    "assigned",
    "drawn_pools",
    "one_to_one",
    "pooled_identification",
    "scaled_distances",
]

#: Orders in which a block is put for one-to-one assignment.
ROUNDS = 5
#: What sequences are pooled over: walks and cameras, walks before one camera, cameras along one walk.
POOLS = ("walks and cameras", "walks", "cameras")


@dataclass(frozen=True)
class Pool:
    """Identification by pools of one size.

    Parameters
    ----------
    size : int
        Sequences of a pool.
    subjects : str array (s,)
        Who has so many.
    share : float64 array (s,)
        Share of the drawn pools by which each is named rightly, in 0..1.
    draws : int
    """

    size: int
    subjects: NDArray[np.str_]
    share: NDArray[np.float64]
    draws: int


def pooled_identification(
    distances: ArrayLike,
    subjects: ArrayLike,
    people: ArrayLike,
    walks: ArrayLike,
    views: ArrayLike,
    *,
    failed: ArrayLike | None = None,
    over: str = POOLS[0],
    sizes: Sequence[int] = (1, 2, 4, 8, 16, 33),
    draws: int = 20,
    seed: int = 0,
) -> list[Pool]:
    """Identification of people by k of their sequences together.

    Parameters
    ----------
    distances : float array (n, P)
        Of each sequence to each person; a row with NaN is looked past, and infinite distances count for nothing.
    subjects : str array (n,)
    people : str array (P,)
    walks, views : array (n,)
        The slot of each sequence; a person has one sequence a slot.
    failed : bool array (n,), optional
        Sequences whose anonymization failed: a pool with one of them is named rightly (the worst case).
    over : {"walks and cameras", "walks", "cameras"}
    sizes : sequence of int
        Those that nobody has are left out.
    draws : int
        Pools of a person and size.
    seed : int

    Returns
    -------
    list of Pool
        In the order of `sizes`; ties go to the lower column.

    Raises
    ------
    ValueError
        If sizes do not fit, `over` is unknown, or a person has two sequences in one slot.

    Examples
    --------
    >>> d = [[1.0, 3.0], [3.0, 2.0], [4.0, 1.0], [1.0, 2.0]]
    >>> found = pooled_identification(d, ["a", "a", "b", "b"], ["a", "b"], [1, 2, 1, 2], [0] * 4, sizes=[1, 2])
    >>> [(p.size, p.share.tolist()) for p in found]
    [(1, [0.75, 0.75]), (2, [1.0, 1.0])]
    """
    scaled, own, enrolled, lost = scaled_distances(distances, subjects, people, failed)
    names = np.unique(own)
    true = _columns(names, enrolled)
    most = max(sizes)
    hits = {size: np.zeros(len(names)) for size in sizes}
    tried = {size: np.zeros(len(names)) for size in sizes}
    for pools in drawn_pools(own, walks, views, over=over, draws=draws, seed=seed):
        for person, pool in enumerate(pools):
            mine = pool[:most]
            seen = ~np.isnan(scaled[mine, 0]) & ~lost[mine]
            total = np.cumsum(np.where(seen[:, None], scaled[mine], 0.0), axis=0)
            some, gone = np.cumsum(seen), np.cumsum(lost[mine])
            for size in sizes:
                if size <= len(mine):
                    tried[size][person] += 1
                    right = some[size - 1] > 0 and total[size - 1].argmin() == true[person]
                    hits[size][person] += bool(right or gone[size - 1] > 0)
    found = []
    for size in sizes:
        there = tried[size] > 0
        if there.any():
            found.append(Pool(size, names[there], hits[size][there] / tried[size][there], draws))
    return found


def drawn_pools(
    subjects: ArrayLike, walks: ArrayLike, views: ArrayLike, *, over: str, draws: int, seed: int
) -> Iterator[list[NDArray[np.intp]]]:
    """Draw after draw, the sequences of each person (sorted by name) in the order in which they are pooled.

    Parameters
    ----------
    subjects, walks, views : array (n,)
    over, draws, seed
        See `pooled_identification`.

    Raises
    ------
    ValueError
        If sizes do not fit, `over` is unknown, or a person has two sequences in one slot.
    """
    if over not in POOLS:
        raise ValueError(f"over is {over!r}; take {', '.join(POOLS)}")
    check_count("draws", draws, 1, 10**6, "pools of a person")
    walk, view = (np.unique(np.asarray(v), return_inverse=True)[1] for v in (walks, views))
    names, who = np.unique(np.asarray(subjects), return_inverse=True)
    if len(walk) != len(who) or len(view) != len(who):
        raise ValueError(f"walks and views must be {len(who)} each, got {len(walk)} and {len(view)}")
    place = np.full((len(names), walk.max() + 1, view.max() + 1), -1, dtype=np.intp)
    place[who, walk, view] = np.arange(len(who))
    if (place >= 0).sum() != len(who):
        raise ValueError("a person has two sequences of one walk and view; name them apart")
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        rows = place.reshape(len(names), -1)[:, _slots(rng, place.shape[1:], over)]
        yield [mine[mine >= 0] for mine in rows]


def _slots(rng: np.random.Generator, shape: tuple[int, ...], over: str) -> NDArray[np.intp]:
    """Slots (walk times views + view) in the order in which they are pooled."""
    walks, views = shape
    if over == "walks":
        return np.asarray(rng.permutation(walks) * views + rng.integers(views), dtype=np.intp)
    if over == "cameras":
        return np.asarray(rng.integers(walks) * views + rng.permutation(views), dtype=np.intp)
    return np.asarray(rng.permutation(walks * views), dtype=np.intp)


def _columns(own: NDArray[np.str_], people: list[str]) -> NDArray[np.intp]:
    """Column of each person; -1 for strangers."""
    place = {name: i for i, name in enumerate(people)}
    return np.array([place.get(name, -1) for name in own.tolist()], dtype=np.intp)


def scaled_distances(
    distances: ArrayLike, subjects: ArrayLike, people: ArrayLike, failed: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.str_], list[str], NDArray[np.bool_]]:
    """Distances over their mean over the people (rows of NaN where one is), and the checked labels.

    Returns
    -------
    (float64 array (n, P), subjects str (n,), people, failed bool (n,))

    Raises
    ------
    ValueError
        If sizes do not fit.
    """
    d = as_numbers(distances, "distances").astype(np.float64)
    if d.ndim != 2 or not d.shape[1]:
        raise ValueError(f"distances must be (n, P), one column a person, got {d.shape}")
    own = as_labels(subjects, d.shape[0], name="subjects")
    names = as_labels(people, d.shape[1], name="people")
    lost = np.zeros(len(own), dtype=bool) if failed is None else np.asarray(failed, dtype=bool)
    if lost.shape != own.shape:
        raise ValueError(f"failed must be {len(own)} flags, got shape {lost.shape}")
    blank = np.isnan(d).any(axis=1)
    finite = np.isfinite(d)
    with np.errstate(invalid="ignore"):
        mean = np.where(finite, d, 0.0).sum(axis=1) / np.maximum(finite.sum(axis=1), 1)
    d /= np.where(mean > 0, mean, 1.0)[:, None]
    d[blank] = np.nan
    return d, own, names.tolist(), lost


def one_to_one(
    distances: ArrayLike,
    subjects: ArrayLike,
    people: ArrayLike,
    blocks: ArrayLike,
    *,
    failed: ArrayLike | None = None,
    rounds: int = ROUNDS,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Name the probes of a block together: each person once, so that the sum of the distances is least.

    Parameters
    ----------
    distances : float array (n, P)
    subjects, people : str arrays (n,), (P,)
    blocks : array (n,)
        Probes of one block show different people (one walk at one angle, say), and the attacker knows it.
    failed : bool array (n,), optional
        Named rightly (the worst case), and taken out of their block.
    rounds : int
        Orders in which a block is put: where distances are equal, the order decides (and must not be the answer's).
    seed : int

    Returns
    -------
    float64 array (n,)
        Share of the rounds in which each probe is named rightly.

    References
    ----------
    Crouse, *On implementing 2D rectangular assignment algorithms*, IEEE TAES 52 (2016): scipy's method.
    """
    _, share = assigned(distances, subjects, people, blocks, failed=failed, rounds=rounds, seed=seed)
    return share


def assigned(
    distances: ArrayLike,
    subjects: ArrayLike,
    people: ArrayLike,
    blocks: ArrayLike,
    *,
    failed: ArrayLike | None = None,
    rounds: int = ROUNDS,
    seed: int = 0,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Whom `one_to_one` names, and what it gives.

    Returns
    -------
    named : intp array (n, rounds)
        Columns of `people`, -1 where a probe is not assigned.
    share : float64 array (n,)

    Raises
    ------
    ValueError
        If sizes do not fit, or a block holds two probes of one person.
    """
    d, own, enrolled, lost = scaled_distances(distances, subjects, people, failed)
    named = np.full((len(own), rounds), -1, dtype=np.intp)
    usable = ~lost & ~np.isnan(d).any(axis=1)
    label = np.asarray(blocks)
    if label.shape != own.shape:
        raise ValueError(f"blocks must be one an observation ({len(own)}), got shape {label.shape}")
    rng = np.random.default_rng(seed)
    for block in np.unique(label):
        rows = np.flatnonzero(usable & (label == block))
        if len(np.unique(own[rows])) < len(rows):
            raise ValueError(f"block {block} holds two probes of one person; nobody can be named twice")
        if not len(rows):
            continue
        part = d[rows]
        far = np.isinf(part)
        part[far] = 1e6 * max(1.0, float(np.abs(part[~far]).max(initial=0.0)))
        for turn in range(rounds):
            line, column = rng.permutation(len(rows)), rng.permutation(part.shape[1])
            i, j = linear_sum_assignment(part[np.ix_(line, column)])
            named[rows[line[i]], turn] = column[j]
    right = (named == _columns(own, enrolled)[:, None]) & (named >= 0)
    return named, np.where(lost, 1.0, right.sum(axis=1) / rounds)
