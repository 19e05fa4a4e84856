"""Words that an option takes: another one is answered with the nearest; a group of verbs answers alike."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from gaitbench.errors import ConfigError
from gaitbench.nearest import did_you_mean, nearest

__all__ = ["DEVICE", "STORE", "VerbGroup", "Word"]


class Word(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions alone
    """One of a few words.

    Parameters
    ----------
    what : str
        What it is, for the message.
    known : iterable of str
    beginnings : iterable of str
        What a further value may begin with, such as ``cuda:``.
    """

    name = "word"

    def __init__(self, what: str, known: Iterable[str], beginnings: Iterable[str] = ()) -> None:
        self.what = what
        self.known = tuple(known)
        self.beginnings = tuple(beginnings)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The value itself.

        Raises
        ------
        ConfigError
            If it is no such word; the nearest is offered.
        """
        text = str(value)
        if text in self.known or text.startswith(self.beginnings or ("\0",)):
            return text
        raise ConfigError(f"unknown {self.what} {text!r}{nearest(text, self.known)}")

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """The words, as usage shows them."""
        return f"[{'|'.join(self.known)}]"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The words that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self.known if word.startswith(incomplete)]


#: Where networks run.
DEVICE = Word("device", ("auto", "cpu", "cuda"), ("cuda:",))


class _StorePlace(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions alone
    """A folder as a path; an address stays the text that it is, for a path would lose a stroke of ``s3://``."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        from gaitbench.store.remote.address import is_address

        return value if isinstance(value, Path) or is_address(value) else Path(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Folders."""
        return click.Path(file_okay=False).shell_complete(ctx, param, incomplete)


#: Where artifacts are kept.
STORE = _StorePlace()


class VerbGroup(click.Group):
    """A verb of several: a wrong one is answered with the nearest, on one line."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that is meant; see `click.Group.resolve_command`.

        Raises
        ------
        UsageError
            If there is no such verb.
        """
        known = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in known:
            hint = did_you_mean(args[0], known) or f"; there are {', '.join(known)}"
            raise click.UsageError(f"no verb {f'{ctx.info_name} {args[0]}'!r}{hint}")
        return super().resolve_command(ctx, args)
