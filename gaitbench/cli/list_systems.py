"""``gaitbench list``: what is registered, built in or by installed packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gaitbench.cli.options import quiet_option

if TYPE_CHECKING:
    from gaitbench.registry import Registry

__all__ = ["command"]


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@quiet_option
def command(as_json: bool) -> None:
    """Print everything that is registered by name, and where it comes from.

    A third party's thing that cannot be loaded is shown as BROKEN, with the reason.
    """
    import json

    from gaitbench.registry import REGISTRIES
    from gaitbench.suites import suite_names

    found = {r.kind: {name: _origin(r, name) for name in r.names()} for r in REGISTRIES}
    found["suite"] = dict.fromkeys(suite_names(), "built in")
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for kind, names in found.items():
        click.echo(f"{kind}:")
        for name, origin in names.items():
            click.echo(f"  {name:<16} {origin}")


def _origin(registry: Registry, name: str) -> str:
    """Where a name comes from, and what is wrong with it where it cannot be loaded."""
    taken = registry.shadowed().get(name)
    if taken:
        return f"{registry.origin(name)} (not used, for the name is gaitbench's own: {taken})"
    broken = registry.broken(name)
    return f"{registry.origin(name)} BROKEN: {broken}" if broken else registry.origin(name)
