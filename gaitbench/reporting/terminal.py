"""The verdict, the main figures and the checks of a record, on the terminal."""

from __future__ import annotations

from pathlib import Path

from rich import markup
from rich.console import Console
from rich.table import Table

from gaitbench.reporting.formats.console import say, table_console
from gaitbench.reporting.formats.plain import cell_words
from gaitbench.reporting.formats.table import Cell, Column
from gaitbench.reporting.formats.visible import visible
from gaitbench.reporting.reading.attacks import lowest
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.labels import labelled
from gaitbench.reporting.reading.selection import headline_anonymizer, headline_reference, unique
from gaitbench.reporting.tables.verdict import verdicts
from gaitbench.reporting.words.checks import CHECK_WORDS
from gaitbench.reporting.words.verdicts import sentence
from gaitbench.results.files.read_notes import read_lines
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, SuccessRate

__all__ = ["escape_text", "print_summary"]

#: Padding of cells: 80 columns hold the tables.
_TIGHT = (0, 1, 0, 0)
#: Rows of a table that a screen holds, and findings or claims that are listed one by one.
_ROWS, _CHECKS = 33, 12
#: Heads of the verdict's columns of figures, in percent.
_HEADS = {"named": "still named %", "untouched": "untouched", "guess": "guess", "slides": "slides'"}


def escape_text(text: str) -> str:
    """Text from elsewhere for Rich: nothing in it is markup, and no character in it acts on the terminal."""
    return markup.escape(visible(text))


def print_summary(
    record: Record, output: Path, *, pictures_first: bool = False, every_row: bool = False
) -> None:
    """The main figures and every check, on the terminal.

    Parameters
    ----------
    record : Record
    output : path
        Where its report is, if there is one.
    pictures_first : bool
        Picture quality was asked for: its table comes before the verdict and the success.
    every_row : bool
        These tables were asked for. Otherwise a table of more than a screen keeps its leading rows, and says which; the
        verdict does not scroll away.
    """
    console, record = table_console(), labelled(record)
    tested = [r for r in record.success_rate if r.anonymizer not in CONTROLS]
    if pictures_first:
        _quality(console, record, tested, every_row=every_row)
    _verdict(console, record)
    _success(console, record, tested, every_row=every_row)
    if not pictures_first:
        _quality(console, record, tested, every_row=every_row)
    _checks(console, record)
    for failure in record.failures:
        say(console, f"[red]failed[/] {escape_text(f'{failure.stage}: {failure.cell}: {failure.message}')}")
    for line in read_lines(record.provenance["dataset"].get("read", {})):
        say(console, escape_text(line))
    if record.provenance["dataset"]["rendered"]:
        say(console, "[dim]The people are rendered walkers, not filmed ones.[/]")
    if (output / "report.html").is_file():
        console.print(f"Report: {escape_text(str(output / 'report.html'))}", highlight=False, soft_wrap=True)


def _verdict(console: Console, record: Record) -> None:
    """Faults, then the sentence to repeat, then every system under its strongest attack: nobody need read further."""
    said = sentence(record)
    if said:
        say(console, f"[bold]{escape_text(said)}[/]")
    shown = verdicts(record)
    if shown is None:
        return
    table = Table(title=escape_text(shown.title), title_justify="left", padding=_TIGHT)
    columns = [
        column for column in shown.columns if column.key != "attack"
    ]  # in lines below: 80 columns hold it
    for column in columns:
        table.add_column(
            _HEADS.get(column.key, column.title.lower()),
            justify="left" if column.digits is None else "right",
            overflow="fold",
        )
    by = []
    for row in shown.rows:
        cells = dict(zip((column.key for column in shown.columns), row.cells, strict=True))
        by.append(f"{cells['system'].value} by {cells['attack'].value}")
        table.add_row(*(escape_text(_figure(column, cells[column.key])) for column in columns))
    console.print(table)
    say(console, escape_text(f"Named most: {'; '.join(by)}."))


def _figure(column: Column, cell: Cell) -> str:
    """A cell with the whole percents that its interval runs between."""
    between = "" if cell.low is None or cell.high is None else f" [{cell.low:.0f}, {cell.high:.0f}]"
    return cell_words(column, cell) + between


