"""How long a task takes, how much memory and how much disk, by what such tasks took before."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gaitbench.evaluation.planning.task import Plan, Task
from gaitbench.evaluation.run.costs import scale_of
from gaitbench.store.costs import Cost
from gaitbench.suites import Suite

__all__ = ["SHIPPED", "Estimate", "Estimator", "Forecast", "forecast"]

#: Seconds, MB and bytes of one artifact, where a store remembers nothing: what `quick` took on two cores, rounded.
SHIPPED: dict[str, tuple[float, float, float]] = {
    "prepare": (0.25, 700.0, 75e3),
    "train": (100.0, 1000.0, 0.95e6),
    "anonymize": (0.3, 700.0, 0.5e6),
    "noise": (1.0, 700.0, 0.04e6),
    "observe": (1.5, 900.0, 13e6),
    "attack": (3.0, 1500.0, 2.4e6),
    "paint": (0.45, 900.0, 9e3),
    "utility": (8.0, 1300.0, 0.1e6),
    "naturalness": (8.0, 1100.0, 0.1e6),
    "rest": (20.0, 1500.0, 0.0),
}
#: Records of a place that count: the newest say what the code of today takes.
_NEWEST = 8


@dataclass(frozen=True)
class Estimate:
    """What a task is thought to take.

    Parameters
    ----------
    seconds : float
        Of one process.
    memory_mb : float
        Of one process.
    size : float
        Bytes that it leaves in the store.
    source : str
        ``suite`` (this suite did such tasks on this store), ``store`` (another one did), or ``shipped``.
    """

    seconds: float
    memory_mb: float
    size: float
    source: str


class Estimator:
    """Estimates from records.

    Parameters
    ----------
    costs : iterable of Cost
        The newest first.
    suite : Suite
        Its own records come before all others.
    """

    def __init__(self, costs: Iterable[Cost], suite: Suite) -> None:
        self.suite = suite
        self._of: dict[tuple[str, str | None, str | None], list[Cost]] = {}
        for cost in costs:
            for label in (cost.label, None):
                for owner in (cost.suite, None):
                    rows = self._of.setdefault((cost.kind, label, owner), [])
                    if len(rows) < _NEWEST:
                        rows.append(cost)

    def of(self, task: Task) -> Estimate:
        """What is left of a task; nothing where it is done."""
        places: list[tuple[str | None, str | None, str]] = [
            (task.label, self.suite.name, "suite"), (None, self.suite.name, "suite"), (task.label, None, "store"),
            (None, None, "store"),
        ]  # fmt: skip
        seconds, memory, size = SHIPPED[task.kind]
        if task.kind == "rest":  # stages of their own: one says nothing of another
            places = [place for place in places if place[0] is not None]
        source = "shipped"
        for label, suite, name in places:
            rows = self._of.get((task.kind, label, suite))
            if rows:
                units = sum(row.units for row in rows)
                seconds, source = sum(row.seconds for row in rows) / units, name
                memory = max((row.memory_mb for row in rows if row.memory_mb), default=memory)
                sized = [row for row in rows if row.size]
                size = sum(r.size for r in sized) / sum(r.units for r in sized) if sized else size
                break
        units = 0.0 if task.done else task.units * scale_of(self.suite, task.kind)
        return Estimate(units * seconds, memory, units * size, source)


@dataclass(frozen=True)
class Forecast:
    """What the rest of a plan is thought to take.

    Parameters
    ----------
    core_seconds : float
        All tasks one after another.
    seconds : float
        With `jobs` processes that take the next task that can be done.
    memory_mb : float
        The most that those processes hold at once.
    size : float
        Bytes that are added to the store.
    each : dict of str to Estimate
        By the names of the tasks that are not done.
    """

    core_seconds: float
    seconds: float
    memory_mb: float
    size: float
    each: dict[str, Estimate]


def forecast(plan: Plan, costs: Sequence[Cost], suite: Suite, jobs: int) -> Forecast:
    """Play the plan of a suite through with `jobs` processes, each of which takes the next task that can be done."""
    estimator = Estimator(costs, suite)
    each = {task.name: estimator.of(task) for task in plan.todo()}
    waits = {task.name: sum(need in each for need in task.needs) for task in plan.todo()}
    after: dict[str, list[str]] = {}
    place = {task.name: number for number, task in enumerate(plan.tasks)}
    for task in plan.todo():
        for need in task.needs:
            if need in each:
                after.setdefault(need, []).append(task.name)
    rest = [task.name for task in plan.todo() if task.kind == "rest"]
    ready = [(place[name], name) for name, count in waits.items() if not count and name not in set(rest)]
    heapq.heapify(ready)
    running: list[tuple[float, str]] = []
    now = most = 0.0
    while ready or running:
        while ready and len(running) < jobs:
            name = heapq.heappop(ready)[1]
            heapq.heappush(running, (now + each[name].seconds, name))
        most = max(most, sum(each[name].memory_mb for _, name in running))
        now, ended = heapq.heappop(running)
        for name in after.get(ended, ()):
            waits[name] -= 1
            if not waits[name]:
                heapq.heappush(ready, (place[name], name))
    # what `run-all` does at the end it does alone
    now += sum(each[name].seconds for name in rest)
    most = max([most, *(each[name].memory_mb for name in rest)])
    return Forecast(
        sum(one.seconds for one in each.values()), now, most, sum(one.size for one in each.values()), each
    )
