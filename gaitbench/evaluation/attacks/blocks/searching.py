"""Search a gallery for many probes, block by block."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.blocks.searched import Named, Searched, joined, named_of
from gaitbench.evaluation.attacks.blocks.widening import WideningCounts
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances, by_protocol
from gaitbench.protocol import GALLERIES

__all__ = ["Measure", "search"]

#: Usable probes -> values float32 (b, A, P), precisions float32 (b, A + 1); see `identify.Distances`.
Measure = Callable[[Features], tuple[NDArray[np.float32], NDArray[np.float32]]]


def search(
    measure: Measure,
    probes: Features,
    angles: NDArray[np.int64],
    people: NDArray[np.str_],
    rows: int,
    *,
    gallery: str,
    seed: int,
    tell: Callable[[float], None] = lambda _: None,
) -> Searched:
    """Name every probe under every gallery protocol, and verify under one.

    Parameters
    ----------
    measure : callable
    probes : Features
        Those that cannot be read are named by nobody.
    angles : int array (A,)
        Gallery angles.
    people : str array (P,)
        The gallery, sorted.
    rows : int
        Probes of a block.
    gallery : str
        Protocol under which equal error rate and linkability are counted.
    seed : int
        Of the permutations of the linkability's null.
    tell : callable
        Told of the share that is done.
    """
    subjects, seen_at, good = probes.subjects, probes.angles, probes.good
    place = {str(name): i for i, name in enumerate(people)}
    own = np.array([place.get(str(name), -1) for name in subjects], dtype=np.intp)
    counts = WideningCounts(seen_at, len(people), seed)
    found: dict[str, list[list[Named]]] = {name: [] for name in GALLERIES}
    for start in range(0, max(1, len(subjects)), rows):  # of no probes one block, with nothing in it
        here = np.arange(start, min(start + rows, len(subjects)))
        values = np.full((len(here), len(angles), len(people)), np.nan, dtype=np.float32)
        precisions = np.full((len(here), len(angles) + 1), np.nan, dtype=np.float32)
        if good[here].any():
            values[good[here]], precisions[good[here]] = measure(probes.take(here[good[here]]))
        block = Distances(values, angles, people, precisions)
        for name, parts in found.items():
            groups = named_of(block, subjects[here], seen_at[here], name)
            parts.append([Named(here[one.rows], *list(vars(one).values())[1:]) for one in groups])
        for _, some, nearest in by_protocol(block, seen_at[here], gallery):
            counts.add(nearest, own[here[some]], seen_at[here[some]])
        tell((start + len(here)) / max(1, len(subjects)))
    # group by group, as distances that are held are read: a gallery angle, all its probes
    under = {
        name: joined([part[i] for i in range(len(parts[0])) for part in parts])
        for name, parts in found.items()
    }
    return Searched(angles, people, under, counts.verification(), gallery)
