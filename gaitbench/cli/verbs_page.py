"""``docs/verbs.md``: every verb of the command line, generated from the commands themselves."""

from __future__ import annotations

import copy
import logging
from pathlib import Path

import click

__all__ = ["verbs_page"]

_HEAD = """# Verbs

Generated from the command line by `python -m gaitbench.cli.verbs_page docs/verbs.md`; do not edit.

Errors that you can mend are one line and end with exit code 2; a run in which a cell failed ends with 1.
"""


def verbs_page() -> str:
    """The page as Markdown: usage, help and options of every verb, subcommands among them."""
    from gaitbench.cli import _cli

    parts = [_HEAD]
    root = click.Context(_cli, info_name="gaitbench", help_option_names=["-h", "--help"])
    for name in _cli.list_commands(root):
        command = _cli.get_command(root, name)
        if command is not None:
            parts += _sections(command, click.Context(command, info_name=name, parent=root), 2)
    return "\n".join(parts)


def _sections(command: click.Command, context: click.Context, level: int) -> list[str]:
    # click keeps the help option of the first context that asked for it, which may have been a verb run on its own
    command = copy.copy(command)
    command._help_option = None
    # A fixed width, so that the page does not hang on the terminal that made it.
    formatter = click.HelpFormatter(width=100)
    command.format_help(context, formatter)
    path = context.command_path
    text = "\n".join(line.rstrip() for line in formatter.getvalue().strip().splitlines())
    parts = [f"{'#' * level} {path}\n", f"```text\n{text}\n```\n"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                parts += _sections(inner, click.Context(inner, info_name=name, parent=context), level + 1)
    return parts


def _write(path: Path) -> None:
    from gaitbench.store.atomic import write_text

    write_text(path, verbs_page())
    logging.getLogger(__name__).info("%s written", path)


if __name__ == "__main__":
    import sys

    _write(Path(sys.argv[1]))
