"""``gaitbench report RUN_DIR``: tables, figures and the page again, from the record alone."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("report")
@click.argument("run_dir", type=click.Path(path_type=Path))
@click.option(
    "--publish", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Write a trimmed copy with its own report to DIR, under 10 MB, to be committed or sent.",
)  # fmt: skip
def command(run_dir: Path, publish: Path | None) -> None:
    """Write tables/, figures/ and report.html of the run in RUN_DIR again.

    Needs neither data nor models: everything is read from run.json, scores.parquet and samples/.
    """
    if publish is not None:
        from gaitbench.reporting.publish import publish as write_copy

        size = write_copy(run_dir, publish)
        click.echo(f"{publish / 'report.html'} ({size / 1e6:.1f} MB in all)")
        return
    from gaitbench.reporting import write_report

    write_report(run_dir)
    click.echo(f"{run_dir / 'report.html'}")
