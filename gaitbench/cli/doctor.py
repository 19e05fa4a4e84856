"""``gaitbench doctor``: what is in a folder of gaits, and whether a run on it would go through."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.options import source_options
from gaitbench.cli.progress import RichProgress

if TYPE_CHECKING:
    from gaitbench.doctor.diagnosis import Diagnosis

__all__ = ["command"]


@click.command("doctor")
@click.argument("root", type=click.Path(path_type=Path), metavar="ROOT")
@source_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.html",
              help="Write the diagnosis as a page, too.")  # fmt: skip
def command(root: Path, as_json: bool, output: Path | None, **options: Any) -> None:
    """Look at a data set before hours are spent on it: what is there, what is wrong, what a suite would get.

    Every frame is read once, nothing is written into ROOT. Ends with 0 where run-all would go through; 1 where it
    would with failures; 2 where it would not.
    """
    if output is not None:
        _check_output(output, root)
    found = _diagnosed(root, options)
    if output is not None:
        _write_page(output, found)
    if as_json:
        import json

        click.echo(json.dumps(found.plain(), indent=1))
    else:
        from gaitbench.doctor.showing.text import diagnosis_text

        click.echo(diagnosis_text(found))
    sys.exit(found.verdict.code)


def _diagnosed(root: Path, options: dict[str, Any]) -> Diagnosis:
    import contextlib

    from gaitbench.doctor.diagnosis import diagnose
    from gaitbench.doctor.source import open_source

    source = open_source(
        root, suite=options["suite"], name=options["data_format"], pattern=options["pattern"],
        partition=options["partition"], fps=options["fps"], jobs=options["jobs"],
    )  # fmt: skip
    progress = None if options["quiet"] else RichProgress()
    with progress or contextlib.nullcontext():
        if progress is not None:
            progress.start("look")
        return diagnose(
            source.dataset, source.suite, root=str(root), data_format=source.format, because=source.because,
            jobs=source.jobs, progress=None if progress is None else progress.update,
        )  # fmt: skip


def _check_output(output: Path, root: Path) -> None:
    """Refuse a page that would lie in the data, before they are looked at."""
    from gaitbench.cli.run_all import check_writable
    from gaitbench.errors import ConfigError

    if output.resolve().is_relative_to(root.resolve()):
        raise ConfigError(f"--output {output} lies in {root}, where nothing is written; give another place")
    if output.is_dir():
        raise ConfigError(f"--output {output} is a folder; give a file such as {output / 'doctor.html'}")
    check_writable(output.parent)


def _write_page(output: Path, found: Diagnosis) -> None:
    from gaitbench.doctor.showing.page import render_diagnosis
    from gaitbench.errors import ConfigError
    from gaitbench.store.atomic import write_text

    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        write_text(output, render_diagnosis(found))
    except OSError as error:
        raise ConfigError(
            f"--output {output} cannot be written ({error.strerror}); give another file"
        ) from error
    click.echo(f"Page: {output}", err=True)
