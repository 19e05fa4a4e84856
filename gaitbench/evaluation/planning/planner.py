"""From a run that is not begun to its plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.plan import Cell, plan
from gaitbench.evaluation.attacks.rungs.rung import Rung
from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.pictures.painters import painters_of, tested_and_controls, trainings_shown
from gaitbench.evaluation.planning.looking import PEOPLE, PlannedViews, span
from gaitbench.evaluation.planning.names import planned
from gaitbench.evaluation.planning.notebook import Notebook, chunks
from gaitbench.evaluation.planning.rehearsal import RehearsedLadder, RehearsedStore
from gaitbench.evaluation.planning.task import Artifact, Plan
from gaitbench.evaluation.rows.pictures.ablation_rows import ablation_labels
from gaitbench.evaluation.rows.pictures.swept import swept_cells, swept_names, swept_painters
from gaitbench.evaluation.rows.pictures.training_rows import spread_cells
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.log import RunLog
from gaitbench.evaluation.run.needs import Need, needs_of_role
from gaitbench.evaluation.run.progress import SilentProgress
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.evaluation.utility.naturalness import RealSilhouettes, naturalness_key
from gaitbench.evaluation.utility.taught import Taught
from gaitbench.evaluation.utility.values import measures_of, utility_key
from gaitbench.registry import RUNGS, UTILITIES
from gaitbench.suites import Suite

__all__ = ["ROLES", "plan_of"]

ROLES = ("recognizer", "models", "gallery", "probe")
#: Walks that are prepared, and attacks that are run, in one go.
WALKS, ATTACKS = 6, 12


def plan_of(run: RunContext, *, pictures: bool = True) -> Plan:
    """What a run would do, and under which keys it would keep it; nothing is computed.

    Parameters
    ----------
    run : RunContext
    pictures : bool
        Whether pictures are painted and measured.

    Raises
    ------
    GaitbenchError
        If the data hold nothing of what the suite asks for.
    """
    return _Planner(run).plan(pictures)


@dataclass(frozen=True)
class _Attack:
    """An attack, what it asks the store for and what it looks at."""

    cell: Cell
    asked: tuple[Artifact, ...]
    looked: tuple[Artifact, ...]
    known: bool


class _Planner:
    def __init__(self, run: RunContext) -> None:
        self.store = RehearsedStore(run.store)
        self.run = replace(run, store=self.store, log=RunLog(), progress=SilentProgress(), jobs=1)
        self.book = Notebook(self.store, run.device)
        self.troubles: list[str] = []
        needs = {role: list(map(planned, needs_of_role(self.run, role))) for role in ROLES}
        keys = prepare_all(self.run, [n for mine in needs.values() for n in mine])
        self.needs = {role: {n: keys[n] for n in mine} for role, mine in needs.items()}
        self.systems = Systems(self.run, self.needs["models"])
        self.views = PlannedViews(self.run, self.systems, self.needs, self.book)
        self.ladder = RehearsedLadder(self.views)

    def plan(self, pictures: bool) -> Plan:
        suite = self.run.suite
        tested = tested_and_controls(self.run)
        swept = swept_names(suite) if suite.extras.sweep else []
        self._prepare()
        self._train(tested, swept, pictures)
        for name in dict.fromkeys([*tested, *swept]):
            with self._noted(f"anonymizer={name}"):
                self.views.anonymized(name)
        self._attack(dict.fromkeys(self._cells(swept if pictures else [])))
        if pictures:
            self._paint(tested, swept)
        for name in dict.fromkeys([*tested, *map(str, suite.extras.sweep)]):
            with self._noted(f"anonymizer={name}"):
                self._gaits(name, pictures)
        for stage in _rest(suite, pictures):
            self.book.add("rest", stage, "", [], [], (), known=False)
        self.troubles += [f"{f.stage}: {f.cell}: {f.message}" for f in self.run.log.failures]
        return Plan(
            suite.name, self.run.dataset.name, self.book.in_order(), tuple(self.run.log.missing),
            tuple(dict.fromkeys(self.troubles)),
        )  # fmt: skip

    @contextmanager
    def _noted(self, where: str) -> Iterator[None]:
        """What cannot be planned will be a failed cell of the run: it is noted, and the rest is planned."""
        try:
            yield
        except GaitbenchError as error:
            self.troubles.append(f"{where}: {error}")

    def _prepare(self) -> None:
        walks: dict[tuple[str, str], list[tuple[Need, str]]] = {}
        for need, key in [pair for mine in self.needs.values() for pair in mine.items()]:
            walks.setdefault((need.key.subject, need.key.walk), []).append((need, key))
        for some in chunks(list(walks), WALKS):
            whole = [pair for walk in some for pair in walks[walk]]
            self.book.add(
                "prepare", "", span([" ".join(walk) for walk in some]), [("sequences", key) for _, key in whole], [],
                (tuple(some),),
            )  # fmt: skip

    def _train(self, tested: Sequence[str], swept: Sequence[str], pictures: bool) -> None:
        suite = self.run.suite
        painted = pictures or bool(set(suite.attacks.inputs) - {"silhouette"})
        several = suite.systems.colorizer_names if painted else ()
        once = [*(swept_painters(suite) if swept and pictures else ())]
        once += ablation_labels().values() if suite.extras.ablations and pictures else ()
        partners = []
        for name in dict.fromkeys([*several, *once]):
            with self._noted(f"colorizer={name}"):
                if self.systems.seeds("colorizer", name):
                    partners.append(self.systems.partner(name))
        for name in dict.fromkeys([*tested, *swept, *partners]):
            self._trainings("anonymizer", name)
        for name in several:
            self._trainings("colorizer", name)
        for name in once:
            self._trainings("colorizer", name, first=True)

    def _trainings(self, kind: str, name: str, *, first: bool = False) -> None:
        with self._noted(f"{kind}={name}"):
            if not self.systems.seeds(kind, name):
                return
            for text in [name] if first else self.systems.trainings(kind, name):
                needs = self.views.walks_of("models")
                if kind == "colorizer":
                    needs += self.views.system("anonymizer", self.systems.partner(text))
                artifact = ("models", self.systems.weights_key(kind, text))
                self.book.add(
                    "train", self.systems.trained_as(kind, text), kind, [artifact], needs, (kind, text)
                )

    def _cells(self, swept: Sequence[str]) -> Iterator[Cell]:
        suite = self.run.suite
        yield from plan(suite, rendered=self.run.dataset.rendered)
        yield from spread_cells(suite, self.systems)
        for text in swept:
            with self._noted(f"sweep of {text}"):
                yield from swept_cells(suite, text)

    def _attack(self, cells: Iterable[Cell]) -> None:
        groups: dict[tuple[str, str, bool], list[_Attack]] = {}
        for cell in cells:
            self.views.looked.clear()
            self.views.unforeseen = False
            with self._noted(str(cell)), self.store.hearing() as heard:
                learnt = self.ladder.learnt_from(cell)[1]
                asked = [one for one in dict.fromkeys(heard) if self._is_made(one)]
                attack = _Attack(cell, tuple(asked), tuple(self.views.looked), not self.views.unforeseen)
                # what an attacker undoes depends on the noise: such attacks are not sure where others are
                undoes = RUNGS.get(cell.attack.attacker).restored is not Rung.restored
                groups.setdefault((cell.attack.recognizer, learnt, undoes), []).append(attack)
        for (recognizer, _, _), attacks in groups.items():
            for some in chunks(attacks, ATTACKS):
                self.book.add(
                    "attack", recognizer, _of(some[0].cell, len(some)), [a for one in some for a in one.asked],
                    [a for one in some for a in one.looked], (tuple(one.cell for one in some),),
                    known=all(one.known for one in some),
                )  # fmt: skip

    def _is_made(self, artifact: Artifact) -> bool:
        """Whether an attack makes or reads it: distances, networks that undo a system, weights of its own systems."""
        stage, _ = artifact
        return stage == "distances" or (
            stage == "models" and (artifact in self.store.there or artifact in self.book.maker)
        )

    def _paint(self, tested: Sequence[str], swept: Sequence[str]) -> None:
        suite, painters = self.run.suite, painters_of(self.run.suite)
        pairs: list[tuple[str, str]] = []
        for name in tested:
            for painter in painters(name):
                with self._noted(f"colorizer={painter}"):
                    texts = () if painter == "none" else self.systems.trainings("colorizer", painter)
                    pairs += [(name, text) for text in trainings_shown(suite, name, texts) or [painter]]
        pairs += [(name, painter) for name in swept for painter in swept_painters(suite)]
        if suite.extras.ablations:
            over = [n for n in (suite.systems.anonymizer_names[0], "oracle") if n in tested]
            pairs += [(name, text) for name in over for text in ablation_labels().values()]
        for name, painter in dict.fromkeys(pairs):
            with self._noted(f"anonymizer={name}, colorizer={painter}"):
                self._painted(name, painter)

    def _painted(self, name: str, painter: str) -> None:
        shown = self.views.anonymized(name)
        with self.store.hearing() as heard:
            quality.measure(self.run, self.systems, shown, painter)
        people = list(self.views.people_of("probe"))
        made = dict(zip(people, [one for one in heard if one[0] == "quality"], strict=False))
        system = [] if painter == "none" else self.views.system("colorizer", painter)
        for mine in chunks(list(made), PEOPLE):
            self.book.add(
                "paint", f"{name} + {painter}", span(mine), [made[s] for s in mine],
                [*system, *(("anonymized", shown.keys[s]) for s in mine)], (name, painter, tuple(mine)),
            )  # fmt: skip

    def _gaits(self, name: str, pictures: bool) -> None:
        """What is measured of the gaits themselves, a task a system: by our own measures, which every process has."""
        shown, extras = self.views.anonymized(name), self.run.suite.extras
        needs: list[Artifact] = [("anonymized", key) for key in shown.keys.values()]
        needs += self.views.walks_of("models")
        if not shown.keys:
            return
        if extras.utility and _ours():
            key = utility_key(self.run, shown, measures_of(self.run), Taught(self.run, self.needs))
            walks = self.views.walks_of("recognizer")
            self.book.add("utility", name, "", [("utility", key)], [*needs, *walks], (name,))
        if extras.naturalness or (name in swept_names(self.run.suite) and pictures):
            key = naturalness_key(shown, RealSilhouettes(self.run, self.needs["models"]))
            self.book.add("naturalness", name, "", [("naturalness", key)], needs, (name,))


def _of(cell: Cell, count: int) -> str:
    painted = "" if cell.colorizer == "none" else f" + {cell.colorizer}"
    others = f" and {count - 1} more" if count > 1 else ""
    return f"{cell.attack.attacker} on {cell.anonymizer}{painted}, {cell.attack.input}{others}"


def _ours() -> bool:
    """Whether all measures of utility are this program's: every process has those."""
    return all(UTILITIES.origin(name) == "built in" for name in UTILITIES.names())


def _rest(suite: Suite, pictures: bool) -> Iterator[str]:
    """What `run-all` does itself at the end, as its stages are called."""
    yield from ("attributes", "statistics")
    extras = suite.extras
    yield from ["utility"] if extras.utility and not _ours() else []
    yield from ["naturalness"] if extras.naturalness else []
    yield from ["utility again"] if extras.utility and "resegmented" in suite.attacks.inputs else []
    yield from ["samples"] if pictures and suite.samples else []
