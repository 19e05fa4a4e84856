"""Doing the tasks of a plan, in one process, by what the run itself does them with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.planning.planner import ROLES
from gaitbench.evaluation.planning.task import Task
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.log import RunLog
from gaitbench.evaluation.run.needs import Need, needs_of_role
from gaitbench.evaluation.run.progress import SilentProgress
from gaitbench.evaluation.stages.anonymize import anonymize
from gaitbench.evaluation.stages.prepare import artifact_key, prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.evaluation.utility.naturalness import RealSilhouettes, naturalness_of
from gaitbench.evaluation.utility.taught import Taught
from gaitbench.evaluation.utility.values import measures_of, utility_of
from gaitbench.processes import one_blas_thread
from gaitbench.results.schema import Failure

__all__ = ["Doer"]


class Doer:
    """Does tasks of one run; what they make stays in the store, and nothing else comes of them.

    Parameters
    ----------
    run : RunContext
    """

    def __init__(self, run: RunContext) -> None:
        self.run = replace(run, jobs=1, progress=SilentProgress(), log=RunLog())
        self.needs: dict[str, dict[Need, str]] = {
            role: {need: artifact_key(self.run, need) for need in needs_of_role(self.run, role)}
            for role in ROLES
        }
        self.systems = Systems(self.run, self.needs["models"])
        self.views = Views(self.run, self.systems, self.needs)
        self.ladder = Ladder(self.run, self.views)
        self.taught, self.real = Taught(self.run, self.needs), RealSilhouettes(self.run, self.needs["models"])

    def do(self, task: Task) -> list[Failure]:
        """Do a task; what failed of it will fail in the run, too, and is named there.

        Raises
        ------
        LostArtifactError
            If what it needs is damaged or gone.
        """
        import cv2

        cv2.setNumThreads(1)  # the processes are the parallelism
        self.run.log.failures.clear()
        how: Callable[..., None] = getattr(self, f"_{task.kind}")
        try:
            with one_blas_thread():
                how(*task.arguments)
        except GaitbenchError as error:
            self.run.fail(task.kind, task.name, str(error))
        finally:
            self.ladder.release()
        return list(self.run.log.failures)

    def _of(self, role: str, people: tuple[str, ...]) -> dict[Need, str]:
        return {need: key for need, key in self.needs[role].items() if need.key.subject in people}

    def _prepare(self, walks: tuple[tuple[str, str], ...]) -> None:
        wanted = set(walks)
        prepare_all(
            self.run,
            [n for mine in self.needs.values() for n in mine if (n.key.subject, n.key.walk) in wanted],
        )

    def _train(self, kind: str, text: str) -> None:
        (self.systems.anonymizer if kind == "anonymizer" else self.systems.colorizer)(text)

    def _anonymize(self, name: str, role: str, draw: str, people: tuple[str, ...]) -> None:
        anonymize(self.run, self.systems, name, self._of(role, people), draw)

    def _noise(self, cell: Cell, probes: tuple[str, ...]) -> None:
        self.views.enrolled_under(cell, "gei", [SequenceKey.parse(name) for name in probes])

    def _observe(self, cell: Cell | None, role: str, draw_or_reads: str, reads_or_source: str) -> None:
        if cell is None:
            self.views.originals(role, draw_or_reads, reads_or_source)
        else:
            self.views.shown(cell, role, draw_or_reads, reads_or_source)

    def _attack(self, cells: tuple[Cell, ...]) -> None:
        for cell in cells:
            try:
                self.ladder.outcome(cell)
            except GaitbenchError as error:
                self.run.fail("attack", str(cell), str(error))

    def _utility(self, name: str) -> None:
        shown = self.views.anonymized(name)
        if shown.keys:  # else it failed whole, and the run names it
            utility_of(self.run, shown, measures_of(self.run), self.taught)

    def _naturalness(self, name: str) -> None:
        shown = self.views.anonymized(name)
        if shown.keys:
            naturalness_of(self.run, shown, self.real)

    def _paint(self, name: str, painter: str, people: tuple[str, ...]) -> None:
        shown = replace(self.views.anonymized(name), needs=self._of("probe", people))
        quality.measure(self.run, self.systems, shown, painter)
