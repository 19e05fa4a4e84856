"""Where tables are printed: as wide as the terminal, and in a log wide enough for their names."""

from __future__ import annotations

import os

from rich.console import Console

__all__ = ["say", "table_console"]

#: Columns of a log, which has no width of its own: tables get what their names need (Rich would take 80, and cut names
#: in two), text gets as much as a page of a terminal holds.
_LOG, _TEXT = 160, 80


def _wide() -> bool:
    return Console().is_terminal or "COLUMNS" in os.environ


def table_console() -> Console:
    """A console on the standard output; ``COLUMNS`` is minded, wherever the output goes."""
    return Console(width=None if _wide() else _LOG)


def say(console: Console, text: str) -> None:
    """A paragraph with Rich's markup: as wide as the terminal, in a log 80 columns."""
    console.print(text, highlight=False, width=None if _wide() else _TEXT)
