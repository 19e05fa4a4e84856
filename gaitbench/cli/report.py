"""``gaitbench report RUN_DIR``: tables, figures and the page again, from the record alone."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("report")
@click.argument("run_dir", type=click.Path(path_type=Path))
def command(run_dir: Path) -> None:
    """Write tables/, figures/ and report.html of the run in RUN_DIR again.

    Needs neither data nor models: everything is read from run.json, scores.parquet and samples/.
    """
    from gaitbench.reporting import write_report

    write_report(run_dir)
    click.echo(f"{run_dir / 'report.html'}")
