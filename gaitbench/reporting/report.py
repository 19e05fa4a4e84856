"""Everything a run shows, written beside its record: tables, figures, the page."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from gaitbench.errors import ConfigError
from gaitbench.registry import TABLES
from gaitbench.reporting.figures.files import write_figures
from gaitbench.reporting.formats.latex import to_latex
from gaitbench.reporting.formats.latex_document import all_tex, main_part
from gaitbench.reporting.formats.latex_layout import ONE_COLUMN, TWO_COLUMNS
from gaitbench.reporting.formats.table import Table
from gaitbench.reporting.page.page import PAGE_LIMIT, render_page, table_texts
from gaitbench.reporting.reading.labels import labelled
from gaitbench.results.files.folder import output_folder
from gaitbench.results.files.own_files import is_record
from gaitbench.results.record import Record
from gaitbench.results.report_table import CHAPTERS, ReportTable
from gaitbench.store.atomic import write_text

log = logging.getLogger(__name__)

__all__ = ["fill_report", "make_tables", "save_and_report", "write_report", "write_tables"]

#: What a report writes in the folder of a run.
_RENEWED = ("tables/", "figures/", "report.html")
#: The main part of the LaTeX document; every other table stands in its appendix.
_MAIN = (
    "table_verdict",
    "table_slides_claims",
    "table1_plain_textural",
    "table2_incomplete_complete",
    "table3_success_by_angle",
    "table4_attackers",
    "table5_controls",
    "table6_ablations",
)
#: The folder of the tables for papers of two columns.
_TWO = "twocolumn"
#: What a published copy has: these figures as files (its page shows all of them), and a page of so many bytes.
_PUBLISHED_FIGURES = frozenset(
    f"{name}.{kind}" for name in ("success_by_angle", "privacy_quality") for kind in ("png", "pdf")
)
_PUBLISHED_PAGE = 4_600_000


def make_tables(record: Record, trouble: list[str] | None = None) -> dict[str, list[Table]]:
    """The tables of a record by chapter, in the order of `gaitbench.registry.TABLES`; empty ones are left out.

    A third party's table that fails, or takes a name that is taken, is left out: `trouble` and the log say so.
    """
    chapters: dict[str, list[Table]] = {chapter: [] for chapter in CHAPTERS}
    names: set[str] = set()
    for name in TABLES.names():
        try:
            chapter, made = _made(name, record, names)
        except ConfigError as error:
            log.warning("%s", error)
            if trouble is not None:
                trouble.append(f"{error}.")
            continue
        names |= {table.name for table in made}
        chapters[chapter] += made
    return chapters


def _made(name: str, record: Record, taken: set[str]) -> tuple[str, list[Table]]:
    """Chapter and tables of one registered name; what a third party raises or returns amiss is named."""
    entry, who = TABLES.get(name), f"table {name} of {TABLES.origin(name)}"
    ours = TABLES.origin(name) == "built in"
    if not (ours or isinstance(entry, ReportTable)):
        raise ConfigError(f"{who} is no ReportTable; mend or remove it")
    if ours:
        made = _as_list(entry.show(record))
    else:
        try:
            made = _as_list(entry.show(record))
            for table in made:
                if isinstance(table, Table):
                    table_texts(
                        table
                    )  # what cannot be written is found here, not in the middle of the report
        except (Exception, SystemExit) as error:
            why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise ConfigError(f"{who} failed ({why}); mend or remove it") from error
    for table in made:
        if not isinstance(table, Table):
            raise ConfigError(f"{who} gave something that is no Table; mend or remove it")
        if table.name in taken or not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", table.name):
            raise ConfigError(
                f"{who}: the name {table.name!r} is taken, or no name of a file; mend or remove it"
            )
    return entry.chapter, made


def _as_list(shown: Table | list[Table] | None) -> list[Table]:
    return shown if isinstance(shown, list) else [shown] if shown is not None else []


def write_report(run_dir: Path, *, page_limit: int | None = None) -> None:
    """Write ``tables/``, ``figures/`` and ``report.html`` into the folder of a run.

    Reads ``run.json``, ``scores.parquet`` and the pictures they name, nothing else. Equal results give equal
    bytes in ``tables/`` and ``figures/``; only the page carries the time of the run. Files that an earlier report
    wrote and this one does not have are removed, and no others. Sampled walks are left out of the page before it
    grows beyond `page_limit` bytes. A published copy stays one: no more figures, and no larger page, than it has.

    Raises
    ------
    DataError
        If the record is missing, damaged or of another version, or the disk is full.
    ConfigError
        If the folder cannot be written, or another process is writing it.
    """
    if not is_record(run_dir / "run.json"):
        Record.load(run_dir)  # says what is wrong
    with output_folder(run_dir, option="the run", renewed=_RENEWED) as part:
        fill_report(Record.load(run_dir), run_dir, part, page_limit=page_limit, drawn=run_dir / "figures")


def save_and_report(record: Record, folder: Path, output: Path) -> Record:
    """Save a record into `folder` and write its report there from what was saved: the two cannot differ.

    Parameters
    ----------
    record : Record
    folder : path
        As `gaitbench.results.files.folder.output_folder` gives it, with the record's pictures.
    output : path
        Where the folder's files will stand; figures of an earlier report there are taken where nothing changed.

    Returns
    -------
    Record
        As it was saved, without its distances.
    """
    record.save(folder)
    saved = Record.load(folder)
    fill_report(saved, folder, folder, drawn=output / "figures")
    return saved


def fill_report(
    record: Record,
    run_dir: Path,
    target: Path,
    *,
    page_limit: int | None = None,
    drawn: Path | None = None,
) -> None:
    """Write ``tables/``, ``figures/`` and ``report.html`` of a record into `target`, a folder of our own.

    Parameters
    ----------
    record : Record
    run_dir : path
        Where the record's pictures lie.
    target : path
        Such as `gaitbench.results.files.folder.output_folder` gives; it may be `run_dir`.
    page_limit : int, optional
        Bytes the page may have; unless told `PAGE_LIMIT`, and less in a published copy.
    drawn : path, optional
        ``figures/`` of an earlier report; its figures are taken where they would be drawn the same again.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    trouble: list[str] = []
    record = labelled(record)
    chapters = make_tables(record, trouble)
    everything = [table for tables in chapters.values() for table in tables]
    texts = {table.name: table_texts(table) for table in everything}
    _write(everything, texts, target / "tables")
    pictures, undrawn = write_figures(record, run_dir, target / "figures", drawn)
    trouble += undrawn
    published = "trimmed" in record.provenance
    if published:
        for path in (target / "figures").iterdir():
            if path.name not in _PUBLISHED_FIGURES:
                path.unlink()
    limit = (_PUBLISHED_PAGE if published else PAGE_LIMIT) if page_limit is None else page_limit
    page = render_page(record, run_dir, chapters, pictures, trouble=trouble, texts=texts, limit=limit)
    write_text(target / "report.html", page)


