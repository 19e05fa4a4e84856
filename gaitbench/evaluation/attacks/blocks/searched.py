"""What is left of an attack that went block by block: under each gallery protocol who is named, and at which rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.identify import Distances, by_protocol, precisions_by_protocol
from gaitbench.evaluation.attacks.verification import NOTHING_VERIFIED, Verification
from gaitbench.protocol import GALLERIES

__all__ = [
    "AnyDistances", "Named", "Searched", "joined", "named_at", "named_of", "nothing_searched", "searched_of", "taken",
]  # fmt: skip

_VERIFIED = ("eer", "d_sys", "d_sys_null")


@dataclass(frozen=True)
class Named:
    """Who is named under one gallery protocol, observation by observation (k), in the order of `by_protocol`.

    Parameters
    ----------
    rows : int array (k,)
        Position of each observation's probe.
    gallery_angles : int array (k,)
        -1 where the gallery is not divided by angle.
    ranks : int array (k,)
        Of the own person, from 1: the last one where there is nothing to look at, one more where nobody enrolled him.
    named, next_named : int array (k,)
        Nearest person, and the nearest but the own one; -1 where there is nothing to look at.
    precision : float32 array (k,)
        Average precision over entries, NaN where it is not known.
    """

    rows: NDArray[np.intp]
    gallery_angles: NDArray[np.int64]
    ranks: NDArray[np.int64]
    named: NDArray[np.intp]
    next_named: NDArray[np.intp]
    precision: NDArray[np.float32]

    def take(self, chosen: NDArray[np.bool_]) -> Named:
        """The observations of some probes, bool (n,), which are numbered anew."""
        number = np.cumsum(chosen) - 1
        here = chosen[self.rows]
        return Named(
            number[self.rows[here]], self.gallery_angles[here], self.ranks[here], self.named[here],
            self.next_named[here], self.precision[here],
        )  # fmt: skip


@dataclass(frozen=True)
class Searched:
    """What a search found.

    Parameters
    ----------
    angles : int array (A,)
        Gallery angles.
    people : str array (P,)
        The gallery, sorted.
    under : mapping of str to Named
        By gallery protocol.
    verified : Verification
        Under the gallery protocol `counted`; under the others nothing is.
    counted : str
    """

    angles: NDArray[np.int64]
    people: NDArray[np.str_]
    under: Mapping[str, Named]
    verified: Verification
    counted: str

    def verification(self, gallery: str) -> Verification:
        """What was counted under a gallery protocol."""
        return self.verified if gallery == self.counted else NOTHING_VERIFIED

    def arrays(self) -> dict[str, NDArray[Any]]:
        """As the store keeps it."""
        told = [getattr(self.verified, name) for name in _VERIFIED]
        found: dict[str, NDArray[Any]] = {
            "verified": np.array([np.nan if v is None else v for v in told], dtype=np.float64)
        }
        for gallery, named in self.under.items():
            for name, values in vars(named).items():
                small = (
                    values
                    if name == "precision"
                    else values.astype(np.int64 if "angles" in name else np.int32)
                )
                found[f"{gallery} {name}"] = small
        return found

    @classmethod
    def of(
        cls, arrays: Mapping[str, NDArray[Any]], angles: NDArray[np.int64], people: NDArray[np.str_], counted: str
    ) -> Searched:  # fmt: skip
        """From what the store kept."""
        under = {
            gallery: Named(*(arrays[f"{gallery} {name}"] for name in Named.__dataclass_fields__))
            for gallery in GALLERIES
        }
        told = [None if np.isnan(v) else float(v) for v in arrays["verified"]]
        return cls(angles, people, under, Verification(*told), counted)


#: What an attack finds: all distances, or what a search left of them.
AnyDistances = Distances | Searched


def taken(found: AnyDistances, chosen: NDArray[np.bool_]) -> AnyDistances:
    """What was found of some of the probes, bool (n,)."""
    if isinstance(found, Distances):
        return Distances(found.values[chosen], found.angles, found.people)
    under = {gallery: named.take(chosen) for gallery, named in found.under.items()}
    return Searched(found.angles, found.people, under, NOTHING_VERIFIED, found.counted)


def named_at(
    found: AnyDistances, chosen: NDArray[np.bool_], place: int, probe_angles: NDArray[np.int64]
) -> NDArray[np.str_]:
    """Who of those enrolled at one gallery angle, `angles[place]`, is named for some readable probes, bool (n,)."""
    if isinstance(found, Distances):
        return np.asarray(found.people[found.values[chosen, place].argmin(axis=1)])
    named = np.full(len(chosen), -1, dtype=np.intp)
    same, other = found.under["same-view"], found.under["cross-view"]
    own = probe_angles[same.rows] == found.angles[place]
    named[same.rows[own]] = same.named[own]
    here = other.gallery_angles == found.angles[place]
    named[other.rows[here]] = other.named[here]
    return np.asarray(found.people[named[chosen]])


def named_of(
    distances: Distances, subjects: NDArray[np.str_], probe_angles: NDArray[np.int64], gallery: str
) -> list[Named]:
    """Who is named under a gallery protocol, one `Named` a group of `by_protocol`."""
    precisions = precisions_by_protocol(distances, probe_angles, gallery)
    return [
        _looked_at(values, rows, -1 if angle is None else angle, subjects[rows], distances.people, precision)
        for (angle, rows, values), precision in zip(
            by_protocol(distances, probe_angles, gallery), precisions, strict=True
        )
    ]


def searched_of(
    found: AnyDistances, subjects: NDArray[np.str_], probe_angles: NDArray[np.int64], gallery: str
) -> Searched:
    """Distances that are held, as a search would have left them; nothing is counted of them."""
    if isinstance(found, Searched):
        return found
    under = {g: joined(named_of(found, subjects, probe_angles, g)) for g in GALLERIES}
    return Searched(found.angles, found.people, under, NOTHING_VERIFIED, gallery)


def nothing_searched() -> dict[str, NDArray[Any]]:
    """The arrays of a search that found nothing: of no matter, where a run is rehearsed."""
    empty = np.zeros(0, dtype=np.int64)
    named = Named(empty, empty, empty, empty, empty, empty.astype(np.float32))
    return Searched(empty, empty.astype(str), dict.fromkeys(GALLERIES, named), NOTHING_VERIFIED, "").arrays()


def joined(parts: list[Named]) -> Named:
    """Observations one after another."""
    return Named(*(np.concatenate([getattr(p, name) for p in parts]) for name in Named.__dataclass_fields__))


def _looked_at(
    values: NDArray[np.float32],
    rows: NDArray[np.intp],
    angle: int,
    subjects: NDArray[np.str_],
    people: NDArray[np.str_],
    precision: NDArray[np.float32],
) -> Named:
    """Ranks as `ranks_of` gives them and names, from distances to people (k, P)."""
    lines, last = np.arange(len(rows)), len(people)
    own = np.minimum(np.searchsorted(people, subjects), last - 1)
    enrolled = people[own] == subjects
    blank = np.isnan(values).any(axis=1)
    value = values[lines, own][:, None]
    earlier = (values == value) & (np.arange(last) < own[:, None])
    ranks = 1 + np.count_nonzero((values < value) | earlier, axis=1)
    ranks = np.where(enrolled, np.where(blank, last, ranks), last + 1)
    others = values.copy()
    others[lines[enrolled], own[enrolled]] = np.inf
    named, following = (np.where(blank, -1, v.argmin(axis=1)) for v in (values, others))
    return Named(
        rows, np.full(len(rows), angle, dtype=np.int64), ranks.astype(np.int64), named, following,
        np.asarray(precision, dtype=np.float32),
    )  # fmt: skip
