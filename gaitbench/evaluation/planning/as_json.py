"""A plan as JSON values."""

from __future__ import annotations

from typing import Any

from gaitbench import __version__
from gaitbench.evaluation.planning.estimates import Estimate, Forecast
from gaitbench.evaluation.planning.task import Plan, Task
from gaitbench.evaluation.run.context import RunContext

__all__ = ["plan_as_json"]

#: Of the form below.
FORMAT_VERSION = 1


def plan_as_json(run: RunContext, plan: Plan, ahead: Forecast) -> dict[str, Any]:
    """Every task with its keys and what it is thought to take, and the sums."""
    return {
        "format": "gaitbench-plan",
        "format_version": FORMAT_VERSION,
        "version": __version__,
        "suite": plan.suite,
        "data": plan.data,
        "store": run.store.place,
        "device": run.device,
        "jobs": run.jobs,
        "left": {
            "tasks": len(ahead.each),
            "keys_unknown": plan.unknown,
            "process_seconds": round(ahead.core_seconds, 1),
            "seconds": round(ahead.seconds, 1),
            "memory_mb": round(ahead.memory_mb),
            "bytes": round(ahead.size),
        },
        "missing_data": list(plan.missing_data),
        "troubles": list(plan.troubles),
        "tasks": [_task(task, ahead.each.get(task.name)) for task in plan.tasks],
    }


def _task(task: Task, left: Estimate | None) -> dict[str, Any]:
    estimate = None
    if left is not None:
        estimate = {
            "seconds": round(left.seconds, 2), "memory_mb": round(left.memory_mb), "bytes": round(left.size),
            "from": left.source,
        }  # fmt: skip
    return {
        "name": task.name,
        "kind": task.kind,
        "label": task.label,
        "what": task.what,
        "makes": ["/".join(artifact) for artifact in task.makes],
        "keys_known": task.known,
        "missing": task.missing,
        "needs": list(task.needs),
        "device": task.device,
        "left": estimate,
    }