def write_tables(record: Record, folder: Path) -> None:
    """Write every table of a record as LaTeX, CSV and Markdown, and ``all.tex``, into `folder`; nothing is removed."""
    tables = [table for chapter in make_tables(labelled(record)).values() for table in chapter]
    _write(tables, {table.name: table_texts(table) for table in tables}, folder)


def _write(tables: Sequence[Table], texts: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, kinds in texts.items():
        for kind, text in kinds.items():
            write_text(folder / f"{name}.{kind}", text)
    if not texts:
        return
    numbers = {table.name: table.number for table in tables if table.number is not None}
    named = {table.name: table for table in tables}
    shortened = {name: short for name in _MAIN if name in texts and (short := main_part(named[name]))}
    numbers |= {short.name: numbers[name] for name, short in shortened.items() if name in numbers}
    main = [shortened[name].name if name in shortened else name for name in _MAIN if name in texts]
    rest = [*shortened, *(name for name in texts if name not in _MAIN)]
    (folder / _TWO).mkdir(exist_ok=True)
    for place, paper in ((folder, ONE_COLUMN), (folder / _TWO, TWO_COLUMNS)):
        # of one column the tables are among `texts` already
        for table in [*shortened.values(), *(tables if paper is TWO_COLUMNS else ())]:
            write_text(place / f"{table.name}.tex", to_latex(table, paper))
        write_text(place / "all.tex", all_tex(main, rest, numbers, paper))
