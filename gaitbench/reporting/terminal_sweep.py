"""What a sweep found, on the terminal: who is hidden at which setting, then one narrow table a system."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gaitbench.reporting.formats.console import say, table_console
from gaitbench.reporting.formats.plain import cell_words, interval_text
from gaitbench.reporting.reading.labels import labelled, labels_of
from gaitbench.reporting.reading.selection import unique
from gaitbench.reporting.reading.verdicts import (
    Level,
    broken_controls,
    level_of_rate,
    normal_walks,
    proven,
)
from gaitbench.reporting.tables.pictures.sweep import equal_success
from gaitbench.reporting.terminal import escape_text
from gaitbench.reporting.words.verdicts import LEVELS, of_100, sentence
from gaitbench.results.record import Record
from gaitbench.results.schema_sweep import Swept

__all__ = ["print_sweep"]

#: Levels from worst to best, as the verdict counts them.
_ORDER: tuple[Level, ...] = ("not", "partly", "hidden", "unknown")
#: Measures beside the verdict: head and decimals.
_MEASURES = (("success", "success", 1), ("iou", "IoU", 2), ("nearest", "natural", 2))
_PAINTED = (("psnr", "PSNR", 2), ("ssim", "SSIM", 3))


def print_sweep(record: Record, output: Path) -> None:
    """The verdict of every swept system, its settings, and quality at equal success; 80 columns hold it.

    Parameters
    ----------
    record : Record
        Of a sweep; one without rows of a sweep says what failed and where the report is.
    output : path
        Where its report is.
    """
    console, shown = table_console(), labelled(record)
    held: tuple[Swept, ...] = shown.tables.get("sweep", ())
    broken = broken_controls(shown)
    if broken:
        say(console, f"[bold red]{escape_text(sentence(shown))}[/]")
    names = unique(row.anonymizer for row in held)
    levels = {name: _levels(shown, held, name, broken=bool(broken)) for name in names}
    for name in names:
        say(console, f"[bold]{escape_text(_verdict(shown, held, name, levels[name]))}[/]")
    if held:
        say(console, "A lower bound of the risk: a sweep makes only attacks that are quick to train.")
    for name in names:
        _settings(console, shown, held, name, levels[name])
    _equal(console, shown)
    for failure in record.failures:
        said = escape_text(f"{failure.stage}: {failure.cell}: {failure.message}")
        say(console, f"[red]failed[/] {said}")
    if record.provenance["dataset"]["rendered"]:
        say(console, "[dim]The people are rendered walkers, not filmed ones.[/]")
    text = f"Report: {output / 'report.html'}; the same as CSV in {output / 'tables'}"
    console.print(escape_text(text), highlight=False, soft_wrap=True)


def _worst(held: tuple[Swept, ...], name: str) -> list[Swept]:
    """The strongest attack on each setting of a system, in the order of the sweep."""
    return [row for row in held if (row.anonymizer, row.measure) == (name, "worst_rank1")]


def _chance(record: Record) -> float:
    people = max((row.people for row in record.identification), default=0)
    return 100 / people if people else 0.0


def _untouched(record: Record, attack: str) -> float | None:
    """Rank-1 of the same recognizer on untouched silhouettes, of the same attacker where it was run on them."""
    attacker, _, recognizer = attack.partition(", ")
    rows = [
        row for row in record.identification
        if (row.anonymizer, row.recognizer, row.input) == ("original", recognizer, "silhouette")
    ]  # fmt: skip
    own = [row for row in rows if row.attacker == attacker] or rows
    return own[0].rank1 if own else None


def _levels(record: Record, held: tuple[Swept, ...], name: str, *, broken: bool) -> dict[str, Level]:
    """What the verdict of each setting is; nobody is hidden from recognizers that know nobody (`proven`)."""
    found: dict[str, Level] = {}
    means = [
        normal_walks(record, one)
        for one in unique(r.attack.partition(", ")[2] for r in held if r.measure == "attack_rank1")
    ]
    for row in _worst(held, name):
        untouched = _untouched(record, row.attack)
        level = level_of_rate(row.value or 0.0, row.ci_low, row.ci_high, _chance(record), untouched)
        known = max((mean for mean in means if mean is not None), default=untouched)
        found[row.variant] = "unknown" if broken else proven(level, known)
    return found


def _said(record: Record, name: str, variant: str) -> str:
    """A setting as its user called it."""
    return labels_of(record)["anonymizer"].get(f"{name}[{variant}]", variant) or "as run"


def _verdict(record: Record, held: tuple[Swept, ...], name: str, levels: dict[str, Level]) -> str:
    """How many settings hide people, and which name most and least."""
    rows = [row for row in _worst(held, name) if row.value is not None]
    counts = Counter(levels.values())
    found = ", ".join(f"{LEVELS[level][2]} at {counts[level]}" for level in _ORDER if counts[level])
    text = f"{name}, {len(levels)} setting{'' if len(levels) == 1 else 's'}: {found or 'nothing measured'}."
    if not rows:
        return text
    least, most = (choose(rows, key=lambda row: row.value or 0.0) for choose in (min, max))
    untouched = _untouched(record, least.attack)
    guess = f"a blind guess names {of_100(_chance(record))}"
    guess += "" if untouched is None else f", untouched {of_100(untouched)}"
    text += (
        f" {of_100(least.value or 0.0)} of 100 walks are still named at {_said(record, name, least.variant)}"
    )
    if most.value != least.value:
        text += f", {of_100(most.value or 0.0)} at {_said(record, name, most.variant)}"
    return f"{text} ({guess})."


def _settings(
    console: Console, record: Record, held: tuple[Swept, ...], name: str, levels: dict[str, Level]
) -> None:
    own = [row for row in held if row.anonymizer == name]
    painters = unique(row.colorizer for row in own if row.measure in ("psnr", "ssim"))
    title = f"{name}, painted by {', '.join(painters)}" if painters else name
    table = Table(title=escape_text(title), title_justify="left", padding=(0, 1, 0, 0))
    table.add_column("setting", overflow="fold")
    table.add_column("hidden?", overflow="fold")
    table.add_column("named %", justify="right", overflow="fold")
    heads = [head for _, head, _ in _MEASURES]
    heads += [head for _, head, _ in _PAINTED for _ in painters]
    for head in heads:
        table.add_column(head, justify="right", overflow="fold")
    for row in _worst(held, name):
        sign, word = LEVELS[levels[row.variant]][1], levels[row.variant]
        between = "" if row.ci_low is None else f" [{row.ci_low:.0f}, {row.ci_high:.0f}]"
        cells = [_said(record, name, row.variant), f"{sign} {word}"]
        cells.append("undefined" if row.value is None else f"{of_100(row.value)}{between}")
        cells += [_figure(own, row.variant, measure, "none", digits) for measure, _, digits in _MEASURES]
        cells += [
            _figure(own, row.variant, measure, painter, digits)
            for measure, _, digits in _PAINTED
            for painter in painters
        ]
        table.add_row(*map(escape_text, cells))
    console.print(table)


def _figure(rows: list[Swept], variant: str, measure: str, painter: str, digits: int) -> str:
    found = next(
        (r for r in rows if (r.variant, r.measure, r.colorizer) == (variant, measure, painter)), None
    )
    if found is None:
        return "–"
    return "undefined" if found.value is None else f"{found.value:.{digits}f}"


def _equal(console: Console, record: Record) -> None:
    held = equal_success(record)
    if held is None:
        return
    table = Table(title=escape_text(held.title), title_justify="left", padding=(0, 1, 0, 0))
    for head in ("success", "measure", "system", "there", "settings reach"):
        table.add_column(
            head, justify="right" if head == "success" else "left", overflow="fold", no_wrap=head != "system"
        )
    place = {column.key: i for i, column in enumerate(held.columns)}
    for row in held.rows:
        said = {key: cell_words(held.columns[i], row.cells[i]) for key, i in place.items()}
        there = f"{said['value']} {interval_text(held.columns[place['value']], row.cells[place['value']])}"
        table.add_row(
            *map(
                escape_text,
                (
                    f"{row.labels['success']} %", said["measure"], said["anonymizer"], there.strip(),
                    f"{said['lowest']} to {said['highest']} %",
                ),
            )
        )  # fmt: skip
    console.print(table)
