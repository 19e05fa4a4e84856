"""``gaitbench explain SEQUENCE``: who one probe was taken for, before and after anonymization."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.options import RichProgress, data_options

if TYPE_CHECKING:
    from gaitbench.evaluation.run.context import RunContext
    from gaitbench.results.explained import Explained, Explanation, Match

__all__ = ["command"]


@click.command("explain")
@click.argument("sequence", metavar="SEQUENCE")
@click.option(
    "--anonymizer", metavar="NAME", help="System or control.  [default: the suite's first anonymizer]"
)
@click.option("--suite", default="quick", show_default=True, metavar="NAME|FILE.toml", help="Whose attacks.")
@data_options
@click.option("--output", "--out", type=click.Path(path_type=Path), metavar="FILE.png",
              help="The picture.  [default: explain-SEQUENCE.png]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR",
              help="Folder of the artifacts.  [default: $GAITBENCH_STORE or the user's cache]")  # fmt: skip
@click.option("--jobs", type=int, metavar="N", help="Worker processes.  [default: the processors]")
@click.option("--seed", type=int, metavar="N", help="Seed of training and noise.")
@click.option(
    "--device", default="auto", show_default=True, metavar="auto|cpu|cuda", help="Where networks run."
)
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    sequence: str, anonymizer: str | None, output: Path | None, as_json: bool, quiet: bool, **options: Any
) -> None:
    """Show whom each attacker took the probe SEQUENCE for, before and after: the five nearest people with distances.

    SEQUENCE is a probe of the suite such as 081-nm-05-090. What a run has left in the store is read; the rest is
    computed first. The picture holds the gait energy images (the mean silhouettes) of the probe and of who was named.
    """
    from gaitbench.errors import ConfigError
    from gaitbench.evaluation.experiment import Experiment
    from gaitbench.evaluation.explain import explain, probe_of
    from gaitbench.evaluation.run.mending import until_whole
    from gaitbench.evaluation.run.setup import open_run
    from gaitbench.reporting.figures.explained import write_picture

    target = output or Path(f"explain-{Path(sequence).name}.png")
    if target.suffix.lower() != ".png":
        raise ConfigError(f"--output {target} is no picture: its name must end in .png")
    if not target.absolute().parent.is_dir():
        raise ConfigError(f"the folder of --output {target} does not exist; make it first")
    progress = None if quiet else RichProgress()
    with progress or contextlib.nullcontext():
        run = open_run(options.pop("suite"), progress=progress, **options)

        def work(own: RunContext) -> Explained:
            experiment = Experiment(own)
            return explain(experiment, probe_of(experiment, sequence), anonymizer)

        found = until_whole(run, work)
        write_picture(found, target, rendered=run.dataset.rendered)
    if as_json:
        _print_json(found, target)
        return
    _print(found)
    if run.dataset.rendered:
        click.echo("The people are rendered walkers, not filmed ones.")
    click.echo(str(target))


def _print(found: Explained) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    people = max(row.people for row in found.rows)
    table = Table(
        title=f"{found.key} through {found.anonymizer}: the nearest of {people} people", title_justify="left",
        caption="* the right person; distances are each recognizer's own and compare within a row only",
        caption_justify="left",
    )  # fmt: skip
    for column in ("attack", "", "right person is", "1", "2", "3", "4", "5"):
        table.add_column(column)
    for row in found.rows:
        for moment, matches, place in (
            ("before", row.before, row.place_before), ("after", row.after, row.place_after),
        ):  # fmt: skip
            label = Text(_attack(row) if moment == "before" else "")
            if not matches:
                table.add_row(label, moment, Text(row.failed or "nothing to look at"))
                continue
            where = f"number {place}" if place else "not in the gallery"
            if moment == "after" and row.failed:
                where = row.failed
            table.add_row(label, moment, where, *(_cell(m) for m in matches))
    Console(width=None if Console().is_terminal else 160).print(table)


def _cell(match: Match) -> str:
    return f"{match.subject}{'*' if match.right else ' '} {match.distance:.4g}"


def _attack(row: Explanation) -> str:
    a = row.attack
    painted = "" if row.colorizer == "none" else f", painted by {row.colorizer}"
    return f"{a.attacker}, {a.recognizer}, {a.input}{painted}"


def _print_json(found: Explained, target: Path) -> None:
    import json

    def people(matches: tuple[Match, ...]) -> list[dict[str, Any]]:
        return [{"subject": m.subject, "distance": m.distance, "right": m.right} for m in matches]

    rows = [
        {
            "attacker": r.attack.attacker, "recognizer": r.attack.recognizer, "input": r.attack.input,
            "colorizer": r.colorizer, "people": r.people, "failed": r.failed,
            "before": people(r.before), "after": people(r.after),
            "place_before": r.place_before, "place_after": r.place_after,
        }
        for r in found.rows
    ]  # fmt: skip
    document = {
        "sequence": str(found.key),
        "anonymizer": found.anonymizer,
        "attacks": rows,
        "picture": str(target),
    }
    click.echo(json.dumps(document, indent=1, ensure_ascii=False))
