"""The verb `evaluate` run in this process, and what its record holds."""

import contextlib
import json
from unittest import mock

from click.testing import CliRunner

from gaitbench.cli.evaluate import command


def evaluate(folder, *arguments, out="out", report=False, suite="tiny.toml"):
    """Run the verb in this process: result and record; tables and figures, which take seconds, only with `report`."""
    with contextlib.nullcontext() if report else mock.patch("gaitbench.reporting.report.fill_report"):
        done = _invoke(folder, arguments, out, suite)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done, json.loads((folder / out / "run.json").read_text())


def _invoke(folder, arguments, out, suite):
    return CliRunner().invoke(
        command,
        [*map(str, arguments), "--suite", str(folder / suite), "--store", str(folder / "store"), "--jobs", "1",
         "--output", str(folder / out), "--quiet"],
    )  # fmt: skip


def cells(record, **wanted):
    rows = record["tables"]["success_rate"]
    return [r for r in rows if all(r[k] == v for k, v in wanted.items())]
