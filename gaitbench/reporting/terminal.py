"""The verdict, the main figures and the checks of a record, on the terminal."""

from __future__ import annotations

from pathlib import Path

from rich import markup
from rich.console import Console
from rich.table import Table

from gaitbench.reporting.formats.console import table_console
from gaitbench.reporting.formats.plain import cell_words, interval_text
from gaitbench.reporting.formats.visible import visible
from gaitbench.reporting.reading.intervals import interval_name
from gaitbench.reporting.reading.labels import labelled
from gaitbench.reporting.reading.selection import headline_reference
from gaitbench.reporting.tables.verdict import verdicts
from gaitbench.reporting.words.checks import CHECK_WORDS
from gaitbench.reporting.words.verdicts import sentence
from gaitbench.results.files.read_notes import read_lines
from gaitbench.results.record import Record
from gaitbench.results.schema import CONTROLS, SuccessRate

__all__ = ["escape_text", "print_summary"]


def escape_text(text: str) -> str:
    """Text from elsewhere for Rich: nothing in it is markup, and no character in it acts on the terminal."""
    return markup.escape(visible(text))


def print_summary(record: Record, output: Path, *, pictures_first: bool = False) -> None:
    """The main figures and every check, on the terminal.

    Parameters
    ----------
    record : Record
    output : path
        Where its report is, if there is one.
    pictures_first : bool
        Picture quality was asked for: its table comes before the verdict and the success.
    """
    console, record = table_console(), labelled(record)
    tested = [r for r in record.success_rate if r.anonymizer not in CONTROLS]
    if pictures_first:
        _quality(console, record, tested)
    _verdict(console, record)
    _success(console, record, tested)
    if not pictures_first:
        _quality(console, record, tested)
    _checks(console, record)
    for failure in record.failures:
        console.print(
            f"[red]failed[/] {escape_text(f'{failure.stage}: {failure.cell}: {failure.message}')}",
            highlight=False,
        )
    for line in read_lines(record.provenance["dataset"].get("read", {})):
        console.print(escape_text(line), highlight=False)
    if record.provenance["dataset"]["rendered"]:
        console.print("[dim]The people are rendered walkers, not filmed ones.[/]")
    if (output / "report.html").is_file():
        console.print(f"Report: {escape_text(str(output / 'report.html'))}", highlight=False, soft_wrap=True)


def _verdict(console: Console, record: Record) -> None:
    """Faults, then the sentence to repeat, then every system under its strongest attack: nobody need read further."""
    said = sentence(record)
    if said:
        console.print(f"[bold]{escape_text(said)}[/]", highlight=False)
    shown = verdicts(record)
    if shown is None:
        return
    table = Table(title=escape_text(shown.title), title_justify="left", padding=(0, 1, 0, 0))
    figures = {"named": "named %", "untouched": "untouched", "guess": "guess", "slides": "slides' attacker"}
    for column in shown.columns:
        table.add_column(
            figures.get(column.key, column.title.lower()),
            justify="left" if column.digits is None else "right",
            overflow="fold",
        )
    for row in shown.rows:
        cells = []
        for column, cell in zip(shown.columns, row.cells, strict=True):
            between = f" {interval_text(column, cell)}" if cell.low is not None else ""
            cells.append(escape_text(cell_words(column, cell) + between))
        table.add_row(*cells)
    console.print(table)


def _quality(console: Console, record: Record, tested: list[SuccessRate]) -> None:
    """PSNR and SSIM of the systems under test, under the reference that stands first."""
    reference = headline_reference(record)
    names = {t.anonymizer for t in tested}
    quality = [r for r in record.quality if r.reference == reference and r.anonymizer in names]
    if not quality:
        return
    table = Table(title=escape_text(f"Picture quality (reference {reference})"), title_justify="left")
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
        console.print(f"[bold]{title}: {held} of {len(found)} hold[/]", highlight=False)
        wrong = "red" if kind == "control" else "yellow"
        for check in sorted(found, key=lambda check: check.passed is True):
            if kind == "control" and check.passed:
                continue  # what went as it must
            colour = {True: "green", False: wrong, None: "yellow"}[check.passed]
            said = escape_text(f"{check.name}: {check.detail}")
            console.print(f"[{colour}]{escape_text(words[check.passed])}[/] {said}", highlight=False)


def _success(console: Console, record: Record, tested: list[SuccessRate]) -> None:
    """Success by angle under the first attacker; with a column for the recognizer where there are several."""
    rows = [r for r in tested if r.attacker == tested[0].attacker]
    several = len({r.recognizer for r in rows}) > 1
    who = ("anonymizer", "recognizer") if several else ("anonymizer",)
    by = f", attacker {rows[0].attacker}" if rows else ""
    table = Table(title=escape_text(f"Success rate M/|S| in percent{by}"), title_justify="left")
    for column in (*who, "angle", "rate", interval_name(record), "M", "|S|", "N", "chance"):
        table.add_column(column, justify="left" if column in who else "right", overflow="fold")
    shown: set[tuple[str, str, int]] = set()
    for r in rows:
        if (r.anonymizer, r.recognizer, r.angle) in shown:
            continue  # the colorizers share the silhouette
        shown.add((r.anonymizer, r.recognizer, r.angle))
        rate = "undefined" if r.rate is None else f"{r.rate:.2f}"
        interval = "" if r.ci_low is None else f"{r.ci_low:.1f}-{r.ci_high:.1f}"
        counts = (str(r.angle), rate, interval, str(r.m), str(r.s), str(r.n), f"{r.chance:.1f}")
        table.add_row(*(escape_text(str(getattr(r, one))) for one in who), *counts)
    console.print(table)
