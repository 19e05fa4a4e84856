"""The stranger test: an attack that names people must not name strangers (PROTOCOL, Attackers).

A stranger is somebody who is not in the gallery: each probe's own person is taken out of it. He walks under the noise
that another person's probe bears (the next one's, same walk and view), the attack is run as if that were his video, and
he must be named as that person no more often than by chance. An attack that names the owner of the noise instead of
the person fails. Where a system cannot be run again (files of somebody else), or an attack reads painted pictures, the
stranger bears his own noise, and the test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances, by_protocol
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.noise import as_next_of, next_of

__all__ = ["Strangers", "borrowed_noise", "shown_as_strangers", "stranger_tests"]

#: Standard errors above chance at which an attack has failed: one false alarm in ten thousand attacks.
ALARM = 4.0


@dataclass(frozen=True)
class Strangers:
    """Strangers under the noise of people of the gallery.

    Parameters
    ----------
    subjects : str array (n,)
        Who walks.
    named : bool array (n,)
        Named as the person whose noise it is.
    chance : float
        Of a blind guess among the people left in the gallery, in 0..1.
    borrowed : bool
        They bear the noise of that person; otherwise their own.
    """

    subjects: NDArray[np.str_]
    named: NDArray[np.bool_]
    chance: float
    borrowed: bool

    @property
    def passed(self) -> bool:
        """Not named above chance, by `ALARM` standard errors (over people, and at least binomial)."""
        n = len(self.named)
        if not n:
            return True
        rate = float(self.named.mean())
        people, place = np.unique(self.subjects, return_inverse=True)
        residual = np.bincount(place, self.named - rate, minlength=len(people))
        clustered = float(np.square(residual).sum()) / n**2
        error = np.sqrt(max(clustered, self.chance * (1.0 - self.chance) / n))
        return bool(rate <= self.chance + ALARM * error)


def borrowed_noise(views: Views, rung: type[Rung] | Rung, cell: Cell) -> bool:
    """Whether strangers bear the noise of another person in this attack, and not their own."""
    return cell.attack.input == "silhouette" and not rung.noise_is_published and views.redraws(cell)


def stranger_tests(
    views: Views,
    rung: Rung,
    cell: Cell,
    reads: str,
    published: Features,
    people: Sequence[str],
    own: Distances,
    attack: Callable[[Features, list[SequenceKey]], Distances],
    galleries: Sequence[str],
) -> dict[str, Strangers]:
    """Run an attack on strangers, once, and judge it under each gallery protocol.

    Parameters
    ----------
    published : Features
        The probes that are attacked.
    people : sequence of str
        The gallery, sorted.
    own : Distances
        What the attack found for the probes under their own noise.
    attack : callable
        (shown probes, whose noise each bears) -> distances.
    galleries : sequence of str
        Gallery protocols; the keys of what is returned.
    """
    borrowed = borrowed_noise(views, rung, cell)
    if borrowed:
        everybody = views.shown(cell, "probe", as_next_of(people), reads)
        rows, bears = shown_as_strangers(everybody.keys, people, published.keys)
        shown = everybody.take(rows)
        found = attack(shown, bears)
    else:
        shown, found = published, own
        bears = [
            replace(k, subject=next_of(k.subject, people)) for k in published.keys if k.subject in people
        ]
        shown = published.take([k.subject in people for k in published.keys])
        found = Distances(own.values[[k.subject in people for k in published.keys]], own.angles, own.people)
    owners = np.array([b.subject for b in bears], dtype=str)
    chance = 1.0 / (len(people) - 1)
    return {
        gallery: Strangers(*_named_as(found, shown, owners, gallery), chance, borrowed)
        for gallery in galleries
    }


def shown_as_strangers(
    shown: Sequence[SequenceKey], people: Sequence[str], attacked: Sequence[SequenceKey]
) -> tuple[NDArray[np.bool_], list[SequenceKey]]:
    """Who of those shown under the noise of the next person is a stranger: he bears the noise of an attacked probe.

    Returns
    -------
    rows : bool array (n,)
        Of `shown`.
    bears : list of SequenceKey
        Whose noise each of those rows bears.
    """
    wanted = set(attacked)
    known = [k.subject in people for k in shown]
    owner = [
        replace(k, subject=next_of(k.subject, people)) if there else k
        for k, there in zip(shown, known, strict=True)
    ]
    rows = np.array([there and o in wanted for o, there in zip(owner, known, strict=True)], dtype=bool)
    return rows, [o for o, row in zip(owner, rows, strict=True) if row]


def _named_as(
    found: Distances, shown: Features, owners: NDArray[np.str_], gallery: str
) -> tuple[NDArray[np.str_], NDArray[np.bool_]]:
    """Who walks, and whether he is named as the person whose noise he bears, observation by observation."""
    subjects: list[NDArray[np.str_]] = []
    named: list[NDArray[np.bool_]] = []
    for _, index, values in by_protocol(found, shown.angles, gallery):
        keep = shown.good[index] & ~np.isnan(values).any(axis=1)
        rows, values = index[keep], values[keep].copy()
        values[shown.subjects[rows][:, None] == found.people] = np.inf  # a stranger is not in the gallery
        subjects.append(shown.subjects[rows])
        named.append(found.people[values.argmin(axis=1)] == owners[rows])
    return np.concatenate(subjects), np.concatenate(named)
