"""The part of ``gaitbench evaluate`` that judges videos before and after a tool, and says the answer in a sentence."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.evaluate_sources import option_name
from gaitbench.errors import ConfigError

if TYPE_CHECKING:
    from gaitbench.datasets.sources.anonymized_files import Counterparts, Problem
    from gaitbench.evaluation.run.context import RunContext
    from gaitbench.results.record import Record

__all__ = ["film_options", "open_films", "say_answer", "with_films"]

_PATH = click.Path(path_type=Path)
_OPTIONS: tuple[Any, ...] = (
    click.option("--before", "--original-videos", "before", type=_PATH, metavar="DIR",
                 help="Videos before a tool: SUBJECT_WALK.mp4 or SUBJECT_WALK_VIEW.mp4."),
    click.option("--after", "--anonymized-videos", "after", type=_PATH, metavar="DIR",
                 help="The same videos after the tool, named alike."),
    click.option("--pairs", type=_PATH, metavar="CSV",
                 help="Instead of the two folders: a table before,after,subject,walk[,view]."),
)  # fmt: skip
#: What does not go with videos.
_FOREIGN = (
    "original", "anonymized", "painted", "manifest", "data_format", "pattern", "anonymized_format",
    "anonymized_pattern", "fps",
)  # fmt: skip
#: Findings told at most; all of them stand in the report.
_LINES = 8


def film_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate ``evaluate`` with these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def with_films(options: dict[str, Any]) -> bool:
    """Whether videos were handed in.

    Raises
    ------
    ConfigError
        If options do not go together.
    """
    given = [name for name in ("before", "after", "pairs") if options[name] is not None]
    if not given:
        return False
    foreign = [name for name in _FOREIGN if options[name] is not None]
    if foreign:
        why = (
            "videos have their own clock"
            if foreign == ["fps"]
            else "silhouettes are extracted from the videos"
        )
        raise ConfigError(f"{option_name(foreign[0])} does not go with --{given[0]}: {why}")
    if "pairs" in given and len(given) > 1:
        raise ConfigError("--pairs stands for --before and --after; give it alone")
    if given in (["before"], ["after"]):
        raise ConfigError("give --before DIR and --after DIR, both of videos, or --pairs CSV")
    return True


def open_films(
    options: dict[str, Any],
    wishes: dict[str, Any],
    open_run: Callable[[Any], RunContext],
    stack: contextlib.ExitStack,
    progress: Any,
) -> tuple[RunContext, Counterparts, list[Problem], list[str]]:
    """The run over the videos before, those after, every problem, and what is to be said first.

    Parameters
    ----------
    options : dict
        Of the command line.
    wishes : dict
        Of `gaitbench.evaluation.external.split.Wishes`; walks and people are filled in where nobody has asked.
    open_run : callable
        Data set -> run.
    stack : ExitStack
        Keeps the silhouettes' folder as long as the run lasts.
    progress : RichProgress or None
    """
    from gaitbench.clips.pairs.data import film_data
    from gaitbench.clips.pairs.table import pair_folders, read_pairs
    from gaitbench.clips.pairs.walks import WalkRoles, only_judged, share_walks
    from gaitbench.datasets.sources.casia_b import CasiaB

    if options["pairs"] is not None:
        pairs = read_pairs(options["pairs"])
    else:
        pairs = pair_folders(options["before"], options["after"])
    run = open_run(CasiaB(pairs.root))
    usual = WalkRoles(run.suite.walks.gallery, run.suite.walks.probe)
    roles = share_walks(pairs.before, usual, wishes["gallery"], wishes["probe"])
    tested = only_judged(pairs, roles, wishes["train"] or ())
    if roles.said:
        wishes["gallery"], wishes["probe"] = roles.gallery, roles.probe
        if wishes["test"] is None and not set(tested) & set(run.suite.split.test):
            wishes["test"] = tuple(tested)
    if progress is not None:
        progress.start("videos")
    workspace = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gaitbench-videos-")))
    tell = (lambda share, text: None) if progress is None else progress.update
    data = film_data(pairs, workspace, run.store, run.jobs, tell)
    said = [*([roles.said] if roles.said else []), *data.said]
    return replace(run, dataset=data.originals), data.counterparts, data.problems, said


def say_answer(record: Record, output: Path) -> None:
    """What was not judged, and in the end the answer: one sentence, one number and its interval."""
    from gaitbench.reporting.reading.verdicts import broken_controls, headline_verdict

    evaluated = record.provenance["evaluated"]
    for text in evaluated["left_out"][:_LINES]:
        click.echo(f"Not judged: {text}.")
    if (more := len(evaluated["left_out"]) - _LINES) > 0:
        click.echo(f"Not judged: ... and {more} more in the report.")
    for name in broken_controls(record):
        click.echo(f"A control broke, so that the figures are in doubt: {name}", err=True)
    verdict, found = evaluated["verdict"], headline_verdict(record)
    click.echo(f"Report: {output / 'report.html'}")
    sentence = verdict["sentence"]
    if verdict["answer"] == "cannot be judged" and found is not None and "names" not in sentence:
        low, high = found.worst.rank1_ci_low, found.worst.rank1_ci_high
        interval = "" if low is None or high is None else f" (95 % interval {low:.0f} to {high:.0f})"
        figure = f"names {found.named:.1f} % rightly{interval}, a blind guess {found.chance:.1f} %"
        sentence = f"{sentence}. What was run {figure}"
    click.echo(f"Answer: {sentence}.")
