"""``gaitbench quality``: is the picture good?"""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from gaitbench.cli.options import run_options
from gaitbench.cli.run_all import execute

__all__ = ["command"]


@click.command("quality")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@run_options("Folder of the results; without it nothing is written.")
def command(as_json: bool, **options: Any) -> None:
    """PSNR and SSIM on the plain, textural, complete and incomplete sets, by named reference.

    With --output the record and the report are written there.
    """
    record, output = execute(options, report=options["output"] is not None)
    if as_json:
        from dataclasses import asdict

        click.echo(json.dumps([asdict(r) for r in record.quality], indent=1))
    else:
        from gaitbench.reporting.terminal import print_summary

        print_summary(record, output, pictures_first=True, every_row=True)
    if record.failures:
        sys.exit(1)
