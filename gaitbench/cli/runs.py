"""``gaitbench runs [DIR]``: what was run, when, and what came out."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gaitbench.cli.options import quiet_option

__all__ = ["command"]


@click.command("runs")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("reports"), metavar="[DIR]")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@quiet_option
def command(folder: Path, as_json: bool) -> None:
    """List the runs under DIR (default: reports), the newest first.

    A record that cannot be read is listed with the reason, and hides no other.
    """
    from gaitbench.reporting.formats.console import table_console
    from gaitbench.reporting.formats.plain import readable_time
    from gaitbench.reporting.runs import list_runs

    runs = list_runs(folder)
    if as_json:
        click.echo(json.dumps([run.to_dict() for run in runs], indent=1, ensure_ascii=False))
        return
    if not runs:
        click.echo(f"No run under {folder}; 'gaitbench run-all' makes one.")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"Runs under {folder}", title_justify="left")
    for name in ("folder", "suite", "made", "version", "failures", "worst case or lowest success"):
        table.add_column(name, overflow="fold")
    for run in runs:
        failures = "?" if run.failures is None else str(run.failures)
        cells = (
            run.folder,
            run.suite,
            readable_time(run.created),
            run.version,
            failures,
            run.headline or run.problem,
        )
        table.add_row(*(Text(cell) for cell in cells))
    table_console().print(table)
