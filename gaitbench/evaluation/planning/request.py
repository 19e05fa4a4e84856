"""What is asked for, as names alone: enough for a process elsewhere to open the same run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gaitbench.evaluation.run.context import RunContext
from gaitbench.store import Store
from gaitbench.store.remote.mirror import Mirror
from gaitbench.suites import Suite

__all__ = ["Request"]


@dataclass(frozen=True)
class Request:
    """The arguments of `gaitbench.evaluation.run.setup.open_run`; paths are absolute.

    Parameters
    ----------
    suite : Suite
        A description of the run; it travels whole, for its file need not be there elsewhere.
    store : str
        Its folder.
    address : str, optional
        Of the object store that the folder is the cache of.
    device : str
        As the front found it: all have to agree.
    data, data_format, pattern, partition : str, optional
    fps : float, optional
    """

    suite: Suite
    store: str
    device: str
    data: str | None = None
    data_format: str | None = None
    pattern: str | None = None
    partition: str | None = None
    fps: float | None = None
    address: str | None = None

    @classmethod
    def of(
        cls, run: RunContext, *, data: Path | None, data_format: str | None, pattern: str | None,
        partition: Path | None, fps: float | None,
    ) -> Request:  # fmt: skip
        """Of a run that is open here."""
        return cls(
            run.asked or run.suite, str(run.store.root.absolute()), run.device, _absolute(data), data_format, pattern,
            _absolute(partition), fps, None if run.store.mirror is None else run.store.mirror.address,
        )  # fmt: skip

    def open(self) -> RunContext:
        """Open the run, for one process.

        Raises
        ------
        GaitbenchError
            If it cannot be opened here.
        """
        from gaitbench.evaluation.run.setup import open_run

        mirror = None if self.address is None else Mirror(self.address)
        return open_run(
            self.suite, data=None if self.data is None else Path(self.data), data_format=self.data_format,
            fps=self.fps, pattern=self.pattern, partition=None if self.partition is None else Path(self.partition),
            store=Store(self.store, mirror), jobs=1, device=self.device,
        )  # fmt: skip


def _absolute(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())
