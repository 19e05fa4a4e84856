"""``gaitbench repeat``: a suite on other people, and under other trainings and noise."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.options import run_options

if TYPE_CHECKING:
    from gaitbench.reporting.formats.table import Table
    from gaitbench.results.record import Record

__all__ = ["command"]

_MOST = range(1000)


@click.command("repeat")
@click.option("--people", default="0-4", show_default=True, metavar="0-4",
              help="Seeds of the walkers: each is 124 other people in every role.")  # fmt: skip
@click.option("--seeds", default=None, metavar="0-2",
              help="Seeds of training and noise, all on the first people.  [default: the suite's alone]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@run_options("Folder of the tables; every run stands in it.  [default: reports/repeat-SUITE]")
def command(people: str, seeds: str | None, as_json: bool, **options: Any) -> None:
    """Run a suite on people drawn anew, and say what other people would give.

    An interval of a run is over its people, with what was trained held fixed. Here the people of every role are drawn
    again, or training and noise alone, and the headline figures are compared: mean, spread, the range of one more run,
    and where the variance lies. Each run is kept in the folder and goes on where it was; the walkers alone can be
    drawn, so --people takes one seed with --data.

    \b
    gaitbench repeat --suite smoke --people 0-2 --seeds 0-1
    """  # noqa: D301  click reads the \b
    from dataclasses import replace

    from gaitbench.cli.run_all import execute
    from gaitbench.cli.walkers import parse_numbers
    from gaitbench.errors import ConfigError
    from gaitbench.reporting.repeated.figures import headlines, strongest_of, variances
    from gaitbench.results.files.own_files import default_folder
    from gaitbench.results.repeated.comparing import PEOPLE, SEEDS, repeated
    from gaitbench.suites.reading import load_suite

    if options["seed"] is not None:
        raise ConfigError("--seed: give --seeds, the seeds of training and noise")
    if options["data"] is not None:
        raise ConfigError(
            "--data: people of a filmed set cannot be drawn anew; leave it out to draw walkers, or run `run-all` with "
            "another split"
        )
    suite = load_suite(options["suite"])
    drawn = parse_numbers(people, "--people", _MOST)
    tried = [suite.seed] if seeds is None else parse_numbers(seeds, "--seeds", _MOST)
    if len(drawn) < 2 and len(tried) < 2:
        raise ConfigError("--people and --seeds name one run; give two seeds or more, such as --people 0-4")
    output: Path = options["output"] or default_folder(f"repeat-{suite.name}")
    wanted = [(one, tried[0]) for one in drawn] + [(drawn[0], one) for one in tried[1:]]
    _claim(output, {"suite": suite.name, "people": drawn, "seeds": tried})
    records: dict[tuple[int, int], Record] = {}
    for number, (one, seed) in enumerate(wanted, 1):
        if not options["quiet"]:
            click.echo(f"run {number} of {len(wanted)}: people {one}, seed {seed}", err=True)
        own = replace(suite, data=replace(suite.data, seed=one), seed=seed)
        folder = output / "runs" / f"people-{one}-seed-{seed}"
        records[one, seed], _ = execute({**options, "suite": own, "output": folder})
    strongest = strongest_of(records[wanted[0]])
    rows, left_out = [], []
    for kind, keys in ((PEOPLE, [(p, tried[0]) for p in drawn]), (SEEDS, [(drawn[0], s) for s in tried])):
        if len(keys) > 1:
            found, missing = repeated(
                kind, [headlines(records[key], strongest) for key in keys], suite.confidence
            )
            rows += found
            left_out += [f"{kind}: {line}" for line in missing]
    within = variances(records[wanted[0]])
    _write(output, suite.name, suite.confidence, rows, within, f"people-{drawn[0]}-seed-{tried[0]}", as_json)
    for line in left_out:
        click.echo(f"left out: {line}", err=True)
    failed = [key for key, record in records.items() if record.failures]
    for one, seed in failed:
        click.echo(f"people {one}, seed {seed}: a cell failed; see its report", err=True)
    if failed or left_out:
        sys.exit(1)


def _claim(output: Path, what: dict[str, Any]) -> None:
    """Make the folder ours, or refuse it, before anything is computed; it says what it holds."""
    from gaitbench.results.files.folder import output_folder
    from gaitbench.store.atomic import write_text

    with output_folder(output, renewed=("repeat.json",)) as part:
        write_text(part / "repeat.json", json.dumps(what, indent=1) + "\n")


def _write(
    output: Path, suite: str, confidence: float, rows: list[Any], within: list[Any], first: str, as_json: bool
) -> None:
    from gaitbench.reporting.formats.latex import to_latex
    from gaitbench.reporting.formats.plain import table_values, to_csv, to_markdown
    from gaitbench.reporting.repeated.tables import repeated_table, within_table
    from gaitbench.results.files.folder import output_folder
    from gaitbench.store.atomic import write_text

    made: list[Table] = [
        table
        for table in (repeated_table(rows, suite, confidence), within_table(within, first))
        if table is not None
    ]
    with output_folder(output, renewed=("tables/",)) as part:
        (part / "tables").mkdir()
        for table in made:
            write_text(part / "tables" / f"{table.name}.csv", to_csv(table))
            write_text(part / "tables" / f"{table.name}.md", to_markdown(table))
            write_text(part / "tables" / f"{table.name}.tex", to_latex(table))
    if as_json:
        click.echo(
            json.dumps({table.name: table_values(table) for table in made}, indent=1, ensure_ascii=False)
        )
        return
    for table in made:
        click.echo(to_markdown(table))
    click.echo(f"Tables: {output / 'tables'}; the runs: {output / 'runs'}")
