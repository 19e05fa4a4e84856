"""Who does the tasks of a run before the run itself comes to them: executors behind one contract, by name.

A run finds what an executor has made in the store, and makes itself what is not there; so its figures do not depend on
the executor. None of them is given a value, and none gives one back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from gaitbench.errors import ConfigError
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.run.context import RunContext
from gaitbench.nearest import did_you_mean

__all__ = ["EXECUTORS", "Dask", "Executor", "Processes", "Serial", "executor_of"]

#: As ``--executor`` spells them.
EXECUTORS = ("serial", "processes", "dask")


class Executor(Protocol):
    """What does the tasks of a run."""

    @property
    def name(self) -> str:
        """As ``--executor`` spells it."""

    def prepared(self, run: RunContext) -> RunContext:
        """The run as it goes on in this process: with how many processes of its own."""

    def ahead(self, run: RunContext, request: Request, *, pictures: bool) -> list[str]:
        """Do tasks of the run beforehand; which are left, with the reason."""


@dataclass(frozen=True)
class Serial:
    """Everything in this process, one after the other: for looking into it."""

    name: str = "serial"

    def prepared(self, run: RunContext) -> RunContext:
        """One process."""
        return replace(run, jobs=1)

    def ahead(self, run: RunContext, request: Request, *, pictures: bool) -> list[str]:
        """Nothing."""
        return []


@dataclass(frozen=True)
class Processes:
    """The tasks of the plan in worker processes of this machine; what is left of the run stage by stage, likewise.

    Parameters
    ----------
    memory_mb : float, optional
        What tasks side by side may take, by their estimates.
    """

    memory_mb: float | None = None
    name: str = "processes"

    def prepared(self, run: RunContext) -> RunContext:
        """As asked for."""
        return run

    def ahead(self, run: RunContext, request: Request, *, pictures: bool) -> list[str]:
        """Everything that the plan names and the store lacks, where starting processes for it pays."""
        from gaitbench.evaluation.planning.executing.in_processes import do_in_processes

        # no stage of its own: each task adds to the stage of the run that would have done it
        run.progress.start(self.name)
        left = do_in_processes(
            run, request, pictures=pictures, memory_mb=self.memory_mb, told=run.progress.update
        )
        run.progress.finish(self.name, 0.0, False)
        return left


@dataclass(frozen=True)
class Dask:
    """The tasks of the plan on a dask cluster; what is left of the run in worker processes of this machine.

    Parameters
    ----------
    address : str, optional
        Of a scheduler; a cluster of this machine without it.
    """

    address: str | None = None
    name: str = "dask"

    def prepared(self, run: RunContext) -> RunContext:
        """As asked for."""
        return run

    def ahead(self, run: RunContext, request: Request, *, pictures: bool) -> list[str]:
        """Everything that the plan names and the store lacks."""
        from gaitbench.evaluation.planning.executing.on_dask import do_on_dask

        with run.stage(self.name) as stage:
            stage.made()
            return do_on_dask(run, request, self.address, pictures=pictures, told=run.progress.update)


def executor_of(text: str, *, memory_gb: float | None = None) -> Executor:
    """The executor of an option's text: ``serial``, ``processes``, ``dask``, ``dask=tcp://HOST:8786``.

    Parameters
    ----------
    memory_gb : float, optional
        What tasks side by side may take; `processes` alone keeps to it.

    Raises
    ------
    ConfigError
        If there is none of that name, or it takes no address, or does not keep to a bound of memory.

    Examples
    --------
    >>> executor_of("dask=tcp://127.0.0.1:8786")
    Dask(address='tcp://127.0.0.1:8786', name='dask')
    """
    name, given, address = text.partition("=")
    if name not in EXECUTORS:
        hint = did_you_mean(name, EXECUTORS) or f"; choose {', '.join(EXECUTORS)}"
        raise ConfigError(f"no executor {name!r}{hint}")
    if given and (name != "dask" or not address):
        raise ConfigError(
            f"--executor {text} is not possible; an address goes with dask alone: dask=tcp://HOST:8786"
        )
    if memory_gb is not None and name != "processes":
        raise ConfigError(f"--memory goes with --executor processes, not with {name}; drop one of them")
    if name == "dask":
        return Dask(address or None)
    return Serial() if name == "serial" else Processes(None if memory_gb is None else 1000.0 * memory_gb)
