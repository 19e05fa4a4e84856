"""``gaitbench work``: any number of processes on a shared store do what is not done yet."""

from __future__ import annotations

import json
import logging
import re
import sys
from dataclasses import asdict
from typing import Any

import click

from gaitbench.cli.options import open_from_options, working_options

__all__ = ["command"]

log = logging.getLogger(__name__)


@click.command("work")
@working_options
@click.option(
    "--shard", metavar="K/N", help="This is process K of N: which share it does first.  [default: 1/1]"
)
@click.option(
    "--stale", type=float, default=60.0, show_default=True, metavar="SECONDS",
    help="After how long without a sign of life another process's work is taken over.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Do not name the tasks.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(shard: str | None, stale: float, quiet: bool, as_json: bool, **options: Any) -> None:
    """Do what a run still lacks, beside any number of other processes on the same store; run-all then finds it.

    Start it as often as you like, on as many machines as see the store: each task is claimed by one process, and one
    whose process is gone is taken over. On an object store each machine needs a --shard of its own.
    """
    from gaitbench.errors import ConfigError

    number, count = _shard(shard)
    if stale < 1:
        raise ConfigError(f"--stale {stale:g} is not possible; take 1 second or more")
    from gaitbench.evaluation.planning.working import work
    from gaitbench.store.claims import Claims

    run, _ = open_from_options({**options, "jobs": 1})
    if run.store.mirror is not None and shard is None:
        log.warning(
            "claims hold among the processes of one cache (%s): give those of other machines a --shard K/N, or they "
            "do the same tasks", run.store.root,
        )  # fmt: skip
    with Claims(run.store, beat=min(10.0, stale / 4), stale=stale) as claims:
        worked = work(
            run, claims, shard=(number, count), pictures=getattr(run.dataset, "has_colours", True),
            told=(lambda text: None) if quiet else (lambda text: click.echo(text, err=True)),
        )  # fmt: skip
    if as_json:
        failed = [asdict(failure) for failure in worked.failures]
        said = {"done": worked.done, "others": worked.others, "failures": failed, "left": dict(worked.left)}
        click.echo(json.dumps(said, indent=1))
    else:
        click.echo(f"{worked.done:,} tasks done here, {worked.others:,} by others meanwhile")
    for failure in worked.failures:
        click.echo(f"failed: {failure.stage}: {failure.cell}: {failure.message}", err=True)
    for name, why in worked.left.items():
        click.echo(f"left to run-all: {name}: {why}", err=True)
    if worked.failures or worked.left:
        sys.exit(1)


def _shard(text: str | None) -> tuple[int, int]:
    """Number and count."""
    from gaitbench.errors import ConfigError

    if text is None:
        return 1, 1
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise ConfigError(f"--shard {text} is not possible; write K/N with K from 1 to N, such as 3/40")
    return int(found[1]), int(found[2])
