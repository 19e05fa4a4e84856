"""The attacker ladder: who attacks which system, with what, and what they find out (PROTOCOL, Attackers)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.deanonymize import restore
from gaitbench.evaluation.attacks.features import Features, join
from gaitbench.evaluation.attacks.identify import Distances, Recognizers, reads_of
from gaitbench.evaluation.attacks.observe import observe
from gaitbench.evaluation.attacks.outcomes import Attack, Outcome, outcome_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.noise import same_noise
from gaitbench.evaluation.stages.anonymize import Anonymized, anonymize
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.store import digest
from gaitbench.suites import Suite

__all__ = ["Cell", "Ladder", "plan"]

#: Rungs whose recognizer learns from anonymized gaits, and those whose gallery is anonymized.
_LEARNS = ("semi-informed", "informed")
_ENROLS = ("lazy-informed", *_LEARNS)
#: Controls that the informed rungs attack too: the one that changes nothing, and the one at chance.
_CONTROLS = ("original", "someone-else")


@dataclass(frozen=True)
class Cell:
    """One attack on one system."""

    anonymizer: str
    colorizer: str
    attack: Attack

    def __str__(self) -> str:
        a = self.attack
        return (
            f"anonymizer={self.anonymizer}, colorizer={self.colorizer}, attacker={a.attacker}, "
            f"recognizer={a.recognizer}, input={a.input}"
        )


def plan(suite: Suite, *, rendered: bool) -> list[Cell]:
    """Every attack of a suite, in the order in which it is run.

    ``ignorant`` attacks every system and control with every recognizer. The rungs above it attack the systems under
    test, and the controls `original` and `someone-else`; ``de-anonymize`` undoes GEIs, so only recognizers of those
    follow it, and only on systems under test. What colorizers painted is attacked
    over the suite's first anonymizer; of the controls `original` as it is, and `someone-else` as the first colorizer
    paints it.
    """
    systems, ladder = suite.systems, suite.attacks
    controls = [c for c in systems.controls if c != "oracle" or rendered]
    names = list(dict.fromkeys([*systems.recognizers, *ladder.recognizers]))
    shapes = [r for r in names if reads_of(r) != "pictures"]
    looks = [r for r in names if reads_of(r) == "pictures"]
    attackers = list(dict.fromkeys(["ignorant", *ladder.attackers]))
    cells: list[Cell] = []

    def add(anonymizer: str, colorizer: str, attacker: str, recognizer: str, source: str) -> None:
        cells.append(Cell(anonymizer, colorizer, Attack(attacker, recognizer, source, systems.gallery)))

    for recognizer in shapes:
        for name in [*systems.anonymizers, *controls]:
            add(name, "none", "ignorant", recognizer, "silhouette")
    for attacker in attackers[1:]:
        for recognizer in [r for r in shapes if r in ladder.recognizers]:
            gei = reads_of(recognizer) == "gei"
            tested = list(systems.anonymizers)
            if attacker != "de-anonymize":
                tested += [c for c in controls if c in _CONTROLS]
            for name in tested if gei or attacker != "de-anonymize" else []:
                add(name, "none", attacker, recognizer, "silhouette")
    for source in [i for i in ladder.inputs if i != "silhouette"]:
        readers = looks if source == "appearance" else [r for r in shapes if reads_of(r) == "gei"]
        for recognizer in readers:
            if "original" in controls:
                add("original", "none", "ignorant", recognizer, source)
            if "someone-else" in controls and systems.colorizers:
                add("someone-else", systems.colorizers[0], "ignorant", recognizer, source)
            for attacker in [a for a in attackers if a != "de-anonymize"]:
                if attacker != "ignorant" and recognizer not in ladder.recognizers:
                    continue
                for colorizer in systems.colorizers:
                    add(systems.anonymizers[0], colorizer, attacker, recognizer, source)
    return cells


class Ladder:
    """Runs the attacks of a suite.

    Parameters
    ----------
    run : RunContext
    systems : Systems
    needs : dict of role to (dict of Need to str)
        Prepared sequences of the roles `recognizer`, `gallery` and `probe`.
    """

    def __init__(self, run: RunContext, systems: Systems, needs: dict[str, dict[Need, str]]) -> None:
        self.run = run
        self.systems = systems
        self.needs = needs
        self.recognizers = Recognizers(run)
        self._seen: dict[tuple[Any, ...], Features] = {}
        self._anonymized: dict[tuple[str, str, str], Anonymized] = {}

    def release(self) -> None:
        """Give back the memory of fitted recognizers and of what they read; both come again when they are asked for."""
        self.recognizers = Recognizers(self.run)
        self._seen.clear()

    def anonymized(self, name: str, role: str = "probe", draw: str = "probe") -> Anonymized:
        """The sequences of a role as an anonymizer shows them under a noise draw."""
        place = (name, role, draw)
        if place not in self._anonymized:
            self._anonymized[place] = anonymize(self.run, self.systems, name, self.needs[role], draw)
        return self._anonymized[place]

    def originals(self, role: str, reads: str = "gei", source: str = "silhouette") -> Features:
        """The untouched sequences of a role."""
        place = ("original", role, reads, source)
        if place not in self._seen:
            self._seen[place] = observe(self.run, self.systems, self.needs[role], reads=reads, source=source)
        return self._seen[place]

    def shown(self, cell: Cell, role: str, draw: str, reads: str) -> Features:
        """The sequences of a role as the attacked system shows them."""
        place = (cell.anonymizer, cell.colorizer, cell.attack.input, role, draw, reads)
        if place not in self._seen:
            untouched = cell.anonymizer == "original" and cell.attack.input != "silhouette"
            self._seen[place] = observe(
                self.run, self.systems, self.needs[role], reads=reads, source=cell.attack.input,
                anonymized=None if untouched else self.anonymized(cell.anonymizer, role, draw),
                colorizer=cell.colorizer,
            )  # fmt: skip
        return self._seen[place]

    def untouched(self) -> Iterator[tuple[str, Features, Distances]]:
        """Untouched probes measured by every ordinary recognizer: (recognizer, probes, distances).

        Recognizers of pictures are among them where the suite attacks by pictures, and so keeps them.
        """
        suite = self.run.suite
        for recognizer in dict.fromkeys([*suite.systems.recognizers, *suite.attacks.recognizers]):
            reads = reads_of(recognizer)
            source = "appearance" if reads == "pictures" else "silhouette"
            if source == "appearance" and source not in suite.attacks.inputs:
                continue
            rows = [self.originals(role, reads, source) for role in ("recognizer", "gallery", "probe")]
            try:
                yield recognizer, rows[2], self.recognizers.distances(recognizer, *rows)
            except GaitbenchError as error:
                self.run.fail("attack", f"recognizer={recognizer}", str(error))

    def outcomes(self) -> Iterator[Outcome]:
        """Every attack of the suite; one that fails is noted in ``run.log.failures`` and left out."""
        for cell in plan(self.run.suite, rendered=self.run.dataset.rendered):
            try:
                yield self.outcome(cell)
            except GaitbenchError as error:
                self.run.fail("attack", str(cell), str(error))

    def outcome(self, cell: Cell) -> Outcome:
        """Run one attack.

        Raises
        ------
        GaitbenchError
            If the system, the recognizer or the data do not allow it.
        """
        recognizer = cell.attack.recognizer
        reads = reads_of(recognizer)
        # an attacker who extracts again what was painted still learnt from, and enrolled, ordinary silhouettes
        source = "appearance" if cell.attack.input == "appearance" else "silhouette"
        training, gallery, probes = (
            self.originals(r, reads, source) for r in ("recognizer", "gallery", "probe")
        )
        before = self.recognizers.distances(recognizer, training, gallery, probes)
        shown = self.shown(cell, "probe", "probe", reads)
        after = self._after(cell, training, gallery, shown, reads)
        return outcome_of(cell.anonymizer, cell.colorizer, cell.attack, probes, shown, before, after)

    def _after(
        self, cell: Cell, training: Features, gallery: Features, shown: Features, reads: str
    ) -> Distances:
        attacker, recognizer = cell.attack.attacker, cell.attack.recognizer
        if attacker == "de-anonymize":
            seen = self.shown(cell, "recognizer", "training", reads)
            shown = restore(self.run, seen, training, shown)
        if attacker in _LEARNS:
            training = self.shown(cell, "recognizer", "training", reads)
        if attacker == "informed":
            draws = [same_noise(walk) for walk in self.run.suite.walks.probe]
            parts = [self.shown(cell, "gallery", draw, reads) for draw in draws]
            gallery = join(parts, digest("joined", [p.digest for p in parts]))
        elif attacker in _ENROLS:
            gallery = self.shown(cell, "gallery", "gallery", reads)
        return self.recognizers.distances(recognizer, training, gallery, shown)
