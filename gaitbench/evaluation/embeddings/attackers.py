"""Attackers made of what was handed in: each rung with its distances, its gallery and its probes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import ConfigError, DataError
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome, LargeOutcome
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.attacks.strangers import Strangers
from gaitbench.evaluation.attacks.verification import NOTHING_VERIFIED
from gaitbench.evaluation.embeddings.search import KEPT_PAIRS, KEPT_PEOPLE, Found, search
from gaitbench.evaluation.embeddings.spaces import Space
from gaitbench.results.schema_attacks import Attack

__all__ = ["RUNGS_HANDED_IN", "Attacker", "Enrolled", "check_rung", "outcome_of_search", "searched"]

#: Rungs that can be handed in, beside `ignorant`.
RUNGS_HANDED_IN = ("lazy-informed", "semi-informed", "linked", "de-anonymize")


@dataclass(frozen=True)
class Attacker:
    """A rung, and where its distances come from.

    Parameters
    ----------
    rung : str
    space : Space
    probes, gallery : dict of SequenceKey to int
        Rows of the usable sequences in the space.
    drawn : sequence of SequenceKey, optional
        Attack only these probes.
    """

    rung: str
    space: Space
    probes: Mapping[SequenceKey, int]
    gallery: Mapping[SequenceKey, int]
    drawn: Sequence[SequenceKey] | None = None


@dataclass(frozen=True)
class Enrolled:
    """Who is searched for among whom, the same for all rungs.

    Parameters
    ----------
    people : str array (P,)
    gallery, probes : tuple of SequenceKey
    protocol : str
    seed : int
    pairs : int
        Observations times people up to which distances are kept.
    """

    people: NDArray[np.str_]
    gallery: tuple[SequenceKey, ...]
    probes: tuple[SequenceKey, ...]
    protocol: str
    seed: int
    pairs: int = KEPT_PAIRS

    @property
    def keep(self) -> bool:
        """Whether the distances of every probe to every person are kept."""
        if len(self.people) > KEPT_PEOPLE:
            return False
        views = len({k.angle for k in self.gallery}) if self.protocol == "cross-view" else 1
        return len(self.probes) * views * len(self.people) <= self.pairs


def check_rung(rung: str) -> None:
    """Refuse a rung that cannot be handed in."""
    if rung not in RUNGS_HANDED_IN:
        why = " (it shows everybody under the noise of the probe in hand: a gallery for each probe)"
        raise ConfigError(
            f"the rung {rung!r} cannot be handed in{why if rung == 'informed' else ''}; take "
            f"{', '.join(RUNGS_HANDED_IN)}"
        )


def searched(
    attacker: Attacker,
    enrolled: Enrolled,
    *,
    precision: bool,
    count: bool = True,
    tell: Callable[[float], None] = lambda _: None,
) -> tuple[Found, NDArray[np.intp]]:
    """Search the attacker's gallery for its probes; `precision` and `count` as of `search`.

    Returns
    -------
    found : Found
        Its rows are those of `probes`.
    probes : int array (n,)
        Positions among the enrolled probes that the attacker could look at.

    Raises
    ------
    DataError
        If gallery sequences lack.
    """
    absent = [k for k in enrolled.gallery if k not in attacker.gallery]
    if absent:
        raise DataError(
            f"{attacker.rung}: {len(absent)} of {len(enrolled.gallery)} gallery sequences lack, or hold NaN (first: "
            f"{absent[0]}); hand in all of them, so that everybody can be named"
        )
    asked = set(enrolled.probes if attacker.drawn is None else attacker.drawn)
    there = np.array(
        [i for i, k in enumerate(enrolled.probes) if k in attacker.probes and k in asked], dtype=np.intp
    )
    if not len(there):
        raise DataError(
            f"{attacker.rung}: none of the {len(enrolled.probes)} probes is there (first: {enrolled.probes[0]})"
        )

    def persons(keys: Sequence[SequenceKey]) -> NDArray[np.intp]:
        return np.searchsorted(enrolled.people, np.array([k.subject for k in keys], dtype=str))

    def angles(keys: Sequence[SequenceKey]) -> NDArray[np.int64]:
        return np.array([k.angle for k in keys], dtype=np.int64)

    mine = [enrolled.probes[i] for i in there.tolist()]
    found = search(
        attacker.space,
        np.array([attacker.probes[k] for k in mine], dtype=np.intp), persons(mine), angles(mine),
        np.array([attacker.gallery[k] for k in enrolled.gallery], dtype=np.intp), persons(enrolled.gallery),
        angles(enrolled.gallery), len(enrolled.people),
        protocol=enrolled.protocol, seed=enrolled.seed, precision=precision, keep=enrolled.keep, count=count,
        tell=tell,
    )  # fmt: skip
    return found, there


def outcome_of_search(
    names: tuple[str, Attack],
    enrolled: Enrolled,
    before: tuple[Found, NDArray[np.intp]],
    after: tuple[Found, NDArray[np.intp]],
    drawn: Sequence[SequenceKey] | None = None,
) -> AnyOutcome:
    """Join what was found untouched and anonymized, observation by observation.

    Parameters
    ----------
    names : (anonymizer, attack)
    enrolled : Enrolled
    before, after : (Found, positions of its probes)
        Of the untouched probes, all of them; of the anonymized ones, where a probe that lacks has failed.
    drawn : sequence of SequenceKey, optional
        The probes that were to be attacked (default: all).
    """
    anonymizer, attack = names
    one, two = before[0], after[0]
    probes = before[1][one.rows]
    place = {
        mark: i
        for i, mark in enumerate(zip(after[1][two.rows].tolist(), two.gallery_angles.tolist(), strict=True))
    }
    asked = None if drawn is None else set(drawn)
    chosen = [i for i, p in enumerate(probes.tolist()) if asked is None or enrolled.probes[p] in asked]
    index = np.array(
        [place.get((int(probes[i]), int(one.gallery_angles[i])), -1) for i in chosen], dtype=np.intp
    )
    rows = np.array(chosen, dtype=np.intp)
    keys = tuple(enrolled.probes[p] for p in probes[rows].tolist())
    failed = np.asarray(index < 0)
    strangers = _strangers(two, after[1], enrolled)
    precision = None if two.precision is None else np.where(failed, np.nan, two.precision[index])
    gallery_angles, people = one.gallery_angles[rows], enrolled.people
    if one.distances is not None and two.distances is not None:
        shown = two.distances[index].copy()
        shown[failed] = np.nan
        return Outcome(
            anonymizer, "none", attack, keys, gallery_angles, people, one.distances[rows], shown, failed, strangers,
            precision,
        )  # fmt: skip
    return LargeOutcome(
        anonymizer, "none", attack, keys, np.array([k.subject for k in keys], dtype=str),
        np.array([k.angle for k in keys], dtype=np.int64), gallery_angles, people, one.ranks[rows],
        np.where(failed, 1, two.ranks[index]), people[one.named[rows]],
        np.where(failed, "", people[two.named[index]]), failed, two.verified or NOTHING_VERIFIED, strangers, precision,
    )  # fmt: skip


def _strangers(found: Found, probes: NDArray[np.intp], enrolled: Enrolled) -> Strangers | None:
    """The stranger test where nothing can be anonymized again: a stranger bears his own noise."""
    people = len(enrolled.people)
    if people < 3:
        return None
    subjects = np.array([enrolled.probes[p].subject for p in probes[found.rows].tolist()], dtype=str)
    following = (np.searchsorted(enrolled.people, subjects) + 1) % people
    return Strangers(subjects, np.asarray(found.next_named == following), 1.0 / (people - 1), False)
