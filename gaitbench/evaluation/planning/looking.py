"""What attackers will look at, written down as tasks: anonymized, drawn under known noise, observed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.planning.notebook import Notebook, chunks
from gaitbench.evaluation.planning.rehearsal import RehearsedViews
from gaitbench.evaluation.planning.task import Artifact
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.anonymize import Anonymized, by_subject
from gaitbench.evaluation.stages.systems import Systems

__all__ = ["PEOPLE", "PlannedViews", "span"]

#: People who are anonymized or painted in one go, and probes under whose noise a gallery is shown.
PEOPLE, PROBES = 10, 12


class PlannedViews(RehearsedViews):
    """Rehearsed views that write down a task for everything that is not there without one.

    Parameters
    ----------
    run : RunContext
        Of the rehearsal.
    systems : Systems
    needs : dict of role to (dict of Need to str)
    book : Notebook
    """

    def __init__(
        self, run: RunContext, systems: Systems, needs: dict[str, dict[Need, str]], book: Notebook
    ) -> None:
        super().__init__(run, systems, needs)
        self.book = book
        #: What has been looked at since this was last emptied.
        self.looked: list[Artifact] = []
        self._features: dict[tuple[Any, ...], list[Artifact]] = {}
        self._people: dict[str, dict[str, list[Need]]] = {}

    def walks_of(self, role: str) -> list[Artifact]:
        """The prepared sequences of a role."""
        return [("sequences", key) for key in self.needs[role].values()]

    def people_of(self, role: str) -> dict[str, list[Need]]:
        """The sequences of a role by subject: the same for every system."""
        if role not in self._people:
            self._people[role] = by_subject(self.needs[role])
        return self._people[role]

    def system(self, kind: str, name: str) -> list[Artifact]:
        """What a system needs before it can do anything: its weights, or the walks that it looks at."""
        if self.systems.seeds(kind, name):
            return [("models", self.systems.weights_key(kind, name))]
        return self.walks_of("models")

    def anonymized(self, name: str, role: str = "probe", draw: str = "probe") -> Anonymized:
        """The sequences of a role, a task for some people each."""
        new = (name, role, draw) not in self._anonymized
        found = super().anonymized(name, role, draw)
        if new and found.keys:
            people, system = self.people_of(role), self.system("anonymizer", name)
            for mine in chunks(list(people), PEOPLE):
                self.book.add(
                    "anonymize", name, f"{role}, {_noise(draw)}, {span(mine)}",
                    [("anonymized", found.keys[s]) for s in mine],
                    [*system, *(("sequences", found.needs[n]) for s in mine for n in people[s])],
                    (name, role, draw, tuple(mine)),
                )  # fmt: skip
        return found

    def originals(self, role: str, reads: str = "gei", source: str = "silhouette") -> Features:
        """The untouched sequences of a role."""
        with self.store.hearing() as heard:
            found = super().originals(role, reads, source)
        self._look(
            (role, reads, source), heard, "", f"{role}, untouched, {source}",
            lambda: self.walks_of(role), (None, role, reads, source),
        )  # fmt: skip
        return found

    def shown(self, cell: Cell, role: str, draw: str, reads: str) -> Features:
        """The sequences of a role as a system shows them."""
        with self.store.hearing() as heard:
            found = super().shown(cell, role, draw, reads)
        name, source, painter = self._name(cell), cell.attack.input, cell.colorizer
        label = name if painter == "none" or source == "silhouette" else f"{name} + {painter}"

        def needs() -> list[Artifact]:
            found = self.walks_of(role)
            if name != "original" or source == "silhouette":
                found += [("anonymized", key) for key in self.anonymized(name, role, draw).keys.values()]
            if painter != "none" and source != "silhouette":
                found += self.system("colorizer", painter)
            return found

        self._look(
            (label, role, draw, reads, source), heard, label, f"{role}, {_noise(draw)}, {source}", needs,
            (cell, role, draw, reads),
        )  # fmt: skip
        return found

    def _look(
        self, place: tuple[Any, ...], heard: Iterable[Artifact], label: str, what: str,
        needs: Callable[[], list[Artifact]], arguments: tuple[Any, ...],
    ) -> None:  # fmt: skip
        if place not in self._features:
            self._features[place] = [one for one in heard if one[0] == "features"]
            self.book.add("observe", label, what, self._features[place], needs(), arguments)
        self.looked += self._features[place]

    def enrolled_under(self, cell: Cell, reads: str, noises: Sequence[SequenceKey]) -> list[Features]:
        """The gallery under the noise of each of these sequences, a task for some of them each."""
        found = super().enrolled_under(cell, reads, noises)
        name, keys = self._name(cell), {n: one.digest for n, one in zip(noises, found, strict=True)}
        for angle in sorted({noise.angle for noise in noises}):
            here = [n for n in sorted(keys) if n.angle == angle]
            new = [n for n in here if ("known-noise", keys[n]) not in self.book.maker]
            seen = [("sequences", k) for need, k in self.needs["gallery"].items() if need.key.angle == angle]
            for mine in chunks(new, PROBES):
                self.book.add(
                    "noise", name, f"gallery at {angle} degrees, {mine[0]} to {mine[-1]}",
                    [("known-noise", keys[n]) for n in mine], [*self.system("anonymizer", name), *seen],
                    (cell, tuple(map(str, mine))),
                )  # fmt: skip
        self.looked += [("known-noise", key) for key in keys.values()]
        return found


def span(people: Sequence[str]) -> str:
    """The first and the last of some people."""
    return people[0] if len(people) == 1 else f"{people[0]} to {people[-1]}"


def _noise(draw: str) -> str:
    return "noise of the next" if draw.startswith("as the next") else f"{draw} noise"
