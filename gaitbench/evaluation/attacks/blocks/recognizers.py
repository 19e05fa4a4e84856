"""The recognizers of a run: distances are held where the suite lets them, and searched in blocks where not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.blocks.entries import Entries
from gaitbench.evaluation.attacks.blocks.searched import AnyDistances, Searched
from gaitbench.evaluation.attacks.blocks.searching import search
from gaitbench.evaluation.attacks.blocks.size import block_rows, too_many, too_many_each
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances, Recognizers, entries_of
from gaitbench.evaluation.attacks.recognizers.asking import by_ranks
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.store import closure_digest, digest
from gaitbench.systems import MeasuringRecognizer

__all__ = ["BoundedRecognizers"]


class BoundedRecognizers(Recognizers):
    """As `Recognizers`; where distances would take more than `attacks.distances_mb`, names and ranks alone are kept."""

    def measured(
        self, recognizer: str, training: Features, gallery: Features, probes: Features
    ) -> AnyDistances:
        """Measure every probe against every person of the gallery; kept in the store.

        Raises
        ------
        DataError
            If no gallery sequence could be read.
        GaitbenchError
            As `Recognizers.distances`.
        """
        if not too_many(self.run.suite, probes, gallery):
            return self.distances(recognizer, training, gallery, probes)
        return self._searched(recognizer, training, gallery, probes)

    def measured_each(
        self,
        recognizer: str,
        training: Features,
        galleries: Sequence[Features],
        probes: Features,
        ordinary: Features,
    ) -> Distances:
        """As `Recognizers.distances_each`; more than the suite lets one attack hold is refused.

        Raises
        ------
        GaitbenchError
            Also if there are too many probes, each of which has a gallery of its own.
        """
        if too_many_each(self.run.suite, probes, ordinary):
            raise GaitbenchError(
                f"{len(probes.keys)} probes, each with a gallery of its own, are more than attacks.distances_mb "
                f"({self.run.suite.attacks.distances_mb}) lets an attack hold; give a sample in attacks.informed_probes"
            )
        return self.distances_each(recognizer, training, galleries, probes, ordinary)

    def _searched(self, recognizer: str, training: Features, gallery: Features, probes: Features) -> Searched:
        entries = entries_of(gallery)
        people, angles = np.unique(entries.subjects), np.unique(entries.angles)
        suite = self.run.suite
        counted = suite.systems.gallery
        code = closure_digest(BoundedRecognizers, search, Entries, block_rows)
        key = digest(
            "searched", recognizer, self._code(recognizer), code, training.digest, gallery.digest, probes.digest,
            counted, suite.seed,
        )  # fmt: skip
        if self._wanted(key):
            self._fit(recognizer, training)

        def make() -> tuple[dict[str, NDArray[Any]], None]:
            model = self._fit(recognizer, training)
            own = Entries(entries, angles, people)

            def measure(some: Features) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
                if isinstance(model, MeasuringRecognizer):
                    return own.measure(model, recognizer, some)
                unknown = np.full((len(some.keys), len(angles) + 1), np.nan, dtype=np.float32)
                return by_ranks(model, recognizer, entries, some, angles, people), unknown

            with self.run.stage("identify") as stage, guarded(f"recognizer {recognizer}"):
                stage.made()
                if isinstance(model, MeasuringRecognizer):
                    self._enrol(recognizer, training, entries)
                rows = block_rows(len(entries.keys), len(angles), len(people))
                found = search(
                    measure, probes, angles, people, rows, gallery=counted, seed=suite.seed,
                    tell=self.run.progress.update,
                )  # fmt: skip
            return found.arrays(), None

        arrays, _, _ = self.run.store.get("distances", key, make)
        return Searched.of(arrays, angles, people, counted)
