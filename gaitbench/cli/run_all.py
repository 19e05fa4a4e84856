"""``gaitbench run-all``: the main job."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.executor import done_ahead, executor_from, executor_option, memory_option
from gaitbench.cli.gates import ask_gates, end, require_option
from gaitbench.cli.options import open_from_options, run_options
from gaitbench.cli.progress import RichProgress, follow_plan
from gaitbench.cli.ratings import ask_ratings, rated, ratings_option

if TYPE_CHECKING:
    from gaitbench.evaluation.run.context import RunContext
    from gaitbench.results.record import Record

__all__ = ["check_writable", "command", "execute"]


@click.command("run-all")
@run_options(
    "Folder of the results.  [default: reports/SUITE; of a suite file one that holds no other suite's run]"
)
@executor_option
@memory_option
@require_option
@ratings_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool, **options: Any) -> None:
    """Run a suite whole: data, training, anonymization, attack, picture quality, report.

    Everything computed is kept in the store: a second run reuses it, an interrupted one goes on where it was.
    """
    import json

    from gaitbench.reporting.outcome import outcome
    from gaitbench.reporting.terminal import print_summary

    gates = ask_gates(options)
    ask_ratings(options)
    record, output = execute(options)
    if as_json:
        click.echo(json.dumps(outcome(record, output), indent=1, ensure_ascii=False))
    else:
        print_summary(record, output)
    end(record, gates)


def execute(
    options: dict[str, Any],
    *,
    pictures: bool = True,
    report: bool = True,
    angles: tuple[int, ...] | None = None,
    folder_name: str | None = None,
) -> tuple[Record, Path]:
    """Run a suite with the options of a verb; with `report`, write the record and the report too.

    Without an output the results go to ``reports/``, in a folder called `folder_name`, or as the suite is called.
    """
    import contextlib

    executor = executor_from(options)
    progress = None if options["quiet"] else RichProgress()
    run, labels = open_from_options(options, progress, angles)
    output = options["output"] or _default_output(options["suite"], run, folder_name)
    if pictures and not getattr(run.dataset, "has_colours", True):
        logging.getLogger(__name__).warning(
            "%s has silhouettes and no colours: pictures are not judged, attacks are", options["data"]
        )
        pictures = False
    with contextlib.ExitStack() as open_things:
        folder = None
        if report:
            from gaitbench.results.files.folder import output_folder

            # Before anything is computed: a folder that cannot be used is refused now, not hours later.
            folder = open_things.enter_context(output_folder(output))
        if progress is not None:
            open_things.enter_context(progress)
        from gaitbench.evaluation.experiment import Experiment
        from gaitbench.evaluation.record import record_of
        from gaitbench.evaluation.run.mending import until_whole

        if progress is not None:
            follow_plan(progress, run, pictures=pictures)
        if executor is not None:
            run = done_ahead(executor, run, options, pictures=pictures)
        record = until_whole(
            run, lambda own: record_of(Experiment(own, labels), pictures=pictures, samples=folder)
        )
        if folder is not None:
            from gaitbench.reporting.report import save_and_report

            if progress is not None:
                progress.start("report")
            record = save_and_report(rated(record, options), folder, output)
    return record, output


def _default_output(asked: Any, run: RunContext, name: str | None) -> Path:
    """The folder of results that were given none: that of a suite of ours, or one that holds no other suite's run."""
    import json

    from gaitbench.results.files.own_files import default_folder
    from gaitbench.results.files.unclaimed import unclaimed

    suite = run.asked or run.suite
    folder = default_folder(name or suite.name)
    if isinstance(asked, str) and not asked.endswith(".toml"):
        return folder
    # a suite of the user's: many files may be called suite.toml
    resolved = json.loads(json.dumps(suite.resolved()))
    return unclaimed(folder, lambda held: held.get("suite") == resolved)


def check_writable(folder: Path) -> None:
    """Refuse an output folder that cannot be written before hours are spent; leave no trace of the trial."""
    import os

    from gaitbench.errors import ConfigError

    nearest = next(p for p in [folder, *folder.absolute().parents] if p.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise ConfigError(
            f"--output {folder} cannot be written ({nearest} is no writable folder); give another one"
        )
