"""``gaitbench power``: how many people and probes a comparison needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gaitbench.cli.options import quiet_option

if TYPE_CHECKING:
    from gaitbench.metrics.uncertainty.power import Design

__all__ = ["command"]

#: Correlation between two probes of one person that is taken without a run: the larger of those measured on `quick`
#: (reports/quick, 33 probes a person: 0.035 under the slides' attacker, 0.087 under gait-dynamics, semi-informed).
_ICC = 0.087
#: Numbers of people of the table.
_SUBJECTS = (10, 20, 40, 80, 160)


@click.command("power")
@click.option(
    "--difference",
    type=float,
    metavar="POINTS",
    help="Difference between two systems in points of a hundred walks named.",
)
@click.option(
    "--subjects", type=click.IntRange(min=2, max=100_000), default=40, show_default=True, help="Test people."
)
@click.option(
    "--probes",
    type=click.IntRange(min=1, max=100_000),
    metavar="N",
    help="Probes of each person.  [default: 33, or the run's]",
)
@click.option(
    "--rate",
    type=float,
    metavar="PERCENT",
    help="Walks that one of the systems leaves named.  [default: 40, or the run's]",
)
@click.option(
    "--icc",
    type=float,
    metavar="0..1",
    help=f"Correlation between two probes of one person.  [default: {_ICC}, or the run's]",
)
@click.option(
    "--shared",
    type=float,
    default=0.0,
    show_default=True,
    metavar="0..1",
    help="Correlation between what the two systems leave of one probe; 0 is the careful choice.",
)
@click.option(
    "--power",
    "wanted",
    type=float,
    default=80.0,
    show_default=True,
    metavar="PERCENT",
    help="Chance with which the difference shall be seen.",
)
@click.option(
    "--confidence",
    type=float,
    default=95.0,
    show_default=True,
    metavar="PERCENT",
    help="Level of the interval.",
)
@click.option(
    "--run",
    "run",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Take rate, correlation and probes from the strongest attack on the first anonymizer of a run.",
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@quiet_option  # fmt: skip
def command(**options: Any) -> None:
    """Plan a study: the power for a difference, the smallest difference seen, the people needed.

    Two systems are compared on the same people by the share of walks that are still named, by Student's t over the
    people's differences, as the tables do (docs/measures.md).

    \b
    gaitbench power --difference 3 --subjects 40
    """  # noqa: D301  click reads the \b
    from gaitbench.errors import ConfigError
    from gaitbench.metrics.uncertainty.power import Design

    taken = _from_run(options["run"]) if options["run"] is not None else {}
    rate = options["rate"] if options["rate"] is not None else taken.get("rate", 40.0)
    icc = options["icc"] if options["icc"] is not None else taken.get("icc", _ICC)
    probes = options["probes"] or int(taken.get("probes", 33))
    difference, subjects = options["difference"], options["subjects"]
    if not 0 < options["wanted"] < 100:
        raise ConfigError(
            f"--power {options['wanted']:g} is no chance in percent; give one between 0 and 100"
        )
    wanted = options["wanted"] / 100
    try:
        design = Design(rate / 100, icc, probes, options["shared"], options["confidence"] / 100)
        if difference is not None and difference <= 0:
            raise ValueError(f"a difference of {difference:g} points can never be seen; give a positive one")
        found = _plan(design, None if difference is None else difference / 100, subjects, wanted)
    except ValueError as error:
        raise ConfigError(f"no study can be planned: {error}") from error
    said = {
        "rate": rate, "icc": icc, "probes": probes, "shared": options["shared"], "subjects": subjects,
        "confidence": options["confidence"], "wanted_power": options["wanted"], "difference": difference, **found,
        **({"taken_from": taken["what"]} if taken else {}),
    }  # fmt: skip
    if options["as_json"]:
        click.echo(json.dumps(said, indent=1))
    else:
        _tell(said, design, wanted)


def _plan(design: Design, difference: float | None, subjects: int, wanted: float) -> dict[str, Any]:
    smallest = design.smallest_difference(subjects, wanted)
    found: dict[str, Any] = {"smallest_difference": None if smallest is None else 100 * smallest}
    if difference is not None:
        found["power"] = 100 * design.power(difference, subjects)
        found["subjects_needed"] = design.subjects(difference, wanted)
    return found


def _from_run(folder: Path) -> dict[str, Any]:
    """Rate (percent), correlation and probes a person of the strongest attack whose probes are on record."""
    from gaitbench.errors import DataError
    from gaitbench.metrics.uncertainty.power import intraclass_correlation
    from gaitbench.reporting.reading.selection import headline_anonymizer
    from gaitbench.results.record import Record

    record = Record.load(folder)
    name, scores = headline_anonymizer(record), record.scores
    mine = scores[(scores["measure"] == "correct_after") & (scores["anonymizer"] == name)]
    if mine.empty:
        raise DataError(
            f"{folder}: no attack's probes are on record; give --rate, --icc and --probes instead"
        )
    columns = ["attacker", "recognizer", "input", "gallery", "colorizer"]
    means = mine.groupby(columns, sort=True)["value"].mean()
    strongest = means.index[int(means.to_numpy().argmax())]
    cell = mine[(mine[columns] == list(strongest)).all(axis=1)]
    counts = cell.groupby("subject").size()
    rate = 100 * float(cell["value"].mean())
    if not 0 < rate < 100:
        raise DataError(f"{folder}: the attack names {rate:g} %: nothing varies; give --rate and --icc")
    try:
        icc = intraclass_correlation(cell["value"].to_numpy() > 0, cell["subject"].to_numpy())
    except ValueError as error:
        raise DataError(f"{folder}: {error}; give --icc") from error
    what = f"{name} under {', '.join(strongest[:4])} of {folder}: {len(counts)} people"
    return {"rate": rate, "icc": icc, "probes": float(counts.median()), "what": what}


def _tell(said: dict[str, Any], design: Design, wanted: float) -> None:
    if "taken_from" in said:
        click.echo(f"Taken from {said['taken_from']}.")
    click.echo(
        f"Around {said['rate']:.3g} of 100 walks named, {said['probes']} probes a person, correlation between two of "
        f"them {said['icc']:.3g}; two-sided {said['confidence']:g} % interval, paired by person."
    )
    smallest, subjects = said["smallest_difference"], said["subjects"]
    seen = "none that is possible" if smallest is None else f"{smallest:.1f} points"
    click.echo(f"{subjects} people see a difference of {seen} in {said['wanted_power']:g} of 100 studies.")
    difference = said["difference"]
    if difference is not None:
        needed = said["subjects_needed"]
        people = "more than a million people are needed" if needed is None else f"{needed} people are needed"
        click.echo(
            f"A difference of {difference:g} points is seen in {said['power']:.0f} of 100 such studies; {people} for "
            f"{said['wanted_power']:g} of 100."
        )
    from dataclasses import replace

    from rich.console import Console
    from rich.table import Table

    table = Table(title="Smallest difference seen (points)", title_justify="left")
    table.add_column("people", justify="right")
    sizes = sorted({1, 3, 11, said["probes"]})
    for size in sizes:
        table.add_column(f"{size} probe{'s' if size > 1 else ''}", justify="right")
    for count in sorted({*_SUBJECTS, subjects}):
        cells = (replace(design, probes=size).smallest_difference(count, wanted) for size in sizes)
        table.add_row(str(count), *("-" if cell is None else f"{100 * cell:.1f}" for cell in cells))
    Console().print(table)
