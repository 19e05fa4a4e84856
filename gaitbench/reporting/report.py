"""Everything a run shows, written beside its record: tables, figures, the page."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from gaitbench.errors import DataError
from gaitbench.reporting import tables_competence, tables_quality, tables_success
from gaitbench.reporting.figure_pictures import gei_before_after, picture_grid
from gaitbench.reporting.figures import privacy_quality, recognition, success_by_angle
from gaitbench.reporting.latex import all_tex, to_latex
from gaitbench.reporting.page import render_page, svg_uri
from gaitbench.reporting.plain import to_csv, to_markdown
from gaitbench.reporting.style import LIGHT, Theme, darkened, save_figure, themed
from gaitbench.reporting.table import Table
from gaitbench.results.record import Record

__all__ = ["make_tables", "write_report", "write_tables"]

logger = logging.getLogger(__name__)

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


def _figures(record: Record, run_dir: Path) -> dict[str, Callable[[Theme], Figure | None]]:
    return {
        "success_by_angle": lambda theme: success_by_angle(record, theme),
        "picture_grid": lambda theme: picture_grid(record, run_dir, theme),
        "recognition": lambda theme: recognition(record, theme),
        "gei": lambda theme: gei_before_after(record, run_dir, theme),
        "privacy_quality": lambda theme: privacy_quality(record, theme),
    }


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
        pictures, trouble = _write_figures(record, run_dir)
        _write_text(
            run_dir / "report.html",
            render_page(record, run_dir, make_tables(record), pictures, trouble=trouble),
        )
    except OSError as error:
        raise DataError(f"the report in {run_dir} cannot be written: {error}") from error


def _write_text(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_tables(record: Record, folder: Path) -> None:
    """Write every table of a record as LaTeX, CSV and Markdown, and ``all.tex``, into `folder`."""
    tables = [table for chapter in make_tables(record).values() for table in chapter]
    folder.mkdir(parents=True, exist_ok=True)
    written = set()
    for table in tables:
        for suffix, render in ((".tex", to_latex), (".csv", to_csv), (".md", to_markdown)):
            _write_text(folder / f"{table.name}{suffix}", render(table))
            written.add(f"{table.name}{suffix}")
    names = [table.name for table in tables]
    first = [name for name in _DOCUMENT if name in names]
    if names:
        _write_text(folder / "all.tex", all_tex([*first, *(name for name in names if name not in first)]))
        written.add("all.tex")
    _remove_others(folder, written, (".tex", ".csv", ".md"))


def _remove_others(folder: Path, written: set[str], suffixes: tuple[str, ...]) -> None:
    """Take away what an earlier report left: a table that no longer exists must not be read as this run's."""
    for path in folder.iterdir():
        if path.is_file() and path.suffix in suffixes and path.name not in written:
            path.unlink()


def _write_figures(record: Record, run_dir: Path) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Write the figures; returns those of the page as addresses, and what could not be drawn."""
    folder = run_dir / "figures"
    folder.mkdir(exist_ok=True)
    pictures: dict[str, dict[str, str]] = {}
    trouble: list[str] = []
    written: set[str] = set()
    for name, draw in _figures(record, run_dir).items():
        try:
            written |= _write_figure(name, draw, folder, pictures)
        except DataError as error:
            logger.warning("figure %s was not drawn: %s", name, error)
            trouble.append(f"Figure {name} was not drawn: {error}")
    _remove_others(folder, written, (".pdf", ".svg", ".png"))
    return pictures, trouble


def _write_figure(
    name: str, draw: Callable[[Theme], Figure | None], folder: Path, pictures: dict[str, dict[str, str]]
) -> set[str]:
    with themed(LIGHT):
        figure = draw(LIGHT)
        if figure is None:
            return set()
        paths = save_figure(figure, folder, name)
    # The page has its own chart of the success by angle.
    if name != "success_by_angle":
        svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
        pictures[name] = {"light": svg_uri(svg), "dark": svg_uri(darkened(svg))}
    return {path.name for path in paths}
