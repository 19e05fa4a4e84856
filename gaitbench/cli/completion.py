"""Names that a shell completes: what is registered, installed packages' things too, and the suites."""

from __future__ import annotations

from collections.abc import Callable

import click

__all__ = ["names_of"]

_Complete = Callable[[click.Context, click.Parameter, str], list["click.shell_completion.CompletionItem"]]


def names_of(kind: str) -> _Complete:
    """What `click` asks for the words that an option may take.

    Parameters
    ----------
    kind : str
        ``suite``, whose files the shell completes as well, or a kind of `gaitbench.registry` (``anonymizer``).
    """

    def complete(
        ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name) for name in _known(kind) if name.startswith(incomplete)]
        files = CompletionItem(incomplete, type="file")
        return [*found, files] if kind == "suite" and not found else found

    return complete


def _known(kind: str) -> list[str]:
    if kind == "suite":
        from gaitbench.suites import suite_names

        return list(suite_names())
    from gaitbench.registry import REGISTRIES

    return next(one.names() for one in REGISTRIES if one.kind == kind)
