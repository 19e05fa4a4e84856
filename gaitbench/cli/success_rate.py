"""``gaitbench success-rate``: is the person hidden?"""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from gaitbench.cli.options import run_options
from gaitbench.cli.run_all import execute

__all__ = ["command"]


@click.command("success-rate")
@click.option("--angle", "angles", type=int, multiple=True, metavar="DEGREES",
              help="Probe this angle only (may be repeated); all angles without it.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@run_options("Folder of the results; without it nothing is written.")
def command(angles: tuple[int, ...], as_json: bool, **options: Any) -> None:
    """Success rate M/|S| of each anonymizer, per angle, with |S|, N, chance and interval.

    Paints nothing. With --output the record and a report of this part are written there.
    """
    record, output = execute(
        options,
        pictures=False,
        report=options["output"] is not None,
        angles=tuple(dict.fromkeys(angles)) or None,
    )
    if as_json:
        from dataclasses import asdict

        click.echo(json.dumps([asdict(r) for r in record.success_rate], indent=1))
    else:
        from gaitbench.reporting.terminal import print_summary

        print_summary(record, output, every_row=True)
    if record.failures:
        sys.exit(1)
