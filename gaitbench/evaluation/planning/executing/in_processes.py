"""The executor `processes`: each task of a plan in a worker process of this machine, as soon as it can be done."""

from __future__ import annotations

from collections.abc import Callable

from gaitbench.evaluation.planning.estimates import Estimator, forecast
from gaitbench.evaluation.planning.executing.local_front import Front
from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.planning.rounds import rounds
from gaitbench.evaluation.run.context import RunContext
from gaitbench.registry import ANONYMIZERS, COLORIZERS, RECOGNIZERS
from gaitbench.store.costs import costs_of, note_costs
from gaitbench.system_value import base_name

__all__ = ["do_in_processes"]

#: Seconds of one process, by the estimates, from which on it pays that each worker opens the run and plans for itself:
#: `smoke` takes as long either way, runs of tests with many attacks twice as long so.
_WORTH = 600.0


def do_in_processes(
    run: RunContext,
    request: Request,
    *,
    pictures: bool = True,
    memory_mb: float | None = None,
    told: Callable[[float, str], None] = lambda done, text: None,
) -> list[str]:
    """Have everything that is not in the store made by `run.jobs` processes, trainings beside all else.

    Nothing is done where it would not pay, on another device than the processors, and for systems that are not of this
    package, which may live in this process alone: then the run does everything itself, stage by stage.

    Parameters
    ----------
    run : RunContext
    request : Request
        The same run, by names.
    memory_mb : float, optional
        What tasks side by side may take, by their estimates; 85 % of the machine's unless told.
    told : callable
        Told the share of tasks that are done, and the last of them.

    Returns
    -------
    list of str
        Tasks that are left to the run itself, with the reason.

    Raises
    ------
    ConfigError
        If workers are killed again and again, most likely for want of memory. What is finished is kept.
    UnreachableError
        If the object store behind the cache cannot be reached.
    """
    if run.jobs == 1 or run.device != "cpu" or run.probe_angles is not None or not _all_ours(run):
        return []
    plan = plan_of(run, pictures=pictures)
    costs = costs_of(run.store)
    ahead = forecast(plan, costs, run.suite, run.jobs)
    done_here = sum(ahead.each[task.name].seconds for task in plan.todo() if task.kind == "rest")
    if ahead.core_seconds - done_here < _WORTH:
        return []
    front = Front(run, request, pictures, Estimator(costs, run.suite), told, memory_mb)
    try:
        for tasks in rounds(run, plan, pictures=pictures):
            front.do(tasks)
    finally:
        note_costs(run.store, front.costs)
    return front.left


def _all_ours(run: RunContext) -> bool:
    systems = run.suite.systems
    named = [
        (ANONYMIZERS, systems.anonymizer_names), (COLORIZERS, systems.colorizer_names),
        (RECOGNIZERS, systems.recognizers),
    ]  # fmt: skip
    return all(
        registry.origin(base_name(str(text))) == "built in" for registry, texts in named for text in texts
    )
