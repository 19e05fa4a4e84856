"""What each verb ends with: said at the end of every ``--help``."""

from __future__ import annotations

import click

__all__ = ["CODES", "with_codes"]

#: Verb -> what 1 and 3 mean there, where it ends with them.
CODES: dict[str, dict[int, str]] = {
    "run-all": {1: "a cell failed, all else is there", 3: "a gate of --require was missed"},
    "success-rate": {1: "a cell failed, all else is there"},
    "quality": {1: "a cell failed, all else is there"},
    "evaluate": {
        1: "something could not be judged, all else is there", 3: "a gate of --require was missed",
    },
    "sweep": {1: "a cell failed, all else is there"},
    "repeat": {1: "a cell failed or a run lacks a figure, all else is there"},
    "anonymize": {1: "a video was not, or not wholly, anonymized"},
    "compare": {1: "the protocols differ"},
    "board": {1: "something was left out, and is named"},
    "import": {1: "something did not come in, or looks like no whole people; all else is there"},
    "doctor": {1: "a run would go through with failures"},
    "work": {1: "a cell failed, as it will in run-all, or a task is left to it"},
    "store verify": {1: "an artifact is damaged"},
}  # fmt: skip


def with_codes(command: click.Command, name: str) -> click.Command:
    """The command with its exit codes at the end of its help; those of a group each for themselves."""
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            with_codes(one, f"{name} {inner}")
    own = CODES.get(name, {})
    said = {0: "done", 2: "nothing was done, and why is said", 130: "interrupted", **own}
    command.epilog = "Exit codes: " + "; ".join(f"{code} {said[code]}" for code in sorted(said)) + "."
    return command
