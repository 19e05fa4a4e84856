"""Worker processes of this machine that do the tasks of a plan, each as soon as it can be done."""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager, suppress
from typing import Any

from gaitbench.errors import ConfigError, GaitbenchError, UnreachableError
from gaitbench.evaluation.planning.costing import cost_of, missing_of
from gaitbench.evaluation.planning.estimates import Estimator
from gaitbench.evaluation.planning.executing.session import do_named
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.planning.task import Artifact, Task
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.log import StageTimer
from gaitbench.evaluation.run.memory import peak_mb, reset_peak, resident_mb, trim
from gaitbench.processes import end_with_parent, fitting_jobs
from gaitbench.store.costs import Cost

__all__ = ["EXECUTOR", "Front"]

log = logging.getLogger(__name__)

#: As ``--executor`` spells it, and progress.
EXECUTOR = "processes"
#: Share of this machine's memory that the tasks under way may take by their estimates.
_MEMORY = 0.85
#: How often workers may be killed before the run is given up.
_LOST = 3
#: What the stages of a run are called that does such tasks itself.
_STAGES = {
    "prepare": "prepare", "anonymize": "anonymize", "noise": "known noise", "observe": "observe",
    "attack": "identify", "paint": "quality", "utility": "utility", "naturalness": "naturalness",
}  # fmt: skip

#: MB that a worker may have grown by before it gives memory back; from 300 on the pool replaces it.
_GROWN = 200.0
#: What a worker held after its first task.
_AT_FIRST: list[float] = []

_Done = tuple[float, float, list[tuple[str, str, str]]]


class Front:
    """Sends tasks to workers, the one with most behind it first, and takes what they say.

    Parameters
    ----------
    run : RunContext
        `jobs` workers; its log takes the seconds of the tasks, its progress the ends of stages.
    request : Request
        The same run, by names.
    pictures : bool
        Whether pictures are painted and measured.
    estimator : Estimator
        What tasks are thought to take: which goes first, and how many at a time.
    told : callable
        Told the share of tasks that are done, and the last of them.
    memory_mb : float, optional
        What tasks side by side may take, by their estimates; 85 % of the machine's unless told. A task that takes more
        is done alone.

    Attributes
    ----------
    left : list of str
        Tasks that are left to the run itself, with the reason.
    costs : list of Cost
        Of the tasks that were done.
    """

    def __init__(
        self, run: RunContext, request: Request, pictures: bool, estimator: Estimator,
        told: Callable[[float, str], None], memory_mb: float | None = None,
    ) -> None:  # fmt: skip
        self.run, self.request, self.pictures = run, request, pictures
        self.estimator, self.told = estimator, told
        self.left: list[str] = []
        self.losses = 0
        self.costs: list[Cost] = []
        self.room = _MEMORY * _memory_mb() if memory_mb is None else memory_mb
        self.jobs = fitting_jobs(run.jobs, run.jobs)
        #: Tasks of each stage that are open, and the seconds of those that are done.
        self.stages: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}

    def do(self, tasks: Sequence[Task]) -> None:
        """Do tasks, each behind those that it needs; one that fails is left to the run.

        Raises
        ------
        ConfigError
            If workers are killed again and again.
        UnreachableError
            If the object store behind the cache cannot be reached.
        """
        open_tasks = {task.name: task for task in tasks}
        count = max(len(tasks), 1)
        self.stages = Counter(_stage_of(task) for task in tasks)
        self.seconds = {}
        while open_tasks:
            try:
                with _workers(self.jobs) as pool:
                    self._work_off(pool, open_tasks, count)
            except _broken() as error:
                self.losses += 1
                if self.losses == _LOST:
                    raise ConfigError(
                        f"worker processes were killed {_LOST} times, most likely for want of memory; what is finished "
                        f"is kept: run the same command again with fewer --jobs (now {self.jobs})"
                    ) from error
                self.jobs = max(1, self.jobs - 1)
                log.warning("a worker process was killed; it goes on with %d at a time", self.jobs)

    def _work_off(self, pool: Any, open_tasks: dict[str, Task], count: int) -> None:
        behind = _behind(open_tasks.values(), lambda task: self.estimator.of(task).seconds)
        running: dict[Future[_Done], Task] = {}
        missing: dict[str, list[Artifact]] = {}
        while open_tasks:
            under_way = {task.name for task in running.values()}
            ready = [
                task for task in open_tasks.values()
                if task.name not in under_way and not any(need in open_tasks for need in task.needs)
            ]  # fmt: skip
            for task in sorted(ready, key=lambda one: -behind[one.name]):
                taken = sum(self.estimator.of(one).memory_mb for one in running.values())
                fits = not running or taken + self.estimator.of(task).memory_mb <= self.room
                if len(running) < self.jobs and fits:
                    missing[task.name] = missing_of(self.run, task)
                    asked = (self.request, self.pictures, task.name, task.makes, task.known)
                    running[pool.submit(_in_worker, *asked)] = task
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task = running[future]
                self._take(
                    task, missing[task.name], future
                )  # a broken pool is raised here, and the task stays open
                del running[future], open_tasks[task.name]
                self.told(1 - len(open_tasks) / count, task.name)
                self._end_of_stage(_stage_of(task))

    def _take(self, task: Task, missing: list[Artifact], future: Future[_Done]) -> None:
        try:
            seconds, memory, failures = future.result()
        except UnreachableError:
            raise  # the run would find out the same
        except _broken():
            raise
        except GaitbenchError as error:
            self.left.append(f"{task.name}: {error}")
            return
        except Exception as error:
            self.left.append(f"{task.name}: {' '.join(f'{type(error).__name__}: {error}'.split())[:200]}")
            return
        if failures:
            return  # the run comes to it again, and names what failed
        cost = cost_of(self.run, task, missing, seconds, memory)
        if cost is not None:
            self.costs.append(cost)
        name = _stage_of(task)
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self.run.log.stages.append(StageTimer(name, seconds, memory, cached=False, beside_others=True))

    def _end_of_stage(self, name: str) -> None:
        """A log has a line for a stage when the last of its tasks has ended: the seconds of them all."""
        self.stages[name] -= 1
        if not self.stages[name]:
            self.run.progress.finish(name, self.seconds.get(name, 0.0), False)
            self.run.progress.start(EXECUTOR)


