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
        Frames whose picture is measured or learnt from, evenly spread: 0 none, -1 all.
    body : str or None
        Subject whose body the `oracle` shows instead (embedded walkers only).
    pairs : bool
        Those pictures are pairs of a frame and the next one (temporal measures need those); a single pair stands in the
        middle of the walk.
    watched : int
        Frames whose picture attackers see, evenly spread over the whole walk, whatever is measured: a rule of the
        frames' number alone, so that training, gallery and probes are seen alike.
    """

    key: SequenceKey
    pictures: int = 0
    body: str | None = None
    pairs: bool = False
    watched: int = 0

    def frames(self, count: int) -> NDArray[np.int64]:
        """Which of `count` frames are measured: evenly spread, ascending."""
        if not self.pairs or self.pictures < 2 or self.pictures >= count:
            return _spread(count, self.pictures)
        pairs = self.pictures // 2
        # one pair stands in the middle: at its ends a walk comes into the picture, or leaves it
        ends = (0, count - 2) if pairs > 1 else ((count - 2) // 2,) * 2
        first = np.linspace(*ends, pairs).round().astype(np.int64)
        return np.unique(np.concatenate([first, first + 1]))

    def watched_frames(self, count: int) -> NDArray[np.int64]:
        """Which of `count` frames attackers see: evenly spread, ascending; all where there are no more."""
        return _spread(count, self.watched)

    def kept(self, count: int) -> NDArray[np.int64]:
        """Which of `count` frames keep their picture: those measured and those that attackers see, ascending."""
        return np.union1d(self.frames(count), self.watched_frames(count))


def _spread(count: int, wanted: int) -> NDArray[np.int64]:
    """`wanted` of `count` frames, the first and the last among them; all where `wanted` is -1 or too many."""
    if wanted < 0 or wanted >= count:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, wanted).round().astype(np.int64))


def needs_of_role(run: RunContext, role: str) -> list[Need]:
    """What the suite asks of the data for `recognizer`, `models`, `gallery` or `probe`, sorted by key.

    Sequences that the data set lacks are left out and noted once in ``run.log.missing``.
    """
    suite = run.suite
    walks: tuple[str, ...] = getattr(suite.walks, role)
    subjects = suite.split.test if role in ("gallery", "probe") else getattr(suite.split, role)
    angles = run.angles_probed if role == "probe" else suite.data.angles
    pictures, watched = _pictures(run, role), _watched(run, role)
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
    return [Need(k, pictures, _other_body(k, donors) if donors else None, pairs, watched) for k in found]


def _pictures(run: RunContext, role: str) -> int:
    """Pictures of a sequence that the models learn from, or that are measured."""
    if role == "models":
        return run.suite.training_pictures
    return run.suite.quality.frames_per_sequence if role == "probe" else 0


def _watched(run: RunContext, role: str) -> int:
    """Pictures of a sequence that attackers see: as many of the training and the gallery as of the probes."""
    attacks = run.suite.attacks
    painted = any(source != "silhouette" for source in attacks.inputs)
    return attacks.frames_per_sequence if painted and role != "models" else 0


def _other_body(key: SequenceKey, donors: Sequence[str]) -> str:
    """The oracle's body: one of the people who train the models, hence never one of the gallery."""
    return donors[int(digest("oracle", key.subject, key.walk), 16) % len(donors)]
