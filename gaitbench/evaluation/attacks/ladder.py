"""The attacker ladder at work: every attack of a suite, and the stranger test beside each (PROTOCOL, Attackers)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances, Recognizers, reads_of, reads_order
from gaitbench.evaluation.attacks.outcomes import Outcome, outcome_of
from gaitbench.evaluation.attacks.plan import NO_ORDER, Cell, plan
from gaitbench.evaluation.attacks.rungs.rung import Rung, Seen
from gaitbench.evaluation.attacks.strangers import Strangers, borrowed_noise, stranger_tests
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.noise import as_next_of
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.protocol import GALLERIES
from gaitbench.registry import RUNGS

__all__ = ["Ladder"]

#: In a gallery of fewer, strangers cannot be named as somebody else than the next one.
FEWEST_PEOPLE = 3


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
        self.recognizers = Recognizers(run, views.systems)

    def release(self) -> None:
        """Give back the memory of fitted recognizers and of what they read; both come again when they are asked for."""
        self.recognizers = Recognizers(self.run, self.views.systems)
        self.views.release()

    def untouched(self) -> Iterator[tuple[str, Features, Distances]]:
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

    def attacks(self) -> Iterator[list[Outcome]]:
        """Every attack of the suite under every gallery protocol that it allows, the suite's own first.

        One that fails is noted in ``run.log.failures`` and left out.
        """
        for cell in plan(self.run.suite, rendered=self.run.dataset.rendered):
            others = [gallery for gallery in GALLERIES if gallery != cell.attack.gallery]
            try:
                yield self.under(cell, (cell.attack.gallery, *others))
            except GaitbenchError as error:
                self.run.fail("attack", str(cell), str(error))

    def outcome(self, cell: Cell) -> Outcome:
        """Run one attack, and the stranger test on it.

        Raises
        ------
        GaitbenchError
            If the system, the recognizer or the data do not allow it.
        """
        return self.under(cell, (cell.attack.gallery,))[0]

    def under(self, cell: Cell, galleries: Sequence[str]) -> list[Outcome]:
        """Run one attack and read it under several gallery protocols: the distances are the same.

        Returns
        -------
        list of Outcome
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
    ) -> list[Outcome]:
        if galleries[0] not in rung.galleries:
            raise GaitbenchError(
                f"the attacker {cell.attack.attacker} enrols no gallery that could be read under {galleries[0]}; "
                f"choose {' or '.join(rung.galleries)}"
            )
        if cell.attack.input == "resegmented" and reads_order(recognizer):
            raise GaitbenchError(f"{recognizer} cannot attack through the input resegmented: {NO_ORDER}")
        # he learns from, and enrols, untouched people as he sees the probes: the same frames, the same scene
        seen = self.ordinary(reads, cell.attack.input)
        before = self._before(recognizer, seen)
        shown = self.views.shown(cell, "probe", "probe", reads)
        chosen = rung.chosen(self.views, shown.keys)
        probes, published = seen.probes, shown
        if not chosen.all():
            probes, published = probes.take(chosen), shown.take(chosen)
            before = Distances(before.values[chosen], before.angles, before.people)
        noises = published.keys
        after = rung.distances(self.recognizers, self.views, cell, reads, seen, published, noises)
        _check_shape(after, before)
        had = [gallery for gallery in galleries if gallery in rung.galleries]
        strangers = self._strangers(rung, cell, reads, seen, published, before.people, after, had)
        found = [
            outcome_of(
                cell.anonymizer, cell.colorizer, replace(cell.attack, gallery=gallery), probes, published, before,
                after, strangers.get(gallery),
            )
            for gallery in had
        ]  # fmt: skip
        return [found[0], *(one for one in found[1:] if one.keys)]

    def look_ahead(self, cell: Cell) -> None:
        """Have all that an attack looks at anonymized, drawn and painted; nothing is learnt or measured.

        Raises
        ------
        GaitbenchError
            If the system or the data do not allow it.
        """
        source, rung = cell.attack.input, RUNGS.get(cell.attack.attacker)()
        reads = "pictures" if source == "appearance" else "gei"
        seen = self.ordinary(reads, source)
        shown = self.views.shown(cell, "probe", "probe", reads)
        people = [str(p) for p in np.unique(seen.gallery.usable().subjects)]
        if borrowed_noise(self.views, rung, cell) and len(people) >= FEWEST_PEOPLE:
            self.views.shown(cell, "probe", as_next_of(people), reads)
        rung.look_ahead(self.views, cell, reads, seen, shown.take(rung.chosen(self.views, shown.keys)).keys)

    def ordinary(self, reads: str, source: str) -> Seen:
        """The untouched rows that a recognizer reads."""
        return Seen(
            *(self.views.originals(role, reads, source) for role in ("recognizer", "gallery", "probe"))
        )

    def _before(self, recognizer: str, seen: Seen) -> Distances:
        return self.recognizers.distances(recognizer, seen.training, seen.gallery, seen.probes)

    def _strangers(
        self, rung: Rung, cell: Cell, reads: str, seen: Seen, published: Features,
        people: NDArray[np.str_], after: Distances, galleries: Sequence[str],
    ) -> dict[str, Strangers]:  # fmt: skip
        """Whether strangers are named as the person whose noise they bear more often than by chance."""
        if len(people) < FEWEST_PEOPLE:
            return {}
        names = [str(p) for p in people]

        def attacked(shown: Features, noises: list[SequenceKey]) -> Distances:
            return rung.distances(self.recognizers, self.views, cell, reads, seen, shown, noises)

        return stranger_tests(self.views, rung, cell, reads, published, names, after, attacked, galleries)


def _check_shape(found: Distances, expected: Distances) -> None:
    """Refuse distances that are not of the probes, angles and people that were asked for (a rung of a third party)."""
    same = isinstance(found, Distances) and np.array_equal(found.people, expected.people)
    if not same or found.values.shape[0] != expected.values.shape[0] or found.values.ndim != 3:
        shape = getattr(getattr(found, "values", None), "shape", type(found).__name__)
        raise GaitbenchError(
            f"returned distances {shape}; expected {expected.values.shape}, of the same people"
        )
    if not (np.isfinite(found.values).any(axis=(1, 2)) | np.isnan(found.values).all(axis=(1, 2))).all():
        raise GaitbenchError("returned distances of probes of which none is a finite number")
