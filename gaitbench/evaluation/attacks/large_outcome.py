"""What is left of an attack whose distances are too many to be kept: ranks, names, and counts of distances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.blocks.searched import AnyDistances, searched_of
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.outcomes import Outcome, named_rightly
from gaitbench.evaluation.attacks.strangers import Strangers
from gaitbench.evaluation.attacks.verification import Verification
from gaitbench.results.schema_attacks import Attack

__all__ = ["AnyOutcome", "LargeOutcome", "large_outcome_of"]


@dataclass(frozen=True)
class LargeOutcome:
    """An `Outcome` without its distances; fields of one name mean the same.

    Parameters
    ----------
    ranks_before, ranks_after : int array (n,)
        Rank of the own subject among the people, from 1; 1 after a failed anonymization.
    named_before, named_after : str array (n,)
        Who is named; "" where there is nothing to look at.
    verified : Verification
        Of the anonymized observations.
    """

    anonymizer: str
    colorizer: str
    attack: Attack
    keys: tuple[SequenceKey, ...]
    subjects: NDArray[np.str_]
    angles: NDArray[np.int64]
    gallery_angles: NDArray[np.int64]
    people: NDArray[np.str_]
    ranks_before: NDArray[np.int64]
    ranks_after: NDArray[np.int64]
    named_before: NDArray[np.str_]
    named_after: NDArray[np.str_]
    failed: NDArray[np.bool_]
    verified: Verification
    strangers: Strangers | None = None
    precision: NDArray[np.float32] | NDArray[np.float64] | None = None

    @property
    def correct_before(self) -> NDArray[np.bool_]:
        """Named correctly at rank 1 when untouched, bool (n,)."""
        return named_rightly(self.named_before, self.subjects)

    @property
    def correct_after(self) -> NDArray[np.bool_]:
        """Named correctly after anonymization, or failed, bool (n,)."""
        return named_rightly(self.named_after, self.subjects, self.failed)

    def verification(self, *, seed: int) -> Verification:
        """Equal error rate and linkability, as they were counted; the seed was the run's then, too."""
        return self.verified


#: What the rows of the tables are made of.
AnyOutcome = Outcome | LargeOutcome


def large_outcome_of(
    anonymizer: str,
    colorizer: str,
    attack: Attack,
    probes: Features,
    shown: Features,
    before: AnyDistances,
    after: AnyDistances,
    strangers: Strangers | None = None,
) -> LargeOutcome:
    """As `outcome_of`, of what a search in blocks left of distances; one of the two may have been held.

    Parameters
    ----------
    probes, shown : Features
        The probes untouched and anonymized.
    before, after : Distances or Searched

    Raises
    ------
    ValueError
        If the rows or the people are not the same.
    """
    if probes.keys != shown.keys:
        raise ValueError("the anonymized probes are not those of the originals, row by row")
    if not np.array_equal(before.people, after.people):
        raise ValueError("the galleries before and after do not hold the same people")
    people, subjects, angles = before.people, probes.subjects, probes.angles
    both = [searched_of(found, subjects, angles, attack.gallery) for found in (before, after)]
    one, two = (found.under[attack.gallery] for found in both)
    if not (np.array_equal(one.rows, two.rows) and np.array_equal(one.gallery_angles, two.gallery_angles)):
        raise ValueError("the galleries before and after do not have the same angles")
    keep = probes.good[one.rows]
    rows = one.rows[keep]
    failed = ~shown.good[rows]
    enrolled = np.isin(subjects[rows], people)
    # who failed is found (the worst case), if there is anybody to find
    ranks = np.where(failed & enrolled, 1, two.ranks[keep])

    def names(named: NDArray[np.intp]) -> NDArray[np.str_]:
        return np.where(named >= 0, people[named], "")

    return LargeOutcome(
        anonymizer, colorizer, attack, tuple(probes.keys[i] for i in rows.tolist()), subjects[rows], angles[rows],
        one.gallery_angles[keep], people, one.ranks[keep], ranks, names(one.named[keep]), names(two.named[keep]),
        failed, both[1].verification(attack.gallery), strangers, two.precision[keep],
    )  # fmt: skip
