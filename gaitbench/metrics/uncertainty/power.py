"""How many people and probes a comparison needs, and which difference it could see.

Two systems are compared on the same people by the share of probes that are named (or hidden): one mean a person and
system, and Student's t over the persons' differences, as the tables do. Probes of one person resemble each other: of
``m`` probes at a rate ``p`` the mean has variance ``p (1 - p) (1 + (m - 1) icc) / m`` (the design effect of cluster
samples; Kish 1965), with `icc` the correlation between two probes of one person. The power of the t test is that of
the noncentral t distribution (Cohen 1988).

References
----------
Kish, *Survey sampling*, Wiley (1965), section 5.4.
Cohen, *Statistical power analysis for the behavioral sciences*, 2nd ed., Erlbaum (1988).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import nctdtr, stdtrit

from gaitbench.metrics._checks import as_flags, as_labels, check_count, check_share

__all__ = ["Design", "intraclass_correlation"]

#: Beyond, a study is called impossible.
_MOST_SUBJECTS = 1_000_000


@dataclass(frozen=True)
class Design:
    """A comparison of two systems on the same people.

    Parameters
    ----------
    rate : float
        Share of the probes that one system leaves named, in (0, 1).
    icc : float
        Correlation between two probes of one person, in [0, 1).
    probes : int
        Of each person.
    shared : float
        Correlation between what the two systems leave of one probe, in [0, 1); 0 is the careful choice.
    confidence : float
        Of the interval, in (0, 1); the test is two-sided.

    Examples
    --------
    >>> design = Design(rate=0.1, icc=0.1, probes=33)
    >>> round(design.power(0.05, 40), 2), round(design.smallest_difference(40), 3)
    (0.46, 0.079)
    >>> design.subjects(0.05)
    89
    """

    rate: float
    icc: float
    probes: int
    shared: float = 0.0
    confidence: float = 0.95

    def __post_init__(self) -> None:
        check_share("rate", self.rate)
        check_share("confidence", self.confidence)
        check_count("probes", self.probes, 1, _MOST_SUBJECTS, "as many as there are")
        for name in ("icc", "shared"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; give a number from 0 to under 1")

    def spread(self, difference: float) -> float:
        """Standard deviation of a person's difference, where the systems lie `difference` apart.

        Raises
        ------
        ValueError
            If no rate in [0, 1] lies so far from `rate`.
        """
        other = self.rate + difference if self.rate + difference <= 1 else self.rate - difference
        if not 0 <= other <= 1 or difference < 0:
            raise ValueError(f"a difference of {difference} from a rate of {self.rate} is impossible")
        single = self.rate * (1 - self.rate) + other * (1 - other)
        design_effect = self.icc + (1 - self.icc) / self.probes
        return float(np.sqrt(single * design_effect * (1 - self.shared)))

    def power(self, difference: float, subjects: int) -> float:
        """Chance that the interval over `subjects` people leaves out zero, in [0, 1]."""
        check_count("subjects", subjects, 2, _MOST_SUBJECTS, "two people and more have a spread")
        degrees = subjects - 1
        reach = float(stdtrit(degrees, 0.5 + self.confidence / 2))
        shift = np.sqrt(subjects) * difference / max(self.spread(difference), 1e-12)
        above, below = 1 - nctdtr(degrees, shift, reach), nctdtr(degrees, shift, -reach)
        # far from zero the series is lost (NaN): one tail then holds everything, the other nothing
        return float(np.clip(np.nan_to_num(above, nan=1.0) + np.nan_to_num(below, nan=0.0), 0.0, 1.0))

    def smallest_difference(self, subjects: int, power: float = 0.8) -> float | None:
        """The difference that is seen with this chance; None where no possible one is."""
        check_share("power", power)
        most = max(self.rate, 1 - self.rate)
        if self.power(most, subjects) < power:
            return None
        return float(brentq(lambda d: self.power(d, subjects) - power, 0.0, most, xtol=1e-6))

    def subjects(self, difference: float, power: float = 0.8) -> int | None:
        """How many people see `difference` with this chance; None beyond a million."""
        check_share("power", power)
        low, high = 2, 4
        if self.power(difference, low) >= power:
            return low
        while self.power(difference, high) < power:
            low, high = high, 2 * high
            if high > _MOST_SUBJECTS:
                return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.power(difference, middle) >= power else (middle, high)
        return high


def intraclass_correlation(correct: ArrayLike, subjects: ArrayLike) -> float:
    """Correlation between two probes of one person, from flags: one-way analysis of variance, not under 0.

    Parameters
    ----------
    correct : bool array (n,)
    subjects : label array (n,)
        Two people and more, one of them with two probes and more.

    Raises
    ------
    ValueError
        If there are too few people or probes, or the lengths differ.

    References
    ----------
    Donner, Koval, Biometrics 36 (1980): the estimator for groups of unequal size.
    """
    flags, names = (
        as_flags(correct, "correct").astype(np.float64),
        as_labels(subjects, np.size(subjects), name="subjects"),
    )
    if names.shape != flags.shape:
        raise ValueError(f"expected two vectors of one length, got {flags.shape} and {names.shape}")
    groups, place, counts = np.unique(names, return_inverse=True, return_counts=True)
    if len(groups) < 2 or len(flags) <= len(groups):
        raise ValueError("give two people and more, one of them with two probes and more")
    means = np.bincount(place, flags) / counts
    between = float(np.sum(counts * (means - flags.mean()) ** 2)) / (len(groups) - 1)
    within = float(np.sum((flags - means[place]) ** 2)) / (len(flags) - len(groups))
    size = (len(flags) - np.sum(counts**2) / len(flags)) / (len(groups) - 1)
    total = between + (size - 1) * within
    return max(0.0, float((between - within) / total)) if total > 0 else 0.0
