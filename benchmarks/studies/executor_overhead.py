"""What a task costs that has nothing to do: ``python -m benchmarks.studies.executor_overhead [--suite smoke]``.

A suite is run, and then its tasks are sent again, each of which finds in the store what it would make: what is left is
the sending, the worker's look at its plan and at the store, and the answer. The first quarter is not counted: workers
start in it, open the run and plan for themselves.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.planning.estimates import Estimator
from gaitbench.evaluation.planning.executing import on_dask
from gaitbench.evaluation.planning.executing.local_front import Front
from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.planning.task import Task
from gaitbench.evaluation.record import record_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.setup import open_run

_UNCOUNTED = 0.25


def milliseconds_a_task(send: Callable[[Callable[[float, str], None]], None]) -> float:
    """Clock of one task among many; `send` is told who wants to hear of each that has ended."""
    ended: list[float] = []
    send(lambda done, text: ended.append(time.perf_counter()))
    first = int(_UNCOUNTED * len(ended))
    return 1000.0 * (ended[-1] - ended[first]) / (len(ended) - 1 - first)


def processes(run: RunContext, asked: Request, tasks: list[Task]) -> float:
    """By the executor `processes`."""
    return milliseconds_a_task(lambda told: Front(run, asked, True, Estimator((), run.suite), told).do(tasks))


def dask(run: RunContext, asked: Request, tasks: list[Task]) -> float:
    """By the executor `dask`, on a cluster of this machine."""

    def send(told: Callable[[float, str], None]) -> None:
        with on_dask.connected(None, run.jobs) as client:
            on_dask.send(client, asked, True, tasks, told)

    return milliseconds_a_task(send)


def main() -> None:
    """Print a line an executor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--suite", default="smoke")
    parser.add_argument("--store", type=Path, help="that of an earlier run, which is then not run again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gaitbench-overhead-") as folder:
        run = open_run(options.suite, store=options.store or Path(folder), jobs=2)
        asked = Request.of(run, data=None, data_format=None, pattern=None, partition=None, fps=None)
        record_of(Experiment(run))
        tasks = [task for task in plan_of(run).tasks if task.done]
        for name, measured in (("processes", processes), ("dask", dask)):
            print(f"{name}: {measured(run, asked, tasks):.2f} ms a task, {len(tasks)} tasks")


if __name__ == "__main__":
    main()
