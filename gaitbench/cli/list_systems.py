"""``gaitbench list``: what is registered, built in or by installed packages."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """Print every data set, anonymizer, colorizer, recognizer and measure by name, and where it comes from."""
    import json

    from gaitbench.registry import REGISTRIES
    from gaitbench.suites import suite_names

    found = {r.kind: {name: r.origin(name) for name in r.names()} for r in REGISTRIES}
    found["suite"] = dict.fromkeys(suite_names(), "built in")
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for kind, names in found.items():
        click.echo(f"{kind}:")
        for name, origin in names.items():
            click.echo(f"  {name:<16} {origin}")
