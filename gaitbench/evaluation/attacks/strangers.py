"""The stranger test: an attack that names people must not name strangers (PROTOCOL, Attackers).

A stranger is somebody who is not in the gallery: each probe's own person is taken out of it. He walks under the noise
that another person's probe bears (the next one's, same walk and view), the attack is run as if that were his video, and
he must be named as that person no more often than by chance. An attack that names the owner of the noise instead of
the person fails. Where a system cannot be run again (files of somebody else), or an attack reads painted pictures, the
stranger bears his own noise, and the test says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.attacks.blocks.searched import AnyDistances, Searched, taken
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import by_protocol
from gaitbench.evaluation.attacks.rungs.sight import Sight

__all__ = ["Strangers", "stranger_tests"]

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


def stranger_tests(
    sight: Sight, own: AnyDistances, borrowed: AnyDistances | None, galleries: Sequence[str]
) -> dict[str, Strangers]:
    """Judge what an attack found of strangers under each gallery protocol; nothing where too few people are enrolled.

    Parameters
    ----------
    sight : Sight
        What the attack looked at.
    own : Distances or Searched
        What it found for the probes under their own noise.
    borrowed : Distances, Searched or None
        What it found for `sight.strangers`; None where they are the probes themselves.
    galleries : sequence of str
        Gallery protocols; the keys of what is returned.
    """
    if not sight.tests_strangers:
        return {}
    shown, bears = sight.strangers
    found = borrowed
    if found is None:
        people = set(sight.people)
        found = taken(own, np.array([k.subject in people for k in sight.published.keys], dtype=bool))
    owners = np.array([b.subject for b in bears], dtype=str)
    chance = 1.0 / (len(sight.people) - 1)
    return {
        gallery: Strangers(*_named_as(found, shown, owners, gallery), chance, sight.noise_is_borrowed)
        for gallery in galleries
    }


def _named_as(
    found: AnyDistances, shown: Features, owners: NDArray[np.str_], gallery: str
) -> tuple[NDArray[np.str_], NDArray[np.bool_]]:
    """Who walks, and whether he is named as the person whose noise he bears, observation by observation."""
    if isinstance(found, Searched):
        one = found.under[gallery]
        keep = shown.good[one.rows] & (one.next_named >= 0)
        rows, other = one.rows[keep], found.people[one.next_named[keep]]
        return shown.subjects[rows], np.asarray(other == owners[rows])
    subjects: list[NDArray[np.str_]] = []
    named: list[NDArray[np.bool_]] = []
    for _, index, values in by_protocol(found, shown.angles, gallery):
        keep = shown.good[index] & ~np.isnan(values).any(axis=1)
        rows, values = index[keep], values[keep].copy()
        values[shown.subjects[rows][:, None] == found.people] = np.inf  # a stranger is not in the gallery
        subjects.append(shown.subjects[rows])
        named.append(found.people[values.argmin(axis=1)] == owners[rows])
    return np.concatenate(subjects), np.concatenate(named)
