"""The part of ``gaitbench evaluate`` that judges by embeddings or distances instead of files of pictures."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.evaluate_sources import option_name
from gaitbench.cli.gates import end
from gaitbench.cli.progress import RichProgress
from gaitbench.cli.ratings import rated
from gaitbench.cli.words import Word
from gaitbench.errors import ConfigError
from gaitbench.protocol import GALLERIES

if TYPE_CHECKING:
    from gaitbench.results.gates import Gate
    from gaitbench.results.record import Record

__all__ = ["INPUTS", "UNNAMED", "by_numbers", "evaluate_numbers", "number_options", "output_of"]

#: What the tables call a system whose user gave it no name.
UNNAMED = "external"
#: What a recognizer reads, those of `gaitbench.evaluation.embeddings.wishes`, which is too slow to import here.
INPUTS = ("silhouette", "resegmented", "appearance")
#: Lines shown of each kind of problem; all of them stand in the record.
_LINES = 8
_PATH = click.Path(path_type=Path)
_OPTIONS: tuple[Any, ...] = (
    click.option("--embeddings", nargs=2, type=_PATH, metavar="ORIGINAL.npz ANONYMIZED.npz",
                 help="Judge by any recognizer's embeddings: arrays embeddings, subject, walk, angle."),
    click.option("--embeddings-rung", "embeddings_rungs", nargs=3, multiple=True, type=str,
                 metavar="RUNG GALLERY.npz PROBES.npz",
                 help="A further rung by a recognizer that was trained again, such as semi-informed; repeatable."),
    click.option("--distances", type=_PATH, metavar="FILE.npz",
                 help="Judge by distances: arrays original and ignorant, and the labels of rows and columns."),
    click.option("--metric", type=Word("metric", ["cosine", "euclidean"]), metavar="cosine|euclidean",
                 help="How embeddings are compared.  [default: cosine]"),
    click.option("--views", type=Word("views", GALLERIES), metavar="all-views|same-view|cross-view",
                 help="Which views of the gallery embeddings meet.  [default: the suite's]"),
    click.option("--recognizer", type=str, metavar="NAME",
                 help="What the tables call the recognizer of the embeddings or distances."),
    click.option("--reads", type=Word("reads", INPUTS), metavar="silhouette|resegmented|appearance",
                 help="What that recognizer reads.  [default: silhouette]"),
)  # fmt: skip
#: Options that only this part has, and those that it has not.
_OWN = ("embeddings", "embeddings_rungs", "distances", "metric", "views", "recognizer", "reads")
_FOREIGN = (
    "before", "after", "pairs", "original", "anonymized", "painted", "manifest", "data_format", "pattern",
    "anonymized_format", "anonymized_pattern", "subjects", "train", "train_walks", "fps", "frames",
)  # fmt: skip


def number_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate ``evaluate`` with these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def by_numbers(options: dict[str, Any]) -> bool:
    """Whether embeddings or distances were handed in.

    Raises
    ------
    ConfigError
        If options do not go together.
    """
    given = [name for name in ("embeddings", "distances") if options[name]]
    if not given:
        alone = [name for name in _OWN if options[name]]
        if alone:
            raise ConfigError(f"{_flag(alone[0])} goes with --embeddings ORIGINAL.npz ANONYMIZED.npz")
        return False
    if len(given) == 2:
        raise ConfigError("give --embeddings or --distances, not both")
    foreign = [name for name in _FOREIGN if options[name] is not None]
    if foreign:
        raise ConfigError(
            f"{option_name(foreign[0])} does not go with --{given[0]}: there are no pictures, only numbers"
        )
    if options["distances"]:
        useless = [name for name in ("embeddings_rungs", "metric") if options[name]]
        if useless:
            raise ConfigError(
                f"{_flag(useless[0])} does not go with --distances; further rungs are arrays of the file"
            )
    return True


def _flag(name: str) -> str:
    return "--embeddings-rung" if name == "embeddings_rungs" else f"--{name}"


def output_of(options: dict[str, Any], files: str) -> Path:
    """The folder of the results: as given, or by the name, where no other system's report is replaced unasked.

    Parameters
    ----------
    options : dict
    files : str
        Fingerprint of what was handed in.
    """
    from gaitbench.results.files.own_files import default_folder
    from gaitbench.results.files.unclaimed import unclaimed

    if options["output"] is not None:
        return Path(options["output"])
    folder = default_folder(options["name"])
    if options["name"] != UNNAMED:
        return folder
    return unclaimed(folder, lambda held: held.get("evaluated", {}).get("files") == files)


def evaluate_numbers(options: dict[str, Any], gates: Sequence[Gate]) -> None:
    """Judge, write the results, tell, and end with 1 where anything is partial or cannot be judged, 3 by a gate."""
    from gaitbench.reporting.outcome import outcome
    from gaitbench.reporting.report import save_and_report
    from gaitbench.results.files.folder import output_folder

    progress = None if options["quiet"] else RichProgress()
    with progress or contextlib.nullcontext():
        record = _judge(options, progress)  # refused before there is a folder
        output = output_of(options, record.provenance["evaluated"]["files"])
        with output_folder(output) as folder:
            if progress is not None:
                progress.start("report")
            record = save_and_report(rated(record, options), folder, output)
    if options["as_json"]:
        click.echo(json.dumps(outcome(record, output), indent=1, ensure_ascii=False))
    else:
        _tell(record, output)
    end(record, gates)


def _judge(options: dict[str, Any], progress: RichProgress | None) -> Record:
    from gaitbench.evaluation.embeddings.arrays import read_embeddings
    from gaitbench.evaluation.embeddings.judge import judge_embeddings
    from gaitbench.evaluation.embeddings.judge_distances import judge_distances
    from gaitbench.evaluation.embeddings.wishes import Wishes

    wishes = Wishes(
        name=options["name"],
        recognizer=options["recognizer"] or ("distances" if options["distances"] else "embeddings"),
        reads=options["reads"] or "silhouette", metric=options["metric"] or "cosine", views=options["views"],
        gallery=_names(options["gallery"]), probe=_names(options["probe"]), noise=options["noise"],
        suite=options["suite"], seed=options["seed"],
    )  # fmt: skip
    wishes.loaded()  # what is unknown is refused before files are read
    if options["distances"]:
        return judge_distances(options["distances"], wishes=wishes, progress=progress)
    rungs: dict[str, Any] = {}
    for rung, gallery, probes in options["embeddings_rungs"]:
        if rung in rungs:
            raise ConfigError(f"--embeddings-rung {rung} is given twice")
        held = read_embeddings(Path(gallery))
        rungs[rung] = (held, held if probes == gallery else read_embeddings(Path(probes)))
    original, anonymized = (read_embeddings(path) for path in options["embeddings"])
    return judge_embeddings(original, anonymized, rungs=rungs, wishes=wishes, progress=progress)


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())


def _tell(record: Record, output: Path) -> None:
    from dataclasses import replace

    from gaitbench.evaluation.embeddings.handed_in import KINDS
    from gaitbench.reporting.terminal import print_summary

    evaluated = record.provenance["evaluated"]
    for line in (f"Verdict: {evaluated['verdict']['sentence']}", *evaluated["counts"]["lines"]):
        click.echo(line)
    print_summary(replace(record, failures=()), output)
    problems = evaluated["problems"]
    read = [f for f in record.failures if f.stage == "read"]
    if problems:
        click.echo(
            f"Partial: {sum(problems.values())} problems with what was handed in; all of them stand in run.json.",
            err=True,
        )
    for kind, count in problems.items():
        click.echo(f"{count} {KINDS[kind]}", err=True)
    for failure in read[:_LINES]:
        click.echo(f"  {failure.message}", err=True)
    if len(read) > _LINES:
        click.echo(f"  ... and {len(read) - _LINES} more", err=True)
    for side in ("anonymized", "originals"):
        for reason, names in evaluated["counts"][side]["left_out"].items():
            more = f", ... and {len(names) - _LINES} more" if len(names) > _LINES else ""
            click.echo(f"left out, {side} {reason}: {', '.join(names[:_LINES])}{more}", err=True)
    for failure in record.failures:
        if failure.stage not in ("read", "verdict"):
            click.echo(f"failed: {failure.stage}: {failure.cell}: {failure.message}", err=True)
