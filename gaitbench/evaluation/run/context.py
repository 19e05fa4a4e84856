"""What every stage of a run needs: the suite, the data, the store, and a log of stages and failures."""

from __future__ import annotations

import contextlib
import logging
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from gaitbench.datasets.sequence import Dataset
from gaitbench.errors import ConfigError
from gaitbench.store import Store
from gaitbench.suites import Suite

__all__ = ["Failure", "Progress", "RunContext", "SilentProgress", "Stage", "peak_mb"]

log = logging.getLogger(__name__)


class Progress(Protocol):
    """What shows a run's progress; the command line draws it, the library stays silent."""

    def start(self, stage: str) -> None:
        """A stage begins."""

    def update(self, fraction: float, text: str = "") -> None:
        """The stage has done `fraction` in [0, 1]."""

    def finish(self, stage: str, seconds: float, cached: bool) -> None:
        """The stage has ended."""


class SilentProgress:
    """Shows nothing."""

    def start(self, stage: str) -> None:
        """Do nothing."""

    def update(self, fraction: float, text: str = "") -> None:
        """Do nothing."""

    def finish(self, stage: str, seconds: float, cached: bool) -> None:
        """Do nothing."""


@dataclass
class Stage:
    """One stage of a run as the record names it."""

    name: str
    seconds: float = 0.0
    peak_memory_mb: float = 0.0
    cached: bool = True
    #: peak of the worker processes together, added to this process's own
    workers_mb: float = 0.0

    def made(self) -> None:
        """Say that something was computed, not read from the store."""
        self.cached = False


@dataclass(frozen=True)
class Failure:
    """A cell that could not be computed: shown in the report, and the run's exit code is not zero."""

    stage: str
    cell: str
    message: str


def _reset_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """Peak memory of this process in MB.

    Where the kernel tells it, that of the program now running in it: `getrusage` begins a child at the peak of the
    process that started it, and so counts the parent's memory once more for each worker.
    """
    with contextlib.suppress(OSError, StopIteration, ValueError, IndexError):
        text = Path("/proc/self/status").read_text()
        line = next(row for row in text.splitlines() if row.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


@dataclass
class RunContext:
    """A run under way.

    Parameters
    ----------
    suite : Suite
    dataset : Dataset
    store : Store
    device : str
        ``"cpu"`` or ``"cuda"``.
    jobs : int
        Worker processes for the preparation of sequences.
    probe_angles : tuple of int or None
        Probe only these angles (None: all of the suite).
    """

    suite: Suite
    dataset: Dataset
    store: Store
    device: str = "cpu"
    jobs: int = 2
    probe_angles: tuple[int, ...] | None = None
    progress: Progress = field(default_factory=SilentProgress)
    stages: list[Stage] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for angle in self.probe_angles or ():
            if angle not in self.suite.data.angles:
                known = ", ".join(map(str, self.suite.data.angles))
                raise ConfigError(f"angle {angle} is not in suite {self.suite.name}; its angles: {known}")

    @property
    def angles_probed(self) -> tuple[int, ...]:
        """Angles whose probes are tested."""
        return self.suite.data.angles if self.probe_angles is None else self.probe_angles

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Time a stage and take its peak memory; stages of one name add up to one row."""
        stage = Stage(name)
        _reset_peak()
        self.progress.start(name)
        started = time.perf_counter()
        try:
            yield stage
        finally:
            stage.seconds = time.perf_counter() - started
            stage.peak_memory_mb = peak_mb() + stage.workers_mb
            self.stages.append(stage)
            self.progress.finish(name, stage.seconds, stage.cached)

    def fail(self, stage: str, cell: str, message: str) -> None:
        """Note a failed cell; the run goes on with the others."""
        log.warning("%s: %s: %s", stage, cell, message)
        self.failures.append(Failure(stage, cell, message))

    def stage_rows(self) -> list[dict[str, Any]]:
        """Stages for the record; parts of one name are joined."""
        rows: dict[str, dict[str, Any]] = {}
        for stage in self.stages:
            row = rows.setdefault(
                stage.name, {"name": stage.name, "seconds": 0.0, "peak_memory_mb": 0.0, "cached": True}
            )
            row["seconds"] = round(row["seconds"] + stage.seconds, 3)
            row["peak_memory_mb"] = round(max(row["peak_memory_mb"], stage.peak_memory_mb), 1)
            row["cached"] = row["cached"] and stage.cached
        return list(rows.values())
