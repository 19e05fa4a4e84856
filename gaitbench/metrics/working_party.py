"""Singling out and linkability after the Article 29 working party, as Vauquier et al. compute them for voices.

The same numbers as the public package ``voice-anonymization-legal-eval`` on the same scores (a peer in the tests, not a
dependency). They measure risks that a legal judgement needs; they are none themselves.

References
----------
Article 29 Data Protection Working Party, *Opinion 05/2014 on anonymisation techniques* (WP 216).
Vauquier, Srivastava, Hosseini, Vincent, *Legally validated evaluation framework for voice anonymization*, Interspeech
(2025).
Cohen, Nissim, *Towards formalizing the GDPR's notion of singling out*, PNAS 117 (2020).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from gaitbench.metrics._checks import as_labels, as_numbers, check_count

__all__ = ["linkability", "nearer_people", "singled_out", "sizes_up_to"]


def nearer_people(distances: ArrayLike, subjects: ArrayLike, people: ArrayLike) -> NDArray[np.int64]:
    """How many people lie strictly nearer than the probe's own, int64 (n,): a tie is the attacker's luck.

    Parameters
    ----------
    distances : float array (n, P)
    subjects, people : str arrays (n,), (P,)
        Every subject is among `people`.
    """
    d = as_numbers(distances, "distances")
    if d.ndim != 2 or np.isnan(d).any():
        raise ValueError("distances must be (n, P) without NaN; leave out what was not seen")
    own = as_labels(subjects, d.shape[0], name="subjects")
    place = {name: i for i, name in enumerate(as_labels(people, d.shape[1], name="people").tolist())}
    strange = [name for name in own.tolist() if name not in place]
    if strange:
        raise ValueError(f"subject {strange[0]!r} is not enrolled; linkability is undefined for strangers")
    value = d[np.arange(len(own)), [place[name] for name in own.tolist()]]
    return np.asarray(np.count_nonzero(d < value[:, None], axis=1), dtype=np.int64)


def linkability(nearer: ArrayLike, people: int, size: int) -> NDArray[np.float64]:
    """Chance that each probe is linked to its person among `size` people: the own one and others drawn at random.

    Parameters
    ----------
    nearer : int array (n,)
        From `nearer_people`.
    people : int
        Enrolled.
    size : int
        From 1 to `people`.

    Returns
    -------
    float64 array (n,)
        In [0, 1]; exact (hypergeometric), no draw is made.
    """
    check_count("size", size, 1, people, "as many people as are enrolled")
    others, drawn = people - 1, size - 1
    left = others - np.asarray(nearer, dtype=np.float64)
    if drawn == 0:
        return np.ones_like(left)
    with np.errstate(invalid="ignore"):
        chance = (
            gammaln(left + 1) - gammaln(left - drawn + 1) - gammaln(others + 1) + gammaln(others - drawn + 1)
        )
    return np.where(left >= drawn, np.exp(np.where(left >= drawn, chance, 0.0)), 0.0)


def singled_out(
    test: ArrayLike, calibration: ArrayLike, size: int, *, runs: int = 5, seed: int = 0, fold: int = 0
) -> NDArray[np.bool_]:
    """Whether each person's predicate ("nearer to this person than a threshold") picks out one of `size` people alone.

    The threshold lies where as many of the calibration sequences of these people pass as each of them has: one of
    `size`, as a guess would.

    Parameters
    ----------
    test : float array (P, P)
        Distance of the test sequence of person j (column) to enrolled person i (row).
    calibration : float array (P, P, M)
        The same of M other sequences of each person.
    size : int
        People in a set, 2 to P, the predicate's own among them.
    runs : int
        Sets drawn for each person.
    seed, fold : int
        Of the draws: those of the public package.

    Returns
    -------
    bool array (P, runs)
    """
    d, held = as_numbers(test, "test"), as_numbers(calibration, "calibration")
    people = len(d)
    if d.shape != (people, people) or held.ndim != 3 or held.shape[:2] != d.shape or not held.shape[2]:
        raise ValueError(f"expected test (P, P) and calibration (P, P, M), got {d.shape} and {held.shape}")
    if not (np.isfinite(d).all() and np.isfinite(held).all()):
        raise ValueError("distances must be finite; leave out people whose sequences were not seen")
    check_count("size", size, 2, people, "as many people as there are")
    each = held.shape[2]
    found = np.zeros((people, runs), dtype=bool)
    for person in range(people):
        for run in range(runs):
            rng = np.random.default_rng((seed, size, fold, person, run))
            others = rng.choice(people - 1, size=size - 1, replace=False)
            chosen = np.concatenate(([person], np.where(others >= person, others + 1, others)))
            near = np.sort(held[person, chosen].ravel())[: each + 1]
            threshold = (near[-2] + near[-1]) / 2.0
            found[person, run] = np.count_nonzero(d[person, chosen] < threshold) == 1
    return found


def sizes_up_to(people: int, sizes: Sequence[int]) -> list[int]:
    """Those of `sizes` that there are people for, and all of them at last."""
    return sorted({s for s in sizes if 2 <= s <= people} | {people})
