"""Working at a plan beside other processes: what is not done yet is claimed, done, and given back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gaitbench.errors import ConfigError, LostArtifactError
from gaitbench.evaluation.planning.costing import cost_of, missing_of
from gaitbench.evaluation.planning.doing import Doer
from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.planning.rounds import deferred
from gaitbench.evaluation.planning.task import KINDS, Task
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.memory import peak_mb, reset_peak
from gaitbench.results.schema import Failure
from gaitbench.store import digest
from gaitbench.store.claims import Claims
from gaitbench.store.costs import Cost, note_costs
from gaitbench.store.journal import note_run
from gaitbench.store.keeping import verify
from gaitbench.store.remote.opening import catch_up

__all__ = ["Worked", "work"]

#: Processes that may be gone in the middle of a task before it is left to `run-all`.
TRIES = 3
#: A store that somebody empties again and again is no place to work in.
_LOSSES = 3
#: Seconds for which it will do what is known of other machines that share an object store.
_HEARD = 15.0
#: Times the first wait: how long the wait for others grows.
_LONGEST = 8


@dataclass
class Worked:
    """What a process did of a plan.

    Parameters
    ----------
    done : int
        Tasks that it did.
    others : int
        Tasks that others did while it worked.
    failures : list of Failure
        Cells that will fail in the run, too.
    left : dict of str to str
        Tasks that were not done, with the reason.
    """

    done: int = 0
    others: int = 0
    failures: list[Failure] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    costs: list[Cost] = field(default_factory=list)


def work(
    run: RunContext,
    claims: Claims,
    *,
    shard: tuple[int, int] = (1, 1),
    pictures: bool = True,
    poll: float = 1.0,
    told: Callable[[str], None] = lambda text: None,
) -> Worked:
    """Do what is not done yet and nobody else is doing, until all is done.

    Parameters
    ----------
    run : RunContext
    claims : Claims
        On the run's store.
    shard : (int, int)
        Number of this process, from 1, and how many there are: which share of each kind of task it does first. A share
        that nobody does is done by the others.
    pictures : bool
        Whether pictures are painted and measured.
    poll : float
        Seconds from one look to the next while others do what this process waits for; the wait grows to eight times it.
    told : callable
        Told of every task that begins and ends, in one line.

    Raises
    ------
    ConfigError
        If the store cannot be read or written, or artifacts are lost again and again.
    UnreachableError
        If the object store behind the cache cannot be reached.
    """
    worked = Worked()
    losses = 0
    worker = _Worker(run, claims, shard, pictures, poll, told, worked)
    try:
        while True:
            try:
                worker.work()
                return worked
            except LostArtifactError as error:
                losses += 1
                if losses == _LOSSES:
                    raise ConfigError(
                        f"artifacts of the store at {run.store.root} are lost again and again ({error}); let nothing "
                        "else empty it"
                    ) from error
                verify(run.store, remove=True)
                run.store.refresh()
                told(f"{error}; it is made again")
    finally:
        note_costs(run.store, worked.costs)


class _Worker:
    def __init__(
        self, run: RunContext, claims: Claims, shard: tuple[int, int], pictures: bool, poll: float,
        told: Callable[[str], None], worked: Worked,
    ) -> None:  # fmt: skip
        self.run, self.claims, self.shard, self.poll = run, claims, shard, poll
        self.pictures, self.told, self.worked = pictures, told, worked
        self.doer = Doer(run)
        #: Tried here, and not to be tried again: it failed, or others were gone in the middle of it.
        self.tried: set[str] = set()

    def work(self) -> None:
        """Work plans off, each of which knows more than the one before."""
        catch_up(self.run.store)
        plan = plan_of(self.run, pictures=self.pictures)
        while True:
            unsure = deferred(plan)
            waiting = any(plan.by_name[name].kind != "rest" for name in unsure)
            self._work_off([t for t in plan.todo() if t.name not in unsure], early=waiting)
            if not waiting:
                break
            self.run.store.refresh()
            plan = plan_of(self.run, pictures=self.pictures)
            if not deferred(plan) < unsure:  # nothing has shown itself: what is left is done as it is
                self._work_off([t for t in plan.todo() if t.kind != "rest"], early=False)
                break
        places = {"/".join(artifact) for task in plan.tasks for artifact in task.makes}
        note_run(self.run.store, f"{plan.suite} on {plan.data}", places | self.run.store.used)

    def _work_off(self, tasks: list[Task], *, early: bool) -> None:
        """Do tasks until all are done; with `early`, until a new plan would know more."""
        wait = self.poll
        pending = {t.name: t for t in self._in_order(tasks) if t.name not in self.tried}
        while pending:
            if early and not any(t.kind in ("prepare", "train", "anonymize") for t in pending.values()):
                return
            if self._one_of(pending):
                wait = self.poll
            else:  # forty who wait should not ask a network disk forty times a second
                time.sleep(wait)
                wait = min(1.5 * wait, _LONGEST * self.poll)

    def _in_order(self, tasks: list[Task]) -> Iterator[Task]:
        """Kind by kind, its own share first; then those of the others from their ends, where nobody is yet.

        Two machines with caches of their own do not see each other's claims: so they meet in the middle of a share, and
        do not go through it side by side.
        """
        number, count = self.shard
        for kind in KINDS:
            mine = [task for task in tasks if task.kind == kind]
            begin, end = len(mine) * (number - 1) // count, len(mine) * number // count
            yield from mine[begin:end] + mine[:begin][::-1] + mine[end:][::-1]

    def _one_of(self, pending: dict[str, Task]) -> bool:
        """Do the first task that can be done; False where others have all of those, and have ended none."""
        before = len(pending)
        self.run.store.refresh(_HEARD)
        for name, task in list(pending.items()):
            if any(need in pending for need in task.needs):
                continue
            if self._is_done(task):
                del pending[name]
                self.worked.others += 1
                continue
            claim = self.claims.take(self._claim_of(task))
            if claim is None:
                continue
            if claim.tries >= TRIES:
                self.claims.leave(claim)  # the others hear of it, too
                self.worked.left[name] = f"{claim.tries} processes were gone in the middle of it"
                self.tried.add(name)
                del pending[name]
                continue
            try:
                if not self._is_done(task):
                    self._do(task, claim.tries)
                else:
                    self.worked.others += 1
            finally:
                self.claims.give_back(claim)
            del pending[name]
            return True
        return len(pending) < before

    def _claim_of(self, task: Task) -> str:
        suite = self.run.asked or self.run.suite
        return digest(
            "claim", suite.name, self.run.dataset.fingerprint(), task.name, task.makes if task.known else (),
            suite.seed, self.run.device,
        )  # fmt: skip

    def _is_done(self, task: Task) -> bool:
        return task.known and all(self.run.store.has(*artifact) for artifact in task.makes)

    def _do(self, task: Task, tries: int) -> None:
        self.told(f"{task.name}{' (taken over)' if tries else ''}")
        missing = missing_of(self.run, task)
        reset_peak()
        began = time.perf_counter()
        failures = self.doer.do(task)
        seconds = time.perf_counter() - began
        if failures or not task.known:
            self.tried.add(task.name)
        self.worked.done += 1
        self.worked.failures += [one for one in failures if one not in self.worked.failures]
        cost = cost_of(self.run, task, missing, seconds, peak_mb())
        if cost is not None:
            self.worked.costs.append(cost)
