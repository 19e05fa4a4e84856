"""The attacker ladder at work: every attack of a suite, and the stranger test beside each (PROTOCOL, Attackers)."""

from __future__ import annotations

import contextlib
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.blocks.recognizers import BoundedRecognizers
from gaitbench.evaluation.attacks.blocks.searched import AnyDistances, Searched, taken
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances, reads_of, reads_order
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome, large_outcome_of
from gaitbench.evaluation.attacks.outcomes import outcome_of
from gaitbench.evaluation.attacks.plan import NO_ORDER, Cell, plan
from gaitbench.evaluation.attacks.rungs.rung import Rung, Seen
from gaitbench.evaluation.attacks.rungs.sight import Sight, ordinary
from gaitbench.evaluation.attacks.rungs.unread import unread_rows, unread_shown
from gaitbench.evaluation.attacks.strangers import Strangers, stranger_tests
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.protocol import GALLERIES
from gaitbench.registry import RUNGS
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_pooled import LeftOut

__all__ = ["Ladder"]


class Ladder:
    """Runs the attacks of a suite.

    Parameters
    ----------
    run : RunContext
    views : Views
        What the attackers see.
    """

    def __init__(self, run: RunContext, views: Views) -> None:
        self.run = run
        self.views = views
        self.recognizers = BoundedRecognizers(run, views.systems)
        self._found: dict[Hashable, Any] = {}
        self._unread: dict[str, list[LeftOut]] = {}
        self._looked_at: set[tuple[str, str, str]] = set()

    def release(self) -> None:
        """Give back the memory of fitted recognizers and of what they read; both come again when they are asked for."""
        self.recognizers = BoundedRecognizers(self.run, self.views.systems)
        self.views.release()

    @property
    def unread(self) -> list[LeftOut]:
        """Walks that attacks on pictures have left out so far, by input."""
        return [row for rows in self._unread.values() for row in rows]

    def untouched(self) -> Iterator[tuple[str, Features, AnyDistances]]:
        """Untouched probes measured by every ordinary recognizer: (recognizer, probes, distances).

        Recognizers of pictures are among them where the suite attacks by pictures, and so keeps them.
        """
        suite = self.run.suite
        for recognizer in dict.fromkeys([*suite.systems.recognizer_names, *suite.attacks.recognizer_names]):
            try:
                reads = reads_of(recognizer)
                source = "appearance" if reads == "pictures" else "silhouette"
                if source == "appearance" and source not in suite.attacks.inputs:
                    continue
                seen = self.ordinary(reads, source)
                yield recognizer, seen.probes, self._before(recognizer, seen)
            except GaitbenchError as error:
                self.run.fail("attack", f"recognizer={recognizer}", str(error))

    def attacks(self) -> Iterator[list[AnyOutcome]]:
        """Every attack of the suite under every gallery protocol that it allows, the suite's own first.

        One that fails is noted in ``run.log.failures`` and left out.
        """
        for cell in plan(self.run.suite, rendered=self.run.dataset.rendered, fixed=self.views.fixed):
            others = [gallery for gallery in GALLERIES if gallery != cell.attack.gallery]
            try:
                yield self.under(cell, (cell.attack.gallery, *others))
            except GaitbenchError as error:
                self.run.fail("attack", str(cell), str(error))

    def outcome(self, cell: Cell) -> AnyOutcome:
        """Run one attack, and the stranger test on it.

        Raises
        ------
        GaitbenchError
            If the system, the recognizer or the data do not allow it.
        """
        return self.under(cell, (cell.attack.gallery,))[0]

    def under(self, cell: Cell, galleries: Sequence[str]) -> list[AnyOutcome]:
        """Run one attack and read it under several gallery protocols: the distances are the same.

        Returns
        -------
        list of Outcome, or of LargeOutcome where the distances are too many to be held
            Under the first gallery, then under those of the others that the attacker has and in which a probe meets
            somebody.

        Raises
        ------
        GaitbenchError
            If the system, the recognizer or the data do not allow it, or the attacker has no gallery of the first kind.
        """
        reads = reads_of(cell.attack.recognizer)
        recognizer, attacker = cell.attack.recognizer, cell.attack.attacker
        # a third party's rung may raise, or give, anything; what ours say needs no name before it
        ours = RUNGS.origin(attacker) == "built in"
        with contextlib.nullcontext() if ours else guarded(f"attacker {attacker}"):
            return self._under(cell, galleries, recognizer, reads, RUNGS.get(attacker)())

    def _under(
        self, cell: Cell, galleries: Sequence[str], recognizer: str, reads: str, rung: Rung
    ) -> list[AnyOutcome]:
        if galleries[0] not in rung.galleries:
            raise GaitbenchError(
                f"the attacker {cell.attack.attacker} enrols no gallery that could be read under {galleries[0]}; "
                f"choose {' or '.join(rung.galleries)}"
            )
        if cell.attack.input == "resegmented" and reads_order(recognizer):
            raise GaitbenchError(f"{recognizer} cannot attack through the input resegmented: {NO_ORDER}")
        sight = self._sight(rung, cell, reads)
        if cell.attack.input != "silhouette":
            self._note_unread(cell, sight)
        before = self._before(recognizer, sight.ordinary)
        if not sight.chosen.all():
            before = taken(before, sight.chosen)

        def attacked(shown: Features, noises: Sequence[SequenceKey]) -> AnyDistances:
            found = rung.distances(self.recognizers, self.views, cell, reads, sight.ordinary, shown, noises)
            _check_shape(found, (len(shown.keys), len(before.angles), len(before.people)), before.people)
            return found

        after, borrowed = sight.walk(attacked)
        had = [gallery for gallery in galleries if gallery in rung.galleries]
        strangers = stranger_tests(sight, after, borrowed, had)
        found = [
            _outcome(
                cell, replace(cell.attack, gallery=gallery), sight, before, after, strangers.get(gallery)
            )
            for gallery in had
        ]
        return [found[0], *(one for one in found[1:] if one.keys)]

    def _note_unread(self, cell: Cell, sight: Sight) -> None:
        """Say once what the attacks on an input leave out, and what of a system they cannot read."""
        source, seen = cell.attack.input, sight.ordinary
        place = (cell.anonymizer, cell.colorizer, source)
        if place in self._looked_at:
            return
        self._looked_at.add(place)
        if source not in self._unread:
            self._unread[source] = unread_rows(source, seen)
        known = {*seen.probes.failures, *self.views.anonymized(cell.anonymizer).failures}
        if text := unread_shown(sight.shown, known):
            # no attack has failed by this: the cell bears the name of none
            self.run.fail(
                "observe", f"painted={cell.colorizer}, shown={cell.anonymizer}, seen={source}", text
            )

    def look_ahead(self, cell: Cell) -> None:
        """Have all that an attack looks at anonymized, drawn and painted; nothing is learnt or measured.

        Raises
        ------
        GaitbenchError
            If the system or the data do not allow it.
        """
        rung = RUNGS.get(cell.attack.attacker)()
        # sets of silhouettes need no more than GEIs do
        reads = "pictures" if cell.attack.input == "appearance" else "gei"
        sight = self._sight(rung, cell, reads)
        sight.walk(lambda shown, noises: rung.look_ahead(self.views, cell, reads, sight.ordinary, noises))

    def _sight(self, rung: Rung, cell: Cell, reads: str) -> Sight:
        return Sight(self.views, rung, cell, reads, self._found)

    def ordinary(self, reads: str, source: str) -> Seen:
        """The untouched rows that a recognizer reads."""
        return ordinary(self.views, reads, source)

    def _before(self, recognizer: str, seen: Seen) -> AnyDistances:
        return self.recognizers.measured(recognizer, seen.training, seen.gallery, seen.probes)


