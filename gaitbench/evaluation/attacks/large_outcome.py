"""What is left of an attack whose distances are too many to be kept: ranks, names, and counts of distances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.outcomes import Outcome, named_rightly
from gaitbench.evaluation.attacks.strangers import Strangers
from gaitbench.evaluation.attacks.verification import Verification
from gaitbench.results.schema_attacks import Attack

__all__ = ["AnyOutcome", "LargeOutcome"]


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
    precision: NDArray[np.float64] | None = None

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
