"""The option ``--executor``: who does the tasks of a run."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gaitbench.evaluation.planning.executing.executors import Executor
    from gaitbench.evaluation.run.context import RunContext

__all__ = ["done_ahead", "executor_from", "executor_option", "memory_option"]

executor_option = click.option(
    "--executor",
    metavar="NAME",
    help="serial, processes, or dask[=ADDRESS] (needs gaitbench[dask]).  [default: processes]",
)


memory_option = click.option(
    "--memory",
    metavar="GB",
    type=click.FloatRange(min=0, min_open=True),
    help="What tasks side by side may take, by the plan's estimates.  [default: 85 % of this machine's]",
)


def executor_from(options: dict[str, Any]) -> Executor | None:
    """The executor that was asked for, worker processes unless told; None where the verb has no such option.

    Raises
    ------
    ConfigError
        If there is none of that name, or it contradicts ``--jobs`` or ``--memory``.
    """
    if "executor" not in options:
        return None
    text = options["executor"] or "processes"
    from gaitbench.errors import ConfigError
    from gaitbench.evaluation.planning.executing.executors import executor_of

    executor = executor_of(text, memory_gb=options.get("memory"))
    if executor.name == "serial" and options["jobs"] not in (None, 1):
        raise ConfigError(
            f"--executor serial is one process, and --jobs {options['jobs']} asks for more; drop one of them"
        )
    return executor


def done_ahead(executor: Executor, run: RunContext, options: dict[str, Any], *, pictures: bool) -> RunContext:
    """Have the executor do what it does; the run as it goes on here."""
    from gaitbench.evaluation.planning.request import Request

    request = Request.of(
        run, data=options["data"], data_format=options["data_format"], pattern=options["pattern"],
        partition=options["partition"], fps=options["fps"],
    )  # fmt: skip
    for line in executor.ahead(run, request, pictures=pictures):
        logging.getLogger(__name__).warning("left by %s: %s", executor.name, line)
    return executor.prepared(run)