def _outcome(
    cell: Cell, attack: Attack, sight: Sight, before: AnyDistances, after: AnyDistances, strangers: Strangers | None
) -> AnyOutcome:  # fmt: skip
    names, rows = (cell.anonymizer, cell.colorizer, attack), (sight.probes, sight.published)
    if isinstance(before, Distances) and isinstance(after, Distances):
        return outcome_of(*names, *rows, before, after, strangers)
    return large_outcome_of(*names, *rows, before, after, strangers)


def _check_shape(found: AnyDistances, expected: tuple[int, ...], people: NDArray[np.str_]) -> None:
    """Refuse distances that are not of the probes, angles and people that were asked for (a rung of a third party)."""
    if isinstance(found, Searched) and np.array_equal(found.people, people):
        return
    same = isinstance(found, Distances) and np.array_equal(found.people, people)
    if (
        not (same and isinstance(found, Distances))
        or found.values.shape[0] != expected[0]
        or found.values.ndim != 3
    ):
        shape = getattr(getattr(found, "values", None), "shape", type(found).__name__)
        raise GaitbenchError(f"returned distances {shape}; expected {expected}, of the same people")
    if not (np.isfinite(found.values).any(axis=(1, 2)) | np.isnan(found.values).all(axis=(1, 2))).all():
        raise GaitbenchError("returned distances of probes of which none is a finite number")
