"""What a run asks of the data: which sequences, and how much of each is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.measure import as_measure
from gaitbench.registry import METRICS
from gaitbench.store import digest

__all__ = ["Need", "needs_of_role"]


@dataclass(frozen=True)
class Need:
    """A sequence that a run needs.

    Parameters
    ----------
    key : SequenceKey
    pictures : int
        Frames whose RGB crop is kept, evenly spread: 0 none, -1 all.
    body : str or None
        Subject whose body the `oracle` shows instead (embedded walkers only).
    pairs : bool
        Keep the pictures as pairs of a frame and the next one (temporal measures need those).
    """

    key: SequenceKey
    pictures: int = 0
    body: str | None = None
    pairs: bool = False

    def frames(self, count: int) -> NDArray[np.int64]:
        """Which of `count` frames keep their picture: evenly spread, ascending."""
        if not self.pictures:
            return np.zeros(0, dtype=np.int64)
        if self.pictures < 0 or self.pictures >= count:
            return np.arange(count)
        if not self.pairs or self.pictures < 2:
            return np.unique(np.linspace(0, count - 1, self.pictures).round().astype(np.int64))
        first = np.linspace(0, count - 2, self.pictures // 2).round().astype(np.int64)
        return np.unique(np.concatenate([first, first + 1]))


def needs_of_role(run: RunContext, role: str) -> list[Need]:
    """What the suite asks of the data for `recognizer`, `models`, `gallery` or `probe`, sorted by key.

    Sequences that the data set lacks are left out and noted once in ``run.log.missing``.
    """
    suite = run.suite
    walks: tuple[str, ...] = getattr(suite.walks, role)
    subjects = suite.split.test if role in ("gallery", "probe") else getattr(suite.split, role)
    angles = run.angles_probed if role == "probe" else suite.data.angles
    pictures = _pictures(run, role)
    wanted = sorted(SequenceKey(s, w, a) for s in subjects for w in walks for a in angles)
    there = set(run.dataset.keys())
    missing = [str(k) for k in wanted if k not in there]
    run.log.missing += [m for m in missing if m not in run.log.missing]
    found = [k for k in wanted if k in there]
    if not found:
        raise DataError(
            f"the data hold none of the {len(wanted)} sequences that suite {suite.name} needs as {role} "
            f"(first: {wanted[0]}); check the split, the walks and the angles of the suite against the data"
        )
    donors: list[str] = []
    if role == "probe" and "oracle" in suite.systems.controls and run.dataset.rendered:
        people = {k.subject for k in there}
        donors = [s for s in suite.split.models if s in people]
    temporal = any(as_measure(m, METRICS.get(m)).temporal for m in suite.quality.measures)
    pairs = role == "probe" and temporal
    return [Need(k, pictures, _other_body(k, donors) if donors else None, pairs) for k in found]


def _pictures(run: RunContext, role: str) -> int:
    """Pictures a sequence of a role; an attacker who reads pictures needs those of the training and the gallery too."""
    suite = run.suite
    if role == "models":
        return suite.training_pictures
    painted = any(source != "silhouette" for source in suite.attacks.inputs)
    return suite.quality.frames_per_sequence if role == "probe" or painted else 0


def _other_body(key: SequenceKey, donors: Sequence[str]) -> str:
    """The oracle's body: one of the people who train the models, hence never one of the gallery."""
    return donors[int(digest("oracle", key.subject, key.walk), 16) % len(donors)]
