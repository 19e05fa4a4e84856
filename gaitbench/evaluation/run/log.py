"""What happened in a run: how long its stages took, what failed, what the data lacked."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from gaitbench.evaluation.run.memory import peak_mb, reset_peak
from gaitbench.evaluation.run.progress import Progress
from gaitbench.results.schema import Failure, Stage

__all__ = ["RunLog", "StageTimer"]

log = logging.getLogger(__name__)


@dataclass
class StageTimer:
    """One stage of a run under way."""

    name: str
    seconds: float = 0.0
    peak_memory_mb: float = 0.0
    cached: bool = True
    #: peak of the worker processes together, added to this process's own
    workers_mb: float = 0.0
    #: whether the seconds are those of one process beside others, and not the clock's
    beside_others: bool = False

    def made(self) -> None:
        """Say that something was computed, not read from the store."""
        self.cached = False


@dataclass
class RunLog:
    """The one thing about a run that changes while it runs.

    Attributes
    ----------
    stages : list of StageTimer
        In the order in which they ended; parts of one name come again.
    failures : list of Failure
        Cells that could not be computed: shown in the report, and the run's exit code is not zero.
    missing : list of str
        Sequences that the data set lacks.
    notes : Counter of str
        How sequences were read, where that was not plain: phrase -> sequences.
    """

    stages: list[StageTimer] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    @contextlib.contextmanager
    def stage(self, name: str, progress: Progress) -> Iterator[StageTimer]:
        """Time a stage and take its peak memory; stages of one name add up to one row."""
        stage = StageTimer(name)
        reset_peak()
        progress.start(name)
        started = time.perf_counter()
        try:
            yield stage
        finally:
            stage.seconds = time.perf_counter() - started
            stage.peak_memory_mb = peak_mb() + stage.workers_mb
            self.stages.append(stage)
            progress.finish(name, stage.seconds, stage.cached)

    def fail(self, stage: str, cell: str, message: str) -> None:
        """Note a failed cell; the run goes on with the others."""
        log.warning("%s: %s: %s", stage, cell, message)
        self.failures.append(Failure(stage, cell, message))

    def stage_rows(self) -> tuple[Stage, ...]:
        """Stages for the record; parts of one name are joined."""
        rows: dict[str, Stage] = {}
        for part in self.stages:
            before = rows.get(part.name, Stage(part.name, 0.0, 0.0, True))
            rows[part.name] = Stage(
                part.name,
                round(before.seconds + part.seconds, 3),
                round(max(before.peak_memory_mb or 0.0, part.peak_memory_mb), 1) or None,
                before.cached and part.cached,
            )
        return tuple(rows.values())
