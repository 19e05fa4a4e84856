"""What every stage of a run needs: the suite, the data, the store, where to compute, and the run's log."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from gaitbench.datasets.sequence import Dataset
from gaitbench.datasets.views import view_text
from gaitbench.errors import ConfigError
from gaitbench.evaluation.run.log import RunLog, StageTimer
from gaitbench.evaluation.run.progress import Progress, SilentProgress
from gaitbench.registry import with_packages
from gaitbench.store import Store
from gaitbench.suites import Suite

__all__ = ["RunContext"]


@dataclass(frozen=True)
class RunContext:
    """A run: decided before it starts; what happens in it goes to its log.

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
    progress : Progress
    log : RunLog
    asked : Suite, optional
        The suite as it was asked for, where something of it takes no part because it cannot be loaded.
    """

    suite: Suite
    dataset: Dataset
    store: Store
    device: str = "cpu"
    jobs: int = 2
    probe_angles: tuple[int, ...] | None = None
    progress: Progress = field(default_factory=SilentProgress)
    log: RunLog = field(default_factory=RunLog)
    asked: Suite | None = None

    def __post_init__(self) -> None:
        for angle in self.probe_angles or ():
            if angle not in self.suite.data.angles:
                known = ", ".join(map(view_text, self.suite.data.angles))
                raise ConfigError(
                    f"angle {view_text(angle)} is not in suite {self.suite.name}; its angles: {known}"
                )

    @property
    def angles_probed(self) -> tuple[int, ...]:
        """Angles whose probes are tested."""
        return self.suite.data.angles if self.probe_angles is None else self.probe_angles

    def stage(self, name: str) -> AbstractContextManager[StageTimer]:
        """Time a stage; see `RunLog.stage`."""
        return self.log.stage(name, self.progress)

    def fail(self, stage: str, cell: str, message: str) -> None:
        """Note a failed cell, with the package of a third party that the message names; see `RunLog.fail`."""
        self.log.fail(stage, cell, with_packages(message))
