"""The readers of a run: they learn from untouched walks when one of them is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.datasets.truth import truth_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.utility.readers import DirectionReader, PoseReader

__all__ = ["Taught"]

#: The people who train recognizers, and those who train systems: nobody of the gallery.
_ROLES = ("recognizer", "models")


class Taught:
    """What tells direction and pose.

    Parameters
    ----------
    run : RunContext
    needs : mapping of role to (dict of Need to str)
        Prepared sequences of the roles `recognizer` and `models`.
    """

    def __init__(self, run: RunContext, needs: Mapping[str, dict[Need, str]]) -> None:
        self.run, self.needs = run, needs

    @property
    def by(self) -> list[list[str]]:
        """Artifact keys of what they learn from, role by role."""
        return [sorted(self.needs[role].values()) for role in _ROLES]

    @cached_property
    def _both(self) -> tuple[DirectionReader | None, PoseReader | None]:
        run = self.run
        walks: list[GaitSequence] = []
        for role in _ROLES:
            for need, key in sorted(self.needs[role].items(), key=lambda item: item[0].key):
                sequence = load_prepared(run, need, key).sequence
                if sequence is not None:
                    walks.append(sequence)
        known = [(s, truth_of(run.dataset, s.key, s.frame_numbers)) for s in walks]
        pose = PoseReader.fit([(s, t) for s, t in known if t is not None], seed=run.suite.seed)
        return DirectionReader.fit(walks), pose

    @property
    def direction(self) -> DirectionReader | None:
        """None where all walks go one way."""
        return self._both[0]

    @property
    def pose(self) -> PoseReader | None:
        """None where nobody knows joints."""
        return self._both[1]
