"""A run rehearsed: it asks the store for all that it would ask for, and nothing is computed or read.

So a plan has the very keys of the run, by the very lines that make them. What is not there is answered as if it were
there and empty, and noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.blocks.recognizers import BoundedRecognizers
from gaitbench.evaluation.attacks.blocks.searched import AnyDistances, Searched, nothing_searched
from gaitbench.evaluation.attacks.features import Features, Rows
from gaitbench.evaluation.attacks.identify import Distances
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.rung import Rung, Seen
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.planning.task import Artifact
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.anonymize import Anonymized
from gaitbench.store import Store, digest
from gaitbench.store.store import Arrays

__all__ = ["RehearsedLadder", "RehearsedStore", "RehearsedViews"]


class RehearsedStore(Store):
    """A store that has everything, and notes what it was asked for.

    Attributes
    ----------
    there : dict of (str, str) to bool
        Whether the artifacts that were asked for are really there.
    failed : dict of (str, str) to dict
        What failed when those that are there were made: sequence name -> why.
    """

    def __init__(self, kept: Store) -> None:
        super().__init__(kept.root, kept.mirror)
        self.there: dict[Artifact, bool] = {}
        self.failed: dict[Artifact, dict[str, str]] = {}
        self._heard: list[list[Artifact]] = []
        #: sequences of the features that are asked for next
        self.rows = 0

    @contextmanager
    def hearing(self) -> Iterator[list[Artifact]]:
        """Give a list of what is asked for while it is open, each artifact once."""
        heard: list[Artifact] = []
        self._heard.append(heard)
        try:
            yield heard
        finally:
            self._heard.pop()
            heard[:] = dict.fromkeys(heard)

    def note(self, stage: str, key: str) -> bool:
        """Note that an artifact is asked for; whether it is there."""
        place = (stage, key)
        if place not in self.there:
            self.there[place] = super().has(stage, key)
        for heard in self._heard:
            heard.append(place)
        return self.there[place]

    def path(self, stage: str, key: str) -> Path:
        """Where an artifact would be; that of a trained system is heard of, too."""
        if stage == "models":
            for heard in self._heard:
                heard.append((stage, key))
        return super().path(stage, key)

    def has(self, stage: str, key: str) -> bool:
        """Everything is there."""
        self.note(stage, key)
        return True

    def load_meta(self, stage: str, key: str) -> Any:
        """Nothing failed, nothing is to be said."""
        if self.note(stage, key) and stage in ("anonymized", "features") and (stage, key) not in self.failed:
            try:
                self.failed[stage, key] = dict(super().load_meta(stage, key))
            except KeyError:  # damaged, and removed by now
                self.there[stage, key] = False
        return {}

    def load(self, stage: str, key: str) -> tuple[Arrays, Any]:
        """Arrays of no matter."""
        self.note(stage, key)
        # bits of silhouettes that show somebody: who stands out nowhere cannot be known
        return ({"x": np.ones((self.rows, 1), np.uint8)} if stage == "features" else {}), {}

    def save(self, stage: str, key: str, arrays: Mapping[str, NDArray[Any]], meta: Any = None) -> None:
        """Never called: nothing is made."""
        raise AssertionError(f"{stage}/{key} was made while a run was planned")

    def get(
        self, stage: str, key: str, make: Callable[[], tuple[Mapping[str, NDArray[Any]], Any]]
    ) -> tuple[Arrays, Any, bool]:
        """As `load`; nothing is made."""
        arrays, meta = self.load(stage, key)
        if stage == "distances":
            arrays = {
                "values": np.zeros(0, np.float32),
                "precisions": np.zeros(0, np.float32),
                **nothing_searched(),
            }
        return arrays, meta, True

    def content(self, stage: str, key: str) -> str | None:
        """What an artifact holds, as a hash; None if it is not there."""
        try:
            arrays, _ = Store(self.root, self.mirror).load(stage, key)
        except KeyError:
            return None
        return digest(
            {name: digest(list(array.shape), array.tobytes().hex()) for name, array in arrays.items()}
        )


class _Plain(Features):
    """Rows of which nothing failed: what is asked of them again and again is found once."""

    @cached_property
    def subjects(self) -> NDArray[np.str_]:
        """Subject of each row."""
        return super().subjects

    @cached_property
    def angles(self) -> NDArray[np.int64]:
        """Angle of each row."""
        return super().angles

    @cached_property
    def people_and_angles(self) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
        """Those that there are."""
        return np.unique(self.subjects), np.unique(self.angles)

    def usable(self) -> Features:
        """All of them."""
        return self


def _plain(found: Features, source: Callable[[], Rows] | None = None) -> Features:
    if found.failures or found.blank:
        return found if source is None else replace(found, source=source)
    return _Plain(source or found.source, found.keys, {}, found.digest)


class RehearsedViews(Views):
    """What attackers would see: keys and names, no rows.

    Attributes
    ----------
    unforeseen : bool
        Two draws of noise were compared that are not there yet: they were taken to differ.
    """

    unforeseen = False

    @cached_property
    def _galleries(self) -> dict[int, tuple[SequenceKey, ...]]:
        return {}

    @property
    def store(self) -> RehearsedStore:
        """The store of the rehearsal."""
        assert isinstance(self.run.store, RehearsedStore)
        return self.run.store

    def anonymized(self, name: str, role: str = "probe", draw: str = "probe") -> Anonymized:
        """The sequences of a role, with what failed where they were anonymized before."""
        place = (name, role, draw)
        if place not in self._anonymized:
            found = super().anonymized(name, role, draw)
            for key in found.keys.values():
                found.failures.update(self.store.failed.get(("anonymized", key), {}))
        return self._anonymized[place]

    def originals(self, role: str, reads: str = "gei", source: str = "silhouette") -> Features:
        """The untouched sequences of a role."""
        self.store.rows = len(self.needs[role])
        return _plain(super().originals(role, reads, source))

    def shown(self, cell: Cell, role: str, draw: str, reads: str) -> Features:
        """The sequences of a role; their rows tell whether two draws show the same, and nothing else."""
        self.store.rows = len(self.needs[role])
        found = super().shown(cell, role, draw, reads)

        def source() -> Rows:
            keys = self.anonymized(self._name(cell), role, draw).keys
            content = self.store.content("anonymized", next(iter(keys.values())))
            if content is None:
                self.unforeseen, content = True, f"{role} {draw}"
            return [np.frombuffer(content.encode(), dtype=np.uint8)]

        return _plain(found, source)

    def _enrolled(self, gallery: dict[Need, str], key: str, angle: int, reads: str) -> Features:
        if angle not in self._galleries:
            self._galleries[angle] = tuple(sorted(n.key for n in gallery if n.key.angle == angle))
        self.store.load_meta("known-noise", key)
        return _Plain(list, self._galleries[angle], {}, key)


class RehearsedRecognizers(BoundedRecognizers):
    """Recognizers that learn nothing; `trainings` notes which set of rows each would learn from."""

    trainings: list[tuple[str, str]]
    codes: dict[str, str]

    def distances(
        self, recognizer: str, training: Features, gallery: Features, probes: Features
    ) -> Distances:
        """Distances of no matter, of the right shape."""
        super().distances(recognizer, training, gallery, probes)
        return self._blank(recognizer, training, gallery.usable(), probes)

    def distances_each(
        self,
        recognizer: str,
        training: Features,
        galleries: Sequence[Features],
        probes: Features,
        ordinary: Features,
    ) -> Distances:
        """As `distances`."""
        super().distances_each(recognizer, training, galleries, probes, ordinary)
        return self._blank(recognizer, training, ordinary, probes)

    def _searched(self, recognizer: str, training: Features, gallery: Features, probes: Features) -> Searched:
        found = super()._searched(recognizer, training, gallery, probes)
        self.trainings.append((recognizer, training.digest))
        return found

    def _code(self, recognizer: str) -> str:
        if recognizer not in self.codes:
            self.codes[recognizer] = super()._code(recognizer)
        return self.codes[recognizer]

    def _blank(self, recognizer: str, training: Features, gallery: Features, probes: Features) -> Distances:
        self.trainings.append((recognizer, training.digest))
        if isinstance(gallery, _Plain):
            people, angles = gallery.people_and_angles
        else:
            people, angles = np.unique(gallery.subjects), np.unique(gallery.angles)
        shape = (len(probes.keys), len(angles), len(people))
        return Distances(np.broadcast_to(np.float32(0), shape), angles, people)


class RehearsedLadder(Ladder):
    """Attacks that ask for all that they would look at and measure."""

    def __init__(self, views: RehearsedViews) -> None:
        super().__init__(views.run, views)
        self.recognizers = RehearsedRecognizers(views.run, views.systems)
        self.recognizers.trainings, self.recognizers.codes = [], {}
        self._untouched: dict[tuple[str, ...], tuple[AnyDistances, list[Artifact]]] = {}

    def learnt_from(self, cell: Cell) -> tuple[str, str]:
        """Rehearse an attack; its recognizer, and the hash of what that learns from.

        Raises
        ------
        GaitbenchError
            If the attack is not possible.
        """
        self.under(cell, (cell.attack.gallery,))
        return self._own

    def _before(self, recognizer: str, seen: Seen) -> AnyDistances:
        """Asked for again with every system: found once, and noted each time."""
        assert isinstance(self.run.store, RehearsedStore)
        place = (recognizer, seen.training.digest, seen.gallery.digest, seen.probes.digest)
        if place in self._untouched:
            for artifact in self._untouched[place][1]:
                self.run.store.note(*artifact)
        else:
            with self.run.store.hearing() as heard:
                found = super()._before(recognizer, seen)
            self._untouched[place] = found, heard
        return self._untouched[place][0]

    def _under(
        self, cell: Cell, galleries: Sequence[str], recognizer: str, reads: str, rung: Rung
    ) -> list[AnyOutcome]:
        assert isinstance(self.recognizers, RehearsedRecognizers)
        trainings = self.recognizers.trainings
        sight = self._sight(rung, cell, reads)
        self._before(recognizer, sight.ordinary)

        def attacked(shown: Features, noises: Sequence[SequenceKey]) -> tuple[str, str]:
            rung.distances(self.recognizers, self.views, cell, reads, sight.ordinary, shown, noises)
            return trainings[-1]

        self._own, _ = sight.walk(attacked)
        trainings.clear()
        return []
