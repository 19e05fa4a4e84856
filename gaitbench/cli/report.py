"""``gaitbench report RUN_DIR``: tables, figures and the page again, from the record alone."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gaitbench.cli.options import quiet_option

__all__ = ["command"]


@click.command("report")
@click.argument("run_dir", type=click.Path(path_type=Path))
@click.option(
    "--publish", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Write a trimmed copy with its own report to DIR, under 10 MB, to be committed or sent.",
)  # fmt: skip
@click.option("--most-mb", type=click.IntRange(1), metavar="N",
              help="Megabytes that the copy may have.  [default: 10]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@quiet_option
def command(run_dir: Path, publish: Path | None, most_mb: int | None, as_json: bool) -> None:
    """Write tables/, figures/ and report.html of the run in RUN_DIR again.

    Needs neither data nor models: everything is read from run.json, scores.parquet and samples/.
    """
    if most_mb is not None and publish is None:
        raise click.UsageError("--most-mb is of the copy: give --publish DIR as well")
    if publish is not None:
        from gaitbench.reporting.publish import PUBLISH_LIMIT
        from gaitbench.reporting.publish import publish as write_copy

        size = write_copy(run_dir, publish, limit=PUBLISH_LIMIT if most_mb is None else most_mb * 1_000_000)
        page = publish / "report.html"
        text = f"{page} ({size / 1e6:.1f} MB in all)"
        click.echo(json.dumps({"report": str(page), "bytes": size}) if as_json else text)
        return
    from gaitbench.reporting import write_report

    write_report(run_dir)
    page = run_dir / "report.html"
    click.echo(json.dumps({"report": str(page)}) if as_json else str(page))
