"""``gaitbench run-all``: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.options import RichProgress, open_from_options, run_options

if TYPE_CHECKING:
    from gaitbench.results.record import Record

__all__ = ["check_writable", "command", "execute", "print_summary"]


@click.command("run-all")
@run_options
def command(**options: Any) -> None:
    """Run a suite whole: data, training, anonymization, attack, picture quality, report.

    Everything computed is kept in the store: a second run reuses it, an interrupted one goes on where it was.
    """
    record, output = execute(options)
    print_summary(record, output)
    if record.failures:
        sys.exit(1)


def execute(
    options: dict[str, Any],
    *,
    pictures: bool = True,
    report: bool = True,
    angles: tuple[int, ...] | None = None,
) -> tuple[Record, Path]:
    """Run a suite with the options of a verb; with `report`, write the record and the report too."""
    import contextlib

    from gaitbench.results.own_files import default_folder

    progress = None if options["quiet"] else RichProgress()
    run, labels = open_from_options(options, progress, angles)
    output = options["output"] or default_folder(run.suite.name)
    with contextlib.ExitStack() as open_things:
        folder = None
        if report:
            from gaitbench.results.folder import output_folder

            # Before anything is computed: a folder that cannot be used is refused now, not hours later.
            folder = open_things.enter_context(output_folder(output))
        if progress is not None:
            open_things.enter_context(progress)
        from gaitbench.evaluation.experiment import Experiment
        from gaitbench.evaluation.record import record_of

        record = record_of(Experiment(run, labels), pictures=pictures, samples=folder)
        if folder is not None:
            from gaitbench.reporting.report import fill_report

            record.save(folder)
            if progress is not None:
                progress.start("report")
            fill_report(record, folder, folder, drawn=output / "figures")
    return record, output


def check_writable(folder: Path) -> None:
    """Refuse an output folder that cannot be written before hours are spent; leave no trace of the trial."""
    import os

    from gaitbench.errors import ConfigError

    nearest = next(p for p in [folder, *folder.absolute().parents] if p.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise ConfigError(
            f"--output {folder} cannot be written ({nearest} is no writable folder); give another one"
        )


def print_summary(record: Record, output: Path) -> None:
    """The main figures and every check, on the terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from gaitbench.results.schema import CONTROLS

    console = Console()
    tested = [r for r in record.success_rate if r.anonymizer not in CONTROLS]
    table = Table(title="Success rate M/|S| in percent", title_justify="left")
    for column in ("anonymizer", "angle", "rate", "95 % interval", "M", "|S|", "N", "chance"):
        table.add_column(column, justify="left" if column == "anonymizer" else "right")
    shown: set[tuple[str, str, int]] = set()
    for r in tested:
        if (r.anonymizer, r.recognizer, r.angle) in shown:
            continue  # the colorizers share the silhouette
        shown.add((r.anonymizer, r.recognizer, r.angle))
        rate = "undefined" if r.rate is None else f"{r.rate:.2f}"
        interval = "" if r.ci_low is None else f"{r.ci_low:.1f}-{r.ci_high:.1f}"
        table.add_row(
            r.anonymizer, str(r.angle), rate, interval, str(r.m), str(r.s), str(r.n), f"{r.chance:.1f}"
        )
    console.print(table)
    quality = [
        r
        for r in record.quality
        if r.reference == "original" and r.anonymizer in {t.anonymizer for t in tested}
    ]
    if quality:
        table = Table(title="Picture quality (reference original)", title_justify="left")
        for column in ("anonymizer", "colorizer", "set", "PSNR dB", "SSIM", "pictures"):
            table.add_column(
                column, justify="left" if column in ("anonymizer", "colorizer", "set") else "right"
            )
        for q in quality:
            psnr = "undefined" if q.psnr is None else f"{q.psnr:.4f}"
            ssim = "undefined" if q.ssim is None else f"{q.ssim:.4f}"
            table.add_row(q.anonymizer, q.colorizer, q.set, psnr, ssim, str(q.n))
        console.print(table)
    for check in record.checks:
        console.print(f"[{'green' if check.passed else 'yellow'}]{'holds ' if check.passed else 'FAILS '}[/] "
                      f"{escape(check.name)}: {escape(check.detail)}", highlight=False)  # fmt: skip
    for failure in record.failures:
        console.print(
            f"[red]failed[/] {escape(f'{failure.stage}: {failure.cell}: {failure.message}')}", highlight=False
        )
    if record.provenance["dataset"]["rendered"]:
        console.print("[dim]The people are rendered walkers, not filmed ones.[/]")
    if (output / "report.html").is_file():
        console.print(f"Report: {output / 'report.html'}")
