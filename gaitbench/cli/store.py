"""``gaitbench store``: what is kept, whether it is whole, and what of it can go."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitbench.cli.options import quiet_option
from gaitbench.cli.words import STORE, VerbGroup

if TYPE_CHECKING:
    from gaitbench.store import Store

__all__ = ["command"]


@click.group("store", cls=VerbGroup, invoke_without_command=True)
@click.option(
    "--store",
    "root",
    type=STORE,
    metavar="DIR|ADDRESS",
    help="Folder of the artifacts, or the address whose cache is looked after.  [default: $GAITBENCH_STORE or the "
    "user's cache]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@quiet_option
@click.pass_context
def command(context: click.Context, root: Path | str | None, as_json: bool) -> None:
    """Show how much the store holds, stage by stage; look whether it is whole, or remove what is no longer needed.

    Everything in the store can be made again; nothing but its own files is ever removed.
    """
    from gaitbench.errors import ConfigError
    from gaitbench.store.remote.opening import open_store

    context.obj = open_store(root)
    if context.obj.root.is_file():
        raise ConfigError(f"--store {root} is a file; give the folder of a store")
    if context.invoked_subcommand is None:
        _show(context.obj, as_json)


def _show(store: Store, as_json: bool) -> None:
    from gaitbench.store.keeping import artifacts

    counts: dict[str, tuple[int, int]] = {}
    for entry in artifacts(store):
        number, size = counts.get(entry.stage, (0, 0))
        counts[entry.stage] = (number + 1, size + entry.size)
    if as_json:
        stages = {
            stage: {"artifacts": number, "bytes": size} for stage, (number, size) in sorted(counts.items())
        }
        click.echo(json.dumps({"store": str(store.root), "stages": stages}, indent=1))
        return
    click.echo(str(store.root) if store.mirror is None else f"{store.root}, the cache of {store.place}")
    if not counts:
        click.echo("empty")
        return
    rows = sorted(counts.items(), key=lambda row: -row[1][1])
    rows.append(("all", (sum(n for _, (n, _) in rows), sum(s for _, (_, s) in rows))))
    for stage, (number, size) in rows:
        click.echo(f"{stage:<14}{number:>9,} artifacts {_readable(size):>10}")


@command.command("verify")
@click.option("--remove", is_flag=True, help="Remove what is damaged: the next run makes it again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@quiet_option
@click.pass_obj
def verify(store: Store, remove: bool, as_json: bool) -> None:
    """Read every artifact and compare it with its checksum; ends with 1 if one is damaged."""
    from gaitbench.store.keeping import verify as look

    found = look(store, remove=remove)
    if as_json:
        damaged = {str(path): why for path, why in found.damaged.items()}
        click.echo(
            json.dumps(
                {"whole": found.whole, "damaged": damaged, "other": found.other, "removed": remove}, indent=1
            )
        )
        sys.exit(1 if found.damaged else 0)
    for path, why in found.damaged.items():
        click.echo(f"damaged{', removed' if remove else ''}: {path}: {why}", err=True)
    click.echo(f"{found.whole:,} artifacts are whole, {len(found.damaged):,} damaged")
    if found.other:
        click.echo(
            f"{found.other:,} more are of another version and not read; gaitbench store prune removes them"
        )
    if found.damaged:
        if not remove:
            click.echo("gaitbench store verify --remove lets the next run make them again", err=True)
        sys.exit(1)


@command.command("prune")
@click.option(
    "--older-than",
    type=float,
    metavar="DAYS",
    help="What was neither made nor used by a run for so many days.",
)
@click.option("--keep-last", type=int, metavar="N", help="All that the last N runs did not use.")
@click.option("--unused", is_flag=True, help="All that the latest run of no suite and data set used.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@quiet_option
@click.pass_obj
def prune(
    store: Store, older_than: float | None, keep_last: int | None, unused: bool, dry_run: bool, as_json: bool
) -> None:
    """Remove artifacts that every given option lets go. What was made within the last hour stays."""
    from gaitbench.store.keeping import prune as remove

    gone = remove(store, older_than=older_than, keep_last=keep_last, unused=unused, dry_run=dry_run)
    stages: dict[str, list[int]] = {}
    for entry in gone:
        stages.setdefault(entry.stage, []).append(entry.size)
    if as_json:
        swept = [] if dry_run else [str(path) for path in store.sweep()]
        counts = {
            stage: {"artifacts": len(sizes), "bytes": sum(sizes)} for stage, sizes in sorted(stages.items())
        }
        click.echo(json.dumps({"dry_run": dry_run, "stages": counts, "unfinished": swept}, indent=1))
        return
    word = "would go" if dry_run else "removed"
    for stage, sizes in sorted(stages.items()):
        click.echo(f"{stage:<14}{len(sizes):>9,} {word} {_readable(sum(sizes)):>10}")
    click.echo(f"{len(gone):,} artifacts {word}, {_readable(sum(e.size for e in gone))}")
    if not dry_run:
        for path in store.sweep():
            click.echo(f"removed, left unfinished by a killed process: {path}")


@command.command("rehash")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@quiet_option
def rehash(as_json: bool) -> None:
    """Read all files of data sets again when they are next used, whatever their size and time say."""
    from gaitbench.store.file_hashes import forget_hashes

    count = forget_hashes()
    click.echo(
        json.dumps({"forgotten": count}) if as_json else f"the hashes of {count:,} files are forgotten"
    )


def _readable(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"
