"""Where tables are printed: as wide as the terminal, and in a log wide enough for their names."""

from __future__ import annotations

import os

from rich.console import Console

__all__ = ["table_console"]

#: Columns of a log, which has no width of its own: Rich would take 80, and cut names in two.
_LOG = 160


def table_console() -> Console:
    """A console on the standard output; ``COLUMNS`` is minded, wherever the output goes."""
    wide = Console().is_terminal or "COLUMNS" in os.environ
    return Console(width=None if wide else _LOG)
