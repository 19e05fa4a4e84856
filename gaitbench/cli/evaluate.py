"""``gaitbench evaluate``: judge the output of any anonymizer."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.evaluate_films import film_options, open_films, say_answer, with_films
from gaitbench.cli.evaluate_numbers import UNNAMED, by_numbers, evaluate_numbers, number_options, output_of
from gaitbench.cli.evaluate_sources import given_sources, open_sides, source_options
from gaitbench.cli.gates import ask_gates, end, require_option
from gaitbench.cli.options import store_option, suite_option
from gaitbench.cli.progress import RichProgress
from gaitbench.cli.ratings import ask_ratings, rated, ratings_option
from gaitbench.cli.words import DEVICE, Word
from gaitbench.errors import ConfigError

if TYPE_CHECKING:
    from gaitbench.datasets.sequence import Dataset
    from gaitbench.datasets.sources.anonymized_files import Problem
    from gaitbench.evaluation.external.experiment import ExternalExperiment
    from gaitbench.evaluation.external.plan import ExternalPlan
    from gaitbench.evaluation.run.context import RunContext
    from gaitbench.results.record import Record

__all__ = ["NOISES", "command"]

#: Those of `gaitbench.evaluation.external.plan.NOISE`, which is too slow to import for ``--help``.
NOISES = ("undeclared", "none", "per-subject", "per-sequence", "per-frame")
#: Lines shown of each kind of problem; all of them stand in the record.
_LINES = 8


@click.command("evaluate")
@click.option(
    "--original",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The originals: silhouettes in any format that is read, and videos (CASIA-B's layout) where pictures are "
    "judged.",
)
@click.option(
    "--anonymized",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The anonymized silhouettes, named alike (001/nm-01/090/*.png), in the same format or another.",
)
@click.option(
    "--painted",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The anonymized pictures: PNG frames or videos in CASIA-B's layout.",
)
@source_options
@click.option(
    "--manifest",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="Instead of the folders: a table subject,walk,angle,original,anonymized[,painted,rgb,...].",
)
@film_options
@number_options
@suite_option("Whose split, walks, picture size, frames and recognizers are used.")
@click.option(
    "--subjects",
    metavar="081-120",
    help="Test subjects.  [default: the suite's among the originals, else those handed in]",
)
@click.option(
    "--train",
    metavar="001-050",
    help="Subjects who teach the attacker.  [default: the suite's among the originals]",
)
@click.option(
    "--fps",
    type=float,
    metavar="N",
    help="Frames a second of silhouettes without a video.  [default: 25, and said]",
)
@click.option("--train-walks", metavar="nm-01,...",
              help="Walks by which the attacker learns.  [default: the suite's, else all]")  # fmt: skip
@click.option("--gallery", metavar="nm-01,...", help="Walks of the gallery.  [default: the suite's]")
@click.option("--probe", metavar="nm-05,...", help="Walks that are tested.  [default: the suite's]")
@click.option(
    "--frames",
    type=click.IntRange(min=2),
    metavar="N",
    help="Read only the first N frames.  [default: all frames]",
)
@click.option(
    "--noise",
    type=Word("--noise", NOISES),
    default="undeclared",
    show_default=True,
    metavar="HOW",
    help="How the system draws its noise, declared with the result: none, per-subject, per-sequence, per-frame.",
)
@click.option("--name", default=UNNAMED, show_default=True, help="What the tables call the system.")
@click.option(
    "--output",
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of the results.  [default: reports/NAME; without a name one that holds no other system's run]",
)
@store_option
@click.option("--jobs", type=int, metavar="N", help="Worker processes.  [default: the processors]")
@click.option("--seed", type=int, metavar="N", help="Seed of training and bootstrap.")
@click.option(
    "--device",
    type=DEVICE,
    default="auto",
    show_default=True,
    metavar="auto|cpu|cuda",
    help="Where the networks run.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
@require_option
@ratings_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")  # fmt: skip
def command(**options: Any) -> None:
    """Judge the output of any anonymizer with the attackers, controls, tables and report of run-all.

    Where the originals hold too few people to train on, the bundled recognizer attacks, and the report says so.
    Sequences that are missing, of another length or size, or unreadable count as identified; every problem is
    counted and named, the run is marked partial and ends with 1. To try it:

    \b
    gaitbench walkers export walk --subjects 81-84 --angles 90 \\
        --walks nm-01,nm-02,nm-05 --no-video
    gaitbench evaluate --original walk --anonymized walk

    --embeddings (or --distances) judges by a recognizer of your own: docs/embeddings.md.
    """  # noqa: D301  click reads the \b
    from gaitbench.evaluation.run.mending import until_whole
    from gaitbench.reporting.outcome import outcome
    from gaitbench.reporting.report import save_and_report
    from gaitbench.reporting.terminal import print_summary
    from gaitbench.results.files.folder import output_folder
    from gaitbench.results.files.own_files import default_folder

    # failures are told below, counted and capped
    logging.getLogger("gaitbench.evaluation.run.log").setLevel(logging.ERROR)
    gates = ask_gates(options)
    ask_ratings(options)
    if options["output"] is None:
        default_folder(options["name"])  # a name that is none is refused before anything is read
    if by_numbers(options):
        return evaluate_numbers(options, gates)
    progress = None if options["quiet"] else RichProgress()
    with contextlib.ExitStack() as stack:
        stack.enter_context(progress or contextlib.nullcontext())
        plan = _plan(options, progress, stack)  # refused before there is a folder
        output = output_of(options, plan.counterparts.fingerprint)
        with output_folder(output) as folder:
            experiment, record = until_whole(plan.run, lambda run: _judged(replace(plan, run=run), folder))
            if progress is not None:
                progress.start("report")
            record = save_and_report(rated(record, options), folder, output)
    if options["as_json"]:
        click.echo(json.dumps(outcome(record, output), indent=1, ensure_ascii=False))
        return end(record, gates)
    evaluated = record.provenance["evaluated"]
    films = with_films(options)
    if not films:
        click.echo(f"Verdict: {evaluated['verdict']['sentence']}")
    for line in evaluated["counts"]["lines"]:
        click.echo(line)
    if not films:
        print_summary(replace(record, failures=()), output)
    told = {p.message for p in experiment.problems}
    _tell(experiment.problems)
    _tell_what_is_left_out(evaluated["counts"])
    # an attack that meets an unreadable sequence says so again, with the system's name before it
    again = tuple(f": {text}" for text in told)
    untold = [f for f in record.failures if f.message not in told and f.stage != "verdict"]
    for failure in [f for f in untold if not (films and f.message.endswith(again))]:
        click.echo(f"failed: {failure.stage}: {failure.cell}: {failure.message}", err=True)
    if films:
        say_answer(record, output)
    end(record, gates)


def _judged(plan: ExternalPlan, folder: Path) -> tuple[ExternalExperiment, Record]:
    from gaitbench.evaluation.external.experiment import ExternalExperiment
    from gaitbench.evaluation.external.record import external_record

    experiment = ExternalExperiment(plan)
    return experiment, external_record(experiment, samples=folder)


def _plan(options: dict[str, Any], progress: Any, stack: contextlib.ExitStack) -> ExternalPlan:
    from gaitbench.datasets.sources.tables.manifest import read_manifest
    from gaitbench.datasets.splits import parse_subjects
    from gaitbench.evaluation.external.plan import Wishes, plan_evaluation
    from gaitbench.evaluation.run.setup import open_run

    folders = [options[name] for name in ("original", "anonymized", "painted")]
    wishes: dict[str, Any] = {
        "test": None if options["subjects"] is None else parse_subjects(options["subjects"]),
        "train": None if options["train"] is None else parse_subjects(options["train"]),
        "gallery": _names(options["gallery"]), "probe": _names(options["probe"]),
        "train_walks": _names(options["train_walks"]),
        "name": options["name"], "noise": options["noise"], "by_role": False,
    }  # fmt: skip
    problems: list[Problem] = []
    said: list[str] = []

    def opened(data: Dataset) -> RunContext:
        return open_run(
            options["suite"], data=data, store=options["store"], jobs=options["jobs"], seed=options["seed"],
            device=options["device"], progress=progress,
        )  # fmt: skip

    if with_films(options):
        run, counterparts, problems, said = open_films(options, wishes, opened, stack, progress)
    elif options["manifest"] is not None:
        if any(f is not None for f in folders):
            raise ConfigError("--manifest stands for --original, --anonymized and --painted; give it alone")
        if foreign := given_sources(options):
            raise ConfigError(f"{foreign[0]} does not go with --manifest, which names every file")
        manifest = read_manifest(options["manifest"])
        counterparts, problems = manifest.counterparts, manifest.problems
        for wish, role in (("test", "test"), ("train", "train")):
            if wishes[wish] is None and role in manifest.roles:
                wishes[wish] = tuple(sorted(manifest.roles[role]))
                wishes["by_role"] = wishes["by_role"] or wish == "test"
        run = opened(manifest.originals)
    else:
        data, counterparts = open_sides(options)
        run = opened(data)
    # everything that was handed in is read, whatever the suite's own limit
    run = replace(run, suite=replace(run.suite, data=replace(run.suite.data, frames=options["frames"])))
    plan = plan_evaluation(run, counterparts, Wishes(**wishes))
    plan.problems += problems
    plan.said += said
    return plan


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())


def _tell(problems: list[Problem]) -> None:
    """Every kind with its count, and the first of its problems by name."""
    from gaitbench.datasets.sources.anonymized_files import KINDS
    from gaitbench.evaluation.external.record import count_problems

    counts = count_problems(problems)
    if not counts:
        return
    click.echo(
        f"Partial: {sum(counts.values())} problems with what was handed in; all of them stand in run.json.",
        err=True,
    )
    for kind, count in counts.items():
        click.echo(f"{count} {KINDS[kind]}:", err=True)
        mine = [p for p in problems if p.kind == kind]
        for problem in mine[:_LINES]:
            click.echo(f"  {problem.message}", err=True)
        if count > _LINES:
            click.echo(f"  ... and {count - _LINES} more", err=True)


def _tell_what_is_left_out(counts: dict[str, Any]) -> None:
    """The first names of everything that was handed in and is part of no figure; all of them stand in run.json."""
    for side in ("anonymized", "originals"):
        for reason, names in counts[side]["left_out"].items():
            more = f", ... and {len(names) - _LINES} more" if len(names) > _LINES else ""
            click.echo(f"left out, {side} {reason}: {', '.join(names[:_LINES])}{more}", err=True)
    texts = [
        one["text"] for one in counts["not_read"] if one["kind"] not in ("double", "archive", "unreadable")
    ]
    for text in texts[:_LINES]:
        click.echo(f"not read: {text}", err=True)
    if len(texts) > _LINES:
        click.echo(f"not read: ... and {len(texts) - _LINES} more", err=True)
