"""Options that several verbs share."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.completion import names_of
from gaitbench.cli.words import DEVICE, STORE

if TYPE_CHECKING:
    from gaitbench.evaluation.run.context import RunContext

__all__ = [
    "data_options",
    "open_from_options",
    "planning_options",
    "quiet_option",
    "run_options",
    "source_options",
    "store_option",
    "suite_option",
    "working_options",
]

_DATA: tuple[Any, ...] = (
    click.option("--data", type=click.Path(path_type=Path), metavar="ROOT",
                 help="A data set: a folder in CASIA-B's or OpenGait's layout, a manifest, or what an installed "
                 "package reads; without it the embedded walkers."),
    click.option("--format", "data_format", metavar="NAME", shell_complete=names_of("dataset"),
                 help="How ROOT is read: casia-b, opengait, ou-mvlp, pictures, npz, manifest, or a package's.  "
                 "[default: guessed, and said]"),
)  # fmt: skip


def suite_option(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--suite``, with what a verb takes from the suite as its help."""
    return click.option(
        "--suite", default="quick", show_default=True, metavar="NAME|FILE.toml",
        shell_complete=names_of("suite"), help=text,
    )  # fmt: skip


_SUITE = suite_option("smoke, quick, standard, cross-session, attribution, paper, or a TOML file.")
#: How the data are read, beyond their place and format.
_READING: tuple[Any, ...] = (
    click.option("--pattern", metavar="TEXT",
                 help="How mask pictures are named, such as {subject}/{condition}-{take}/{view}/{frame}.png."),
    click.option("--partition", type=click.Path(path_type=Path), metavar="JSON",
                 help="OpenGait's partition (TRAIN_SET, TEST_SET) in place of the suite's split."),
    click.option("--fps", type=float, metavar="N",
                 help="Frames a second of silhouettes without a video.  [default: 25, and said]"),
)  # fmt: skip
_JOBS = click.option("--jobs", type=int, metavar="N", help="Worker processes.  [default: the processors]")
_QUIET = click.option("--quiet", is_flag=True, help="No progress.")
store_option = click.option("--store", type=STORE, metavar="DIR|ADDRESS",
                            help="Folder of the artifacts, or an object store such as s3://bucket/prefix.  "
                            "[default: $GAITBENCH_STORE or the user's cache]")  # fmt: skip
_SEED_DEVICE: tuple[Any, ...] = (
    click.option("--seed", type=int, metavar="N", help="Seed of training, noise and bootstrap."),
    click.option("--device", type=DEVICE, default="auto", show_default=True, metavar="auto|cpu|cuda",
                 help="Where the networks run."),
)  # fmt: skip
_OPTIONS: tuple[Any, ...] = (
    _SUITE,
    *_DATA,
    *_READING,
    click.option("--labels", type=click.Path(path_type=Path), metavar="CSV",
                 help="Hand-made labels (key,label) that win over the computed sets."),
    store_option,
    _JOBS,
    *_SEED_DEVICE,
    _QUIET,
)  # fmt: skip
#: What decides which artifacts a run makes, and where they are kept.
_WORKING: tuple[Any, ...] = (_SUITE, *_DATA, *_READING, store_option, *_SEED_DEVICE)
_PLANNING: tuple[Any, ...] = (*_WORKING, _JOBS)


def data_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a verb with ``--data`` and ``--format``."""
    for option in reversed(_DATA):
        command = option(command)
    return command


def planning_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a verb with what decides which artifacts a run makes, where, and by how many processes."""
    for option in reversed(_PLANNING):
        command = option(command)
    return command


def run_options(output: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a verb with the options of a run.

    Parameters
    ----------
    output : str
        Help of ``--output``, which says where the results go without it: not every verb writes any then.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(_OPTIONS):
            command = option(command)
        return click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help=output)(command)

    return decorate


def working_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a verb with what decides which artifacts a run makes, and where."""
    for option in reversed(_WORKING):
        command = option(command)
    return command


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a verb whose data are its argument with the options that say how they are read, and by which suite."""
    for option in reversed((_SUITE, _DATA[1], *_READING, _JOBS, _QUIET)):
        command = option(command)
    return command


def _no_notes(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
    if value:
        logging.disable(logging.WARNING)
        context.call_on_close(lambda: logging.disable(logging.NOTSET))
    return value


def quiet_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a verb that shows no progress with ``--quiet``: it then says results and errors alone."""
    return click.option("--quiet", is_flag=True, expose_value=False, callback=_no_notes,
                        help="No notes: results and errors only.")(command)  # fmt: skip


def open_from_options(
    options: dict[str, Any], progress: Any = None, angles: tuple[int, ...] | None = None
) -> tuple[RunContext, dict[str, tuple[str, ...]]]:
    """A run context and the hand-made labels from the options of a verb."""
    from gaitbench.evaluation.run.setup import open_run

    run = open_run(
        options["suite"], data=options["data"], data_format=options["data_format"], fps=options["fps"],
        pattern=options.get("pattern"), partition=options.get("partition"),
        store=options["store"], jobs=options["jobs"], seed=options["seed"], device=options["device"], angles=angles,
        progress=progress,
    )  # fmt: skip
    labels: dict[str, tuple[str, ...]] = {}
    if options.get("labels") is not None:
        from gaitbench.datasets.labels import read_label_file

        labels = read_label_file(options["labels"], run.dataset.keys())
    return run, labels
