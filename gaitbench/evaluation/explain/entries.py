"""Which gallery entries one probe is held against, and under which draw of noise a rung enrols them.

Both are noted while the rung itself runs, not told by its name: so they hold for a rung of a third party, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.blocks.recognizers import BoundedRecognizers
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances, Recognizers
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.stages.checked import checked_distances, guarded, sealed_rows
from gaitbench.metrics.identification import subject_distances
from gaitbench.results.explained import Enrolled
from gaitbench.store import closure_digest, digest
from gaitbench.systems import MeasuringRecognizer

__all__ = ["Entries", "Neighbours", "WatchedViews"]


@dataclass(frozen=True)
class Entries:
    """Distance of one probe to every gallery entry.

    Parameters
    ----------
    keys : tuple of SequenceKey
        The entries (m).
    distances : float32 array (m,)
    """

    keys: tuple[SequenceKey, ...]
    distances: NDArray[np.float32]

    def under(self, gallery: str, angle: int) -> Entries:
        """Those that a gallery protocol lets a probe at `angle` meet."""
        if gallery == "all-views":
            return self
        same = np.array([k.angle == angle for k in self.keys], dtype=bool)
        rows = np.flatnonzero(same if gallery == "same-view" else ~same)
        return Entries(tuple(self.keys[i] for i in rows), self.distances[rows])

    def nearest_of(self, subject: str) -> SequenceKey | None:
        """The nearest entry of a person."""
        mine = [i for i, k in enumerate(self.keys) if k.subject == subject]
        return self.keys[min(mine, key=lambda i: float(self.distances[i]))] if mine else None

    def of_people(self, people: NDArray[np.str_]) -> NDArray[np.float64]:
        """Distance to the nearest entry of each person, float64 (P,); infinite where there is none."""
        found = np.full(len(people), np.inf)
        if self.keys:
            names, nearest = subject_distances(self.distances[None], np.array([k.subject for k in self.keys]))
            there = np.isin(people, names)
            found[there] = nearest[0][np.searchsorted(names, people[there])]
        return found

    def first(self, count: int) -> list[tuple[SequenceKey, float]]:
        """The nearest entries, whoever they show."""
        order = self.distances.argsort(kind="stable")[:count]
        return [(self.keys[i], float(self.distances[i])) for i in order]


class Neighbours(BoundedRecognizers):
    """The recognizers of a ladder, which note the entries that one probe is measured against.

    Parameters
    ----------
    others : Recognizers
        What they have learnt is shared, both ways.
    key : SequenceKey
        The probe.

    Attributes
    ----------
    found : Entries or None
        Of the last measurement; None where the recognizer ranks people alone, or there was nothing to look at.
    """

    def __init__(self, others: Recognizers, key: SequenceKey) -> None:
        super().__init__(others.run, others.systems)
        self._fitted, self._enrolled = others._fitted, others._enrolled
        self.key = key
        self.found: Entries | None = None

    def distances(
        self, recognizer: str, training: Features, gallery: Features, probes: Features
    ) -> Distances:
        """As of `Recognizers`; the entries are noted."""
        self._note(recognizer, training, gallery, probes)
        return super().distances(recognizer, training, gallery, probes)

    def distances_each(
        self,
        recognizer: str,
        training: Features,
        galleries: Sequence[Features],
        probes: Features,
        ordinary: Features,
    ) -> Distances:
        """As of `Recognizers`; the entries of the probe's own gallery are noted."""
        if self.key in probes.keys:
            self._note(recognizer, training, galleries[probes.keys.index(self.key)], probes)
        return super().distances_each(recognizer, training, galleries, probes, ordinary)

    def _note(self, recognizer: str, training: Features, gallery: Features, probes: Features) -> None:
        self.found = None
        entries = gallery.usable()
        if not entries.keys or self.key not in probes.keys or str(self.key) in probes.failures:
            return
        code = digest(self._code(recognizer), closure_digest(Neighbours))
        names = [str(k) for k in entries.keys]
        made_from = [training.digest, gallery.digest, probes.digest]
        place = digest("neighbours", recognizer, code, made_from, str(self.key), names)

        def make() -> tuple[dict[str, NDArray[Any]], None]:
            model = self._fit(recognizer, training)
            if not isinstance(model, MeasuringRecognizer):
                return {"distances": np.zeros(0, dtype=np.float32)}, None
            one = probes.take([probes.keys.index(self.key)])
            name = f"recognizer {recognizer}"
            with self.run.stage("identify") as stage, guarded(name):
                stage.made()
                self._enrol(recognizer, training, entries)
                found = model.distances(sealed_rows(one.x), angle=one.angles)
                return {"distances": checked_distances(found, name, 1, len(names))[0]}, None

        values = self.run.store.get("neighbours", place, make)[0]["distances"]
        self.found = Entries(entries.keys, values) if len(values) else None


class WatchedViews(Views):
    """The views of a ladder, which note how the gallery was asked for.

    Attributes
    ----------
    enrolled : Enrolled
        Untouched until a rung asks for anything else.
    """

    def __init__(self, views: Views) -> None:
        super().__init__(views.run, views.systems, views.needs, views.aliases, tuple(views.fixed))
        self._seen, self._anonymized = views._seen, views._anonymized
        self.enrolled = Enrolled(None)

    def shown(self, cell: Cell, role: str, draw: str, reads: str) -> Features:
        """As of `Views`; the draw of the gallery is noted."""
        if role == "gallery":
            self.enrolled = Enrolled(draw)
        return super().shown(cell, role, draw, reads)

    def enrolled_under(self, cell: Cell, reads: str, noises: Sequence[SequenceKey]) -> list[Features]:
        """As of `Views`; that every entry bears the probe's noise is noted."""
        self.enrolled = Enrolled("probe in hand")
        return super().enrolled_under(cell, reads, noises)