def _stage_of(task: Task) -> str:
    """The stage of the run that would do a task itself."""
    if task.kind == "observe" and task.arguments:  # as `Doer` takes them
        cell, *_, source = task.arguments
        return (
            "gei" if (source if cell is None else cell.attack.input) == "silhouette" else _STAGES["observe"]
        )
    return f"train {task.label}" if task.kind == "train" else _STAGES[task.kind]


def _behind(tasks: Any, seconds: Callable[[Task], float]) -> dict[str, float]:
    """By the name of a task, how long it and the longest chain of tasks that wait for it take."""
    found: dict[str, float] = {}
    for task in reversed(list(tasks)):  # those that wait for a task stand behind it
        found[task.name] = found.get(task.name, 0.0) + seconds(task)
        for need in task.needs:
            found[need] = max(found.get(need, 0.0), found[task.name])
    return found


def _in_worker(request: Request, pictures: bool, name: str, makes: Any, known: bool) -> _Done:
    """Seconds, peak memory in MB, and what failed (runs in a worker)."""
    reset_peak()
    began = time.perf_counter()
    failures = do_named(request, pictures, name, makes, known)
    taken = time.perf_counter() - began, peak_mb()
    now = resident_mb()
    if not _AT_FIRST:
        _AT_FIRST.append(now)
    if now > _AT_FIRST[0] + _GROWN:  # to look for what can be let go takes half a second
        trim()
    return *taken, failures


@contextmanager
def _workers(jobs: int) -> Iterator[Any]:
    """Processes that end with this one; those under way are ended where this one is interrupted."""
    from joblib.externals.loky.process_executor import ProcessPoolExecutor

    pool = ProcessPoolExecutor(jobs, initializer=end_with_parent, initargs=(os.getpid(),))
    whole = False
    try:
        with warnings.catch_warnings():
            # a worker that has grown is replaced by a new one: nothing is lost
            warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given")
            yield pool
        whole = True
    finally:
        pool.shutdown(wait=True, kill_workers=not whole)


def _broken() -> type[Exception]:
    from joblib.externals.loky.process_executor import BrokenProcessPool

    found: type[Exception] = BrokenProcessPool
    return found


def _memory_mb() -> float:
    """Of this machine; no bound where the system does not tell."""
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e6
    return float("inf")
