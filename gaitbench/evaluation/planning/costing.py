"""What a task of a plan took, as its doer notes it: what the next plan's estimates go by."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from gaitbench.evaluation.planning.task import Artifact, Task
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.costs import scale_of
from gaitbench.store.costs import Cost

__all__ = ["cost_of", "missing_of"]


def missing_of(run: RunContext, task: Task) -> list[Artifact]:
    """What a task makes and the store lacks."""
    return [artifact for artifact in task.makes if not run.store.has(*artifact)]


def cost_of(
    run: RunContext, task: Task, missing: Sequence[Artifact], seconds: float, memory_mb: float
) -> Cost | None:
    """The cost of a task that is done; None where it made nothing of what was missing.

    Parameters
    ----------
    missing : sequence of (str, str)
        What the store lacked before.
    seconds, memory_mb : float
        Of the process that did it.
    """
    sizes = []
    for artifact in missing:
        with suppress(OSError):
            sizes.append(run.store.path(*artifact).stat().st_size)
    if not sizes:
        return None
    units = len(sizes) * scale_of(run.suite, task.kind)
    return Cost(task.kind, task.label, run.suite.name, units, seconds, memory_mb, sum(sizes))
