"""What one attack found out about one system, observation by observation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances, by_protocol, precisions_by_protocol
from gaitbench.evaluation.attacks.strangers import Strangers
from gaitbench.evaluation.attacks.verification import Verification, ranks_of, verification_of
from gaitbench.results.schema_attacks import Attack

__all__ = ["Outcome", "named_rightly", "outcome_of"]


@dataclass(frozen=True)
class Outcome:
    """What one attack found out about the probes of one system.

    An observation is a probe; under ``cross-view`` a probe and a gallery angle.

    Parameters
    ----------
    anonymizer, colorizer : str
        `colorizer` is ``none`` where the attack reads no painted picture.
    attack : Attack
    keys : tuple of SequenceKey
        The probe of each observation (n); probes that could not even be read untouched are left out.
    gallery_angles : int array (n,)
        Gallery angle of each observation, -1 if the gallery is not divided by angle.
    people : str array (P,)
        The gallery.
    before, after : float32 array (n, P)
        Distance to each person; a row of NaN where there is nothing to look at.
    failed : bool array (n,)
        The anonymization failed: counts as identified (the worst case).
    strangers : Strangers or None
        The stranger test of the attack; None where fewer than three people are enrolled.
    precision : float32 array (n,), optional
        Average precision of the ranking of gallery entries after anonymization; NaN where it is not known.
    """

    anonymizer: str
    colorizer: str
    attack: Attack
    keys: tuple[SequenceKey, ...]
    gallery_angles: NDArray[np.int64]
    people: NDArray[np.str_]
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    failed: NDArray[np.bool_]
    strangers: Strangers | None = None
    precision: NDArray[np.float32] | NDArray[np.float64] | None = None

    @property
    def subjects(self) -> NDArray[np.str_]:
        """True subject of each observation."""
        return np.array([k.subject for k in self.keys], dtype=str)

    @property
    def angles(self) -> NDArray[np.int64]:
        """Probe angle of each observation."""
        return np.array([k.angle for k in self.keys], dtype=np.int64)

    @property
    def named_before(self) -> NDArray[np.str_]:
        """Who is named untouched, str (n,); "" where nothing could be looked at."""
        return _nearest(self.before, self.people)

    @property
    def named_after(self) -> NDArray[np.str_]:
        """Who is named after anonymization, str (n,)."""
        return _nearest(self.after, self.people)

    @property
    def correct_before(self) -> NDArray[np.bool_]:
        """Named correctly at rank 1 when untouched, bool (n,)."""
        return named_rightly(self.named_before, self.subjects)

    @property
    def correct_after(self) -> NDArray[np.bool_]:
        """Named correctly after anonymization, or failed, bool (n,)."""
        return named_rightly(self.named_after, self.subjects, self.failed)

    @property
    def ranks_before(self) -> NDArray[np.int64]:
        """Rank of the own subject among the people when untouched, int64 (n,), from 1."""
        return ranks_of(self.before, self.subjects, self.people)

    @property
    def ranks_after(self) -> NDArray[np.int64]:
        """Rank of the own subject after anonymization, int64 (n,); 1 where that failed."""
        return ranks_of(self.after, self.subjects, self.people, self.failed)

    def verification(self, *, seed: int) -> Verification:
        """Equal error rate and linkability after anonymization; see `verification_of`."""
        return verification_of(self.after, self.subjects, self.angles, self.people, self.failed, seed=seed)


def named_rightly(
    named: NDArray[np.str_], subjects: NDArray[np.str_], failed: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Whether each probe is named as its subject, bool (n,); what could not be anonymized counts as named."""
    right: NDArray[np.bool_] = named == subjects
    return right if failed is None else right | failed


def _nearest(distances: NDArray[np.float32], people: NDArray[np.str_]) -> NDArray[np.str_]:
    seen = ~np.isnan(distances).any(axis=1)
    named = np.full(len(distances), "", dtype=people.dtype)
    named[seen] = people[distances[seen].argmin(axis=1)]
    return named


def outcome_of(
    anonymizer: str,
    colorizer: str,
    attack: Attack,
    probes: Features,
    shown: Features,
    before: Distances,
    after: Distances,
    strangers: Strangers | None = None,
) -> Outcome:
    """Join what was measured on the untouched and on the anonymized probes, row by row.

    Parameters
    ----------
    probes, shown : Features
        The probes untouched and anonymized.
    before, after : Distances
        By the ordinary recognizer on the untouched, by the attack on the anonymized ones.

    Raises
    ------
    ValueError
        If the rows or the people are not the same.
    """
    if probes.keys != shown.keys:
        raise ValueError("the anonymized probes are not those of the originals, row by row")
    if not np.array_equal(before.people, after.people):
        raise ValueError("the galleries before and after do not hold the same people")
    rows: list[NDArray[np.intp]] = []
    groups: list[NDArray[np.int64]] = []
    pairs: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    readable = probes.good
    one = by_protocol(before, probes.angles, attack.gallery)
    two = by_protocol(after, probes.angles, attack.gallery)
    precisions = precisions_by_protocol(after, probes.angles, attack.gallery)
    for (angle, index, x), (_, again, y) in zip(one, two, strict=True):
        if not np.array_equal(index, again):
            raise ValueError("the galleries before and after do not have the same angles")
        keep = readable[index]
        rows.append(index[keep])
        groups.append(np.full(int(keep.sum()), -1 if angle is None else angle, dtype=np.int64))
        pairs.append((x[keep], y[keep]))
    order: Sequence[int] = np.concatenate(rows).tolist()
    bad = ~shown.good
    return Outcome(
        anonymizer=anonymizer, colorizer=colorizer, attack=attack,
        keys=tuple(probes.keys[i] for i in order), gallery_angles=np.concatenate(groups), people=before.people,
        before=np.concatenate([x for x, _ in pairs]), after=np.concatenate([y for _, y in pairs]),
        failed=bad[order], strangers=strangers,
        precision=np.concatenate([p[readable[i]] for (_, i, _), p in zip(two, precisions, strict=True)]),
    )  # fmt: skip
