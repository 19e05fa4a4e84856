"""``gaitbench sweep``: privacy against quality over the settings of a system."""

from __future__ import annotations

import json
from typing import Any

import click

from gaitbench.cli.completion import names_of
from gaitbench.cli.gates import end
from gaitbench.cli.options import run_options
from gaitbench.cli.run_all import execute

__all__ = ["command"]


@click.command("sweep")
@click.option(
    "--anonymizer",
    "anonymizers",
    multiple=True,
    required=True,
    metavar="NAME",
    shell_complete=names_of("anonymizer"),
    help="Whose settings are swept; may be given again. Installed packages' too (`gaitbench list`).",
)
@click.option(
    "--setting",
    "settings",
    multiple=True,
    required=True,
    metavar="NAME=V,V,...",
    help="Values of a setting, of all anonymizers or (ANONYMIZER.NAME=...) of one; given again: a grid.",
)
@click.option(
    "--colorizer",
    default="nearest",
    show_default=True,
    metavar="NAME",
    shell_complete=names_of("colorizer"),
    help="Who paints; the default needs no training.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@run_options("Folder of the results.  [default: reports/sweep-NAME, one that holds no other sweep]")  # fmt: skip
def command(
    anonymizers: tuple[str, ...], settings: tuple[str, ...], colorizer: str, as_json: bool, **options: Any
) -> None:
    """Sweep settings of anonymizers on a suite's data: one table, one curve, in the report and as CSV.

    Rank-1 of the strongest attack that is quick to train, success under the slides' attacker, overlap with the original
    silhouette, naturalness, PSNR, SSIM; the verdict stands first. What is in the store is not made again; a setting
    that plays no part in training trains nothing.

    \b
    gaitbench sweep --anonymizer model-2 --suite smoke \\
        --setting strength=0,0.25,0.5,0.75,1
    """  # noqa: D301  click reads the \b
    from gaitbench.suites.reading import load_suite
    from gaitbench.suites.swept import parse_settings, swept_suite

    values = parse_settings(anonymizers, settings)
    suite = swept_suite(load_suite(options["suite"]), values, colorizer)
    name = f"sweep-{'-'.join(dict.fromkeys(v.name for v in values))}"
    record, output = execute({**options, "suite": suite}, folder_name=name)
    if as_json:
        from dataclasses import asdict

        tables = {
            name: [asdict(row) for row in record.tables.get(name, ())] for name in ("sweep", "equal_success")
        }
        click.echo(json.dumps(tables, indent=1))
    else:
        from gaitbench.reporting.terminal_sweep import print_sweep

        print_sweep(record, output)
    end(record, ())
