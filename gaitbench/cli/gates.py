"""``--require`` of run-all and evaluate: release gates, and the exit code that says one was missed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gaitbench.results.gates import Gate
    from gaitbench.results.record import Record

__all__ = ["MISSED", "ask_gates", "end", "require_option"]

#: Exit code of a run that went through and misses a gate.
MISSED = 3


def require_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a verb with ``--require``."""
    return click.option(
        "--require",
        multiple=True,
        metavar="'FIGURE <= N'",
        help="A release gate, such as 'worst.rank1 <= 10' or 'model-2: gait.rank1.high < 20'; may be given again. "
        "Ends with 3 where one is missed.",
    )(command)


def ask_gates(options: dict[str, Any]) -> list[Gate]:
    """The gates of the command line, checked before anything is computed; takes them from `options`."""
    from gaitbench.results.gates import parse_gate

    return [parse_gate(text) for text in options.pop("require", ())]


def end(record: Record, gates: Sequence[Gate]) -> None:
    """Tell what came of the gates and end: 1 with failures, 3 where a gate is missed, else go on."""
    missed = False
    if gates:
        from gaitbench.reporting.reading.gate_figures import judge_gates

        for result in judge_gates(record, gates):
            click.echo(
                f"gate {'passed' if result.passed else 'MISSED'}: {result.text}  ({result.detail})", err=True
            )
            missed |= not result.passed
    if missed:
        sys.exit(MISSED)
    if record.failures:
        sys.exit(1)