def _quality(console: Console, record: Record, tested: list[SuccessRate], *, every_row: bool) -> None:
    """PSNR and SSIM of the systems under test, under the reference that stands first."""
    reference = headline_reference(record)
    names = {t.anonymizer for t in tested}
    quality = [r for r in record.quality if r.reference == reference and r.anonymizer in names]
    if not quality:
        return
    title, count = f"Picture quality (reference {reference})", len(quality)
    if count > _ROWS and not every_row:
        name = headline_anonymizer(record)
        quality = [r for r in quality if r.anonymizer == name] or quality
        title += f": {len(quality)} of {count} rows, those of {name}; the report has all"
    table = Table(title=escape_text(title), title_justify="left", padding=_TIGHT)
    words = ("anonymizer", "colorizer", "set")
    for column in (*words, "PSNR dB", "SSIM", "pictures"):
        table.add_column(column, justify="left" if column in words else "right", overflow="fold")
    for q in quality:
        psnr = "undefined" if q.psnr is None else f"{q.psnr:.4f}"
        ssim = "undefined" if q.ssim is None else f"{q.ssim:.4f}"
        table.add_row(*map(escape_text, (q.anonymizer, q.colorizer, q.set)), psnr, ssim, str(q.n))
    console.print(table)


def _checks(console: Console, record: Record) -> None:
    """Controls first, in red where one broke; findings about systems and claims of the slides are no alarm."""
    for kind, (_, title, words) in CHECK_WORDS.items():
        found = [check for check in record.checks if check.kind == kind]
        if not found:
            continue
        held = sum(check.passed is True for check in found)
        many = kind != "control" and len(found) > _CHECKS
        rest = "; those that do not are listed here, all in the report" if many and held else ""
        say(console, f"[bold]{title}: {held} of {len(found)} hold[/]{rest}")
        wrong = "red" if kind == "control" else "yellow"
        for check in sorted(found, key=lambda check: check.passed is True):
            if check.passed and (many or kind == "control"):
                continue  # what went as it must, or what a long list can spare
            colour = {True: "green", False: wrong, None: "yellow"}[check.passed]
            said = escape_text(f"{check.name}: {check.detail}")
            say(console, f"[{colour}]{escape_text(words[check.passed])}[/] {said}")


def _success(console: Console, record: Record, tested: list[SuccessRate], *, every_row: bool) -> None:
    """Success by angle under the first attacker; with a column for the recognizer where there are several.

    Of more cells than a screen holds, the lowest of each system: its angle and recognizer are the worst.
    """
    first: dict[tuple[str, str, int], SuccessRate] = {}
    for r in tested:
        if r.attacker == tested[0].attacker:
            first.setdefault((r.anonymizer, r.recognizer, r.angle), r)  # the colorizers share the silhouette
    rows = list(first.values())
    several = len({r.recognizer for r in rows}) > 1
    who = ("anonymizer", "recognizer") if several else ("anonymizer",)
    title = "Success rate M/|S| in percent" + (f", attacker {rows[0].attacker}" if rows else "")
    if len(rows) > _ROWS and not every_row:
        title += f": the lowest of each system, of {len(rows)} rows; the report has all"
        own = [[r for r in rows if r.anonymizer == name] for name in unique(r.anonymizer for r in rows)]
        rows = [lowest([r for r in group if r.rate is not None] or group) for group in own]
    table = Table(title=escape_text(title), title_justify="left", padding=_TIGHT)
    for column in (*who, "angle", "rate", interval_name(record), "M", "|S|", "N", "chance"):
        table.add_column(column, justify="left" if column in who else "right", overflow="fold")
    for r in rows:
        rate = "undefined" if r.rate is None else f"{r.rate:.2f}"
        interval = "" if r.ci_low is None else f"{r.ci_low:.1f}-{r.ci_high:.1f}"
        counts = (str(r.angle), rate, interval, str(r.m), str(r.s), str(r.n), f"{r.chance:.1f}")
        table.add_row(*(escape_text(str(getattr(r, one))) for one in who), *counts)
    console.print(table)
