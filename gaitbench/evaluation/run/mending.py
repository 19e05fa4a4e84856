"""A run whose artifacts are damaged or vanish while it works: said, made again, and never part of a figure."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from gaitbench.errors import ConfigError, LostArtifactError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.costs import costs_of_run
from gaitbench.evaluation.run.log import RunLog
from gaitbench.processes import one_blas_thread
from gaitbench.store.costs import note_costs
from gaitbench.store.journal import note_run
from gaitbench.store.keeping import verify
from gaitbench.store.remote.opening import catch_up

__all__ = ["until_whole"]

log = logging.getLogger(__name__)

T = TypeVar("T")

#: A store that somebody empties again and again is no place to work in.
_TRIES = 3


def until_whole(run: RunContext, work: Callable[[RunContext], T]) -> T:
    """Give what `work` makes of the run; where an artifact is lost, look through the store and begin again.

    What is whole is not made twice. Each try has a log of its own, so that nothing is noted twice.

    Raises
    ------
    ConfigError
        If artifacts are lost again and again.
    UnreachableError
        If the object store behind the cache cannot be reached.
    """
    began = time.time()
    catch_up(run.store)
    for _ in range(_TRIES):
        own = RunLog(list(run.log.stages), list(run.log.failures), list(run.log.missing))
        try:
            with one_blas_thread():
                made = work(replace(run, log=own))
            note_costs(run.store, costs_of_run(replace(run, log=own), began))
            note_run(run.store, f"{run.suite.name} on {run.dataset.name}", run.store.used)
            return made
        except LostArtifactError as error:
            lost = error
            damaged = verify(run.store, remove=True).damaged
            run.store.refresh()
            log.warning(
                "%s; %d damaged artifacts were removed from the store, and what is lost is made again",
                error,
                len(damaged),
            )
    raise ConfigError(
        f"artifacts of the store at {run.store.root} are lost again and again ({lost}); let nothing else empty it, or "
        "set GAITBENCH_STORE to another folder"
    )
