"""Search a gallery for probes, block by block: no array of (probe, entry) is ever held as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.blocks.counts import Counted
from gaitbench.evaluation.attacks.verification import Verification
from gaitbench.evaluation.embeddings.spaces import Block, Rows, Space
from gaitbench.metrics.identification import average_precisions

__all__ = ["KEPT_PAIRS", "KEPT_PEOPLE", "Found", "groups_of", "search"]

#: Pairs of an observation and a person, and people, up to which distances are kept: the null of the linkability takes
#: 800 bytes for every pair of people.
KEPT_PAIRS, KEPT_PEOPLE = 5_000_000, 400
#: Bytes of one block of distances.
_BLOCK = 256 * 2**20


@dataclass(frozen=True)
class Found:
    """What a search found, observation by observation.

    Parameters
    ----------
    rows : int array (n,)
        Position of each observation's probe among the probes that were given.
    gallery_angles : int array (n,)
        -1 where the gallery is not divided by angle.
    ranks : int array (n,)
        Of the own person, from 1.
    named, next_named : int array (n,)
        Nearest person; nearest other than the own one.
    own, nearest_other : float array (n,)
        Their distances.
    precision : float64 array (n,) or None
        Average precision over entries; NaN without an own entry.
    distances : float32 array (n, P) or None
        None where they are too many.
    verified : Verification or None
        Where no distances are kept.
    """

    rows: NDArray[np.intp]
    gallery_angles: NDArray[np.int64]
    ranks: NDArray[np.int64]
    named: NDArray[np.intp]
    next_named: NDArray[np.intp]
    own: NDArray[np.float64]
    nearest_other: NDArray[np.float64]
    precision: NDArray[np.float64] | None
    distances: NDArray[np.float32] | None
    verified: Verification | None


def groups_of(
    protocol: str, probe_angles: NDArray[np.int64], gallery_angles: NDArray[np.int64]
) -> list[tuple[int, Rows, Rows]]:
    """Which probes meet which entries under a gallery protocol.

    Returns
    -------
    list of (gallery angle or -1, probes, entries)
    """
    every = np.arange(len(gallery_angles))
    if protocol == "all-views":
        return [(-1, np.arange(len(probe_angles)), every)]
    found = []
    for angle in np.unique(gallery_angles).tolist():
        entries = every[gallery_angles == angle]
        if protocol == "same-view":
            found.append((-1, np.flatnonzero(probe_angles == angle), entries))
        else:
            found.append((int(angle), np.flatnonzero(probe_angles != angle), entries))
    return [(angle, probes, entries) for angle, probes, entries in found if len(probes)]


def search(
    space: Space,
    probes: Rows,
    persons: NDArray[np.intp],
    probe_angles: NDArray[np.int64],
    entries: Rows,
    entry_persons: NDArray[np.intp],
    entry_angles: NDArray[np.int64],
    people: int,
    *,
    protocol: str,
    seed: int,
    precision: bool = True,
    keep: bool = True,
    count: bool = True,
    tell: Callable[[float], None] = lambda _: None,
) -> Found:
    """Search.

    Parameters
    ----------
    space : Space
    probes, entries : int array (n,), (m,)
        Their rows in the space.
    persons, entry_persons : int array (n,), (m,)
        Whose they are: 0 to `people` - 1. Ties go to the lower person.
    probe_angles, entry_angles : int array (n,), (m,)
    people : int
    protocol : str
        ``all-views``, ``same-view`` or ``cross-view``.
    seed : int
        Of the permutations of the linkability's null.
    precision : bool
        Also rank all entries.
    keep : bool
        Give the distances to people; where they are too many (`KEPT_PAIRS`), they are counted.
    count : bool
        False: where they are not kept, they are not counted either.
    tell : callable
        Told of the share that is done.
    """
    groups = groups_of(protocol, probe_angles, entry_angles)
    total = sum(len(rows) for _, rows, _ in groups)
    counted = None if keep or not count else Counted(space.bounds, probe_angles, people, seed)
    parts: list[dict[str, NDArray[Any]]] = []
    done = 0
    for angle, mine, columns in groups:
        layers = _Layers(entry_persons[columns], people)
        measure = space.against(entries[columns][layers.order])
        labels = layers.persons.astype(str) if precision else None
        for some in _blocks(mine, len(columns), exact=keep):
            block = measure(probes[some])
            own = persons[some]
            nearest = layers.nearest(block)
            np.clip(
                nearest, space.bounds[0], None, out=nearest
            )  # products are rounded: no distance is under 0
            one = _looked_at(nearest, own)
            one["gallery_angles"] = np.full(len(some), angle, dtype=np.int64)
            one["rows"] = some
            if labels is not None:
                one["precision"] = _precision(block, own, labels, layers.there)
            if keep:
                one["distances"] = nearest.astype(np.float32)
            elif counted is not None:
                counted.add(nearest, own, probe_angles[some])
            parts.append(one)
            done += len(some)
            tell(done / total)
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Found(
        whole["rows"], whole["gallery_angles"], whole["ranks"], whole["named"], whole["next_named"], whole["own"],
        whole["nearest_other"], whole.get("precision"), whole.get("distances"),
        None if counted is None else counted.verification(),
    )  # fmt: skip


def _blocks(rows: Rows, columns: int, *, exact: bool) -> Iterator[Rows]:
    size = int(np.clip(_BLOCK // ((8 if exact else 4) * max(1, columns)), 16, 2048))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class _Layers:
    """Entries in layers: everybody's first entry, everybody's second, ...: the minimum of layers is a person's nearest.

    Attributes
    ----------
    order : int array (m,)
        Entries, layer by layer; within a layer by person, who has more entries first.
    persons : int array (m,)
        In that order.
    there : bool array (P,)
        Who has an entry.
    """

    def __init__(self, persons: NDArray[np.intp], people: int) -> None:
        counts = np.bincount(persons, minlength=people)
        ranked = np.argsort(-counts, kind="stable")
        self.place = np.empty(people, np.intp)
        self.place[ranked] = np.arange(people)
        by_person = np.argsort(persons, kind="stable")
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        layer = np.empty(len(persons), np.intp)
        layer[by_person] = np.arange(len(persons)) - starts[persons[by_person]]
        self.order = np.lexsort((self.place[persons], layer))
        self.persons = persons[self.order]
        self.sizes = np.bincount(layer).tolist()
        self.there = np.asarray(counts > 0)

    def nearest(self, block: Block) -> Block:
        """Distance to each person's nearest entry, (b, P); infinite where there is none."""
        found = np.full((len(block), len(self.place)), np.inf, dtype=block.dtype)
        start = 0
        for size in self.sizes:
            layer = block[:, start : start + size]
            np.minimum(found[:, :size], layer, out=found[:, :size])
            start += size
        return found[:, self.place]


def _looked_at(nearest: Block, own: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
    """Ranks and names from distances to people (b, P)."""
    lines = np.arange(len(own))
    value = nearest[lines, own]
    before = np.count_nonzero(nearest < value[:, None], axis=1)
    level = np.count_nonzero(nearest == value[:, None], axis=1)
    for i in np.flatnonzero(level > 1).tolist():
        before[i] += np.count_nonzero(nearest[i, : own[i]] == value[i])
    named = nearest.argmin(axis=1)
    nearest[lines, own] = np.inf
    other = nearest.argmin(axis=1)
    distance = nearest[lines, other].astype(np.float64)
    nearest[lines, own] = value
    return {
        "ranks": before.astype(np.int64) + 1, "named": named, "next_named": other,
        "own": value.astype(np.float64), "nearest_other": distance,
    }  # fmt: skip


def _precision(
    block: Block, own: NDArray[np.intp], labels: NDArray[np.str_], there: NDArray[np.bool_]
) -> NDArray[np.float64]:
    found = np.full(len(own), np.nan)
    enrolled = there[own]
    if enrolled.any():
        mine = own[enrolled].astype(str)
        found[enrolled] = average_precisions(block[enrolled] if not enrolled.all() else block, mine, labels)
    return found
