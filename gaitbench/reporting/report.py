"""Everything a run shows, written beside its record: tables, figures, the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gaitbench.errors import DataError
from gaitbench.reporting import tables_competence, tables_quality, tables_success
from gaitbench.reporting.figure_files import write_figures
from gaitbench.reporting.files import remove_others, write_text
from gaitbench.reporting.latex import all_tex, to_latex
from gaitbench.reporting.page import render_page
from gaitbench.reporting.plain import to_csv, to_markdown
from gaitbench.reporting.table import Table
from gaitbench.results.record import Record

__all__ = ["make_tables", "write_report", "write_tables"]

#: The chapters of the page and their tables, in order; the LaTeX document sets them in the order of `_DOCUMENT`.
_CHAPTERS: dict[str, tuple[Callable[[Record], Table | None], ...]] = {
    "privacy": (
        tables_success.success_by_angle, tables_success.attackers, tables_success.controls,
        tables_success.controls_by_angle, tables_success.success_other, tables_competence.competence,
    ),
    "quality": (
        tables_quality.plain_textural, tables_quality.incomplete_complete, tables_quality.differences,
        tables_quality.quality_all_references,
    ),
}  # fmt: skip
_DOCUMENT = (
    "table1_plain_textural",
    "table2_incomplete_complete",
    "table3_success_by_angle",
    "table4_attackers",
)


def make_tables(record: Record) -> dict[str, list[Table]]:
    """The tables of a record by chapter; one that would be empty is left out."""
    made = {chapter: [make(record) for make in makers] for chapter, makers in _CHAPTERS.items()}
    return {chapter: [table for table in tables if table is not None] for chapter, tables in made.items()}


def write_report(run_dir: Path) -> None:
    """Write ``tables/``, ``figures/`` and ``report.html`` into the folder of a run.

    Reads ``run.json``, ``scores.parquet`` and the pictures they name, nothing else. Equal results give equal
    bytes in ``tables/`` and ``figures/``; only the page carries the time of the run. Files of an earlier report
    that this one does not have are removed.

    Raises
    ------
    DataError
        If the record is missing, damaged or of another version, or the folder cannot be written.
    """
    record = Record.load(run_dir)
    try:
        write_tables(record, run_dir / "tables")
        pictures, trouble = write_figures(record, run_dir)
        write_text(
            run_dir / "report.html",
            render_page(record, run_dir, make_tables(record), pictures, trouble=trouble),
        )
    except OSError as error:
        raise DataError(f"the report in {run_dir} cannot be written: {error}") from error


def write_tables(record: Record, folder: Path) -> None:
    """Write every table of a record as LaTeX, CSV and Markdown, and ``all.tex``, into `folder`."""
    tables = [table for chapter in make_tables(record).values() for table in chapter]
    folder.mkdir(parents=True, exist_ok=True)
    written = set()
    for table in tables:
        for suffix, render in ((".tex", to_latex), (".csv", to_csv), (".md", to_markdown)):
            write_text(folder / f"{table.name}{suffix}", render(table))
            written.add(f"{table.name}{suffix}")
    names = [table.name for table in tables]
    first = [name for name in _DOCUMENT if name in names]
    if names:
        write_text(folder / "all.tex", all_tex([*first, *(name for name in names if name not in first)]))
        written.add("all.tex")
    remove_others(folder, written, (".tex", ".csv", ".md"))
