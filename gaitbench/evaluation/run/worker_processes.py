"""Work shared out to processes: one task a subject or a walk, each of which keeps what it makes in the store."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from gaitbench.errors import ConfigError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.log import RunLog, StageTimer
from gaitbench.evaluation.run.memory import peak_mb
from gaitbench.evaluation.run.progress import SilentProgress
from gaitbench.processes import fitting_jobs, one_blas_thread, worker_pool

__all__ = ["FEWEST", "at_once", "share_out"]

#: Fewer tasks than this are not worth the start of processes that import torch.
FEWEST = 12


def share_out(
    run: RunContext,
    stage: StageTimer,
    call: Callable[..., Any],
    tasks: Sequence[tuple[Any, ...]],
    *,
    uses: Sequence[Any] = (),
    fewest: int = FEWEST,
) -> Iterator[Any]:
    """Yield ``call(run, *task)`` of every task, in order; in `run.jobs` processes where that pays.

    Parameters
    ----------
    run : RunContext
        Workers get a copy that shows and notes nothing: a call returns what there is to say.
    stage : StageTimer
        Takes the peak memory of the workers.
    call : callable
        A function of a module, with arguments and a result that can be pickled.
    tasks : sequence of tuple
    uses : sequence
        Systems among the arguments. One that is not of this package, or says `stays_here`, stays in this process,
        for it may hold what another cannot have (a device, a file, a class that only this program knows).
    fewest : int
        Least number of tasks for which processes are started.

    Raises
    ------
    ConfigError
        If a worker is killed, most likely for want of memory.
    """
    alone = replace(run, progress=SilentProgress(), log=RunLog())
    movable = all(
        s is None or (type(s).__module__.startswith("gaitbench.") and not getattr(s, "stays_here", False))
        for s in uses
    )
    if run.jobs == 1 or len(tasks) < fewest or not movable or (uses and run.device != "cpu"):
        for task in tasks:
            with one_blas_thread():
                result = call(alone, *task)
            yield result
        return
    from joblib import delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    peaks: dict[int, float] = {}
    done = 0
    work = (delayed(_in_worker)(call, alone, task) for task in tasks)
    try:
        with (
            warnings.catch_warnings(),
            worker_pool(run.jobs, len(tasks), return_as="generator", batch_size=1) as pool,
        ):
            # a worker that has grown is replaced by a new one: nothing is lost
            warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given")
            for process, peak, result in pool(work):
                peaks[process] = peak
                stage.workers_mb = at_once(peaks.values(), fitting_jobs(run.jobs, len(tasks)))
                done += 1
                yield result
    except TerminatedWorkerError as error:
        raise ConfigError(
            f"a worker process was killed after {done} of {len(tasks)} tasks, most likely for want of memory; what is "
            f"finished is kept: run the same command again with fewer --jobs (now {fitting_jobs(run.jobs, len(tasks))})"
        ) from error


def at_once(peaks: Iterable[float], workers: int) -> float:
    """What `workers` processes held together, at most: the pool replaces one that grew, and the old ones are gone."""
    return sum(sorted(peaks)[-workers:])


def _in_worker(call: Callable[..., Any], run: RunContext, task: tuple[Any, ...]) -> tuple[int, float, Any]:
    """Process id, its peak memory in MB, and the result."""
    import cv2

    cv2.setNumThreads(1)  # the processes are the parallelism
    with one_blas_thread():
        result = call(run, *task)
    return os.getpid(), peak_mb(), result
