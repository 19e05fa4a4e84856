"""The tasks of a run in rounds: what a plan is sure of first, then what a later plan knows."""

from __future__ import annotations

from collections.abc import Iterator

from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.planning.task import Plan, Task
from gaitbench.evaluation.run.context import RunContext

__all__ = ["deferred", "rounds"]


def deferred(plan: Plan) -> set[str]:
    """Tasks whose keys are not sure, and those that wait for them: a later plan will know more."""
    found: set[str] = set()
    for task in plan.tasks:
        if not task.known or any(need in found for need in task.needs):
            found.add(task.name)
    return found


def rounds(run: RunContext, plan: Plan, *, pictures: bool) -> Iterator[list[Task]]:
    """What is to be done, a list at a time; when the next is asked for, the ones before have been tried.

    Parameters
    ----------
    run : RunContext
    plan : Plan
        The first plan of the run.
    pictures : bool
        As for `plan_of`.
    """
    tried: set[str] = set()
    while True:
        unsure = deferred(plan)
        rest = {task.name for task in plan.tasks if task.kind == "rest"}
        tasks = [task for task in plan.todo() if task.name not in unsure | tried]
        yield tasks
        tried |= {task.name for task in tasks}
        if not unsure - rest:
            return
        run.store.refresh()
        plan = plan_of(run, pictures=pictures)
        if not deferred(plan) < unsure:  # nothing has shown itself: what is left is done as it is
            yield [task for task in plan.todo() if task.name not in rest | tried]
            return
