"""How much the distances of an attack take, and whether a suite lets them be held."""

from __future__ import annotations

import numpy as np

from gaitbench.evaluation.attacks.features import Features
from gaitbench.suites import Suite

__all__ = ["BLOCK", "block_rows", "bytes_of", "held", "too_many", "too_many_each"]

#: Bytes of the distances of one block of probes. Not the suite's: blocks of another size are rounded otherwise.
BLOCK = 64 * 10**6
#: The fewest probes of a block: products of fewer rows take as long.
_FEWEST = 16
#: Bytes of a distance; of a pair of people in the null of the linkability (a histogram of 100 bins).
_DISTANCE, _PAIR = 4, 800


def bytes_of(probes: int, entries: int, angles: int, people: int) -> int:
    """The largest array of an attack whose distances are held, in bytes.

    Parameters
    ----------
    probes, entries : int
        Sequences.
    angles, people : int
        Of the gallery.
    """
    return max(_DISTANCE * probes * max(entries, angles * people), _PAIR * people**2)


def held(suite: Suite) -> int:
    """Bytes that the suite lets them take."""
    return suite.attacks.distances_mb * 10**6


def too_many(suite: Suite, probes: Features, gallery: Features) -> bool:
    """Whether an attack has to go block by block.

    Rows that could not be read count, too: so attacks on one set of people all go one way.
    """
    angles, people = len(np.unique(gallery.angles)), len(np.unique(gallery.subjects))
    return bytes_of(len(probes.keys), len(gallery.keys), angles, people) > held(suite)


def too_many_each(suite: Suite, probes: Features, gallery: Features) -> bool:
    """The same of probes that have a gallery of their own each: pairs of people are counted of none of them."""
    angles, people = len(np.unique(gallery.angles)), len(np.unique(gallery.subjects))
    return _DISTANCE * len(probes.keys) * max(len(gallery.keys), angles * people) > held(suite)


def block_rows(entries: int, angles: int, people: int) -> int:
    """Probes of one block."""
    return max(_FEWEST, BLOCK // (_DISTANCE * max(1, entries, angles * people)))
