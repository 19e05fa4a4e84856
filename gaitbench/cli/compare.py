"""``gaitbench compare``: in what two runs differ, and what that did to their figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gaitbench.cli.options import quiet_option

if TYPE_CHECKING:
    from gaitbench.results.compare import Comparison
    from gaitbench.results.record import Record

__all__ = ["command"]


@click.command("compare")
@click.argument("first", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("others", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="RUN...")
@click.option("--anyway", is_flag=True, help="Show differences of runs whose protocols differ, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@quiet_option
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the comparison as a page, too."
)
def command(first: Path, others: tuple[Path, ...], anyway: bool, as_json: bool, html: Path | None) -> None:
    """Compare runs with the first one: protocol first, then paired differences with intervals over subjects.

    Exit code 1 when the protocols differ: the figures then do not mean the same.
    """
    from gaitbench.results.compare import compare_records
    from gaitbench.results.record import Record

    base = Record.load(first)
    records = {str(run): Record.load(run) for run in others}
    found = {name: compare_records(base, record) for name, record in records.items()}
    if html is not None:
        _write_page(html, (str(first), base), records, found)
    if as_json:
        _print_json(found)
    else:
        for name, comparison in found.items():
            _print(str(first), name, comparison, anyway)
    if not all(c.comparable for c in found.values()):
        sys.exit(1)


def _write_page(
    path: Path, base: tuple[str, Record], others: dict[str, Record], found: dict[str, Comparison]
) -> None:
    from gaitbench.errors import ConfigError
    from gaitbench.reporting.page.compare import render_comparison
    from gaitbench.store.atomic import write_text

    page = render_comparison(base, list(others.items()), found)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, page)
    except OSError as error:
        raise ConfigError(f"--html {path} cannot be written ({error.strerror}); give another file") from error
    click.echo(f"Page: {path}", err=True)


def _print_json(found: dict[str, Comparison]) -> None:
    import json
    from dataclasses import asdict

    click.echo(json.dumps({name: asdict(c) for name, c in found.items()}, indent=1, ensure_ascii=False))


def _print(first: str, other: str, comparison: Comparison, anyway: bool) -> None:
    from gaitbench.reporting.formats.shortened import shortened
    from gaitbench.reporting.reading.intervals import level_text

    click.echo(f"{other} against {first}")
    if comparison.comparable:
        click.echo("The protocols agree.")
    if comparison.unknown:
        click.echo(f"cannot be compared: {comparison.unknown}")
    for difference in comparison.differs if not comparison.unknown else ():
        click.echo(f"differs  {difference.name}: {shortened(difference.a)} against {shortened(difference.b)}")
    if not comparison.comparable and not anyway:
        what = "may measure" if comparison.unknown else "measure"
        click.echo(f"These runs {what} different things; --anyway shows their differences nevertheless.")
        return
    if not comparison.changes:
        click.echo("They share no cell with the same sequences.")
        return
    click.echo(
        f"Differences (second minus first) with {level_text(comparison.confidence)} intervals over subjects; "
        "p corrected over all cells (Holm):"
    )
    for change in comparison.changes:
        names = [v for k, v in change.cell.items() if k != "measure" and v not in ("", "none")]
        interval = "" if change.ci_low is None else f"[{change.ci_low:+.3f}, {change.ci_high:+.3f}]"
        p = "" if change.p_holm is None else f"p = {change.p_holm:.3f}"
        click.echo(
            f"  {change.cell['measure']:<14} {change.a:9.3f} {change.b:9.3f} {change.difference:+9.3f} {interval:<20} "
            f"{p:<10} n = {change.sequences:<5} {' / '.join(names)}"
        )
