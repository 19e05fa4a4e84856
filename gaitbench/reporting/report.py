"""Everything a run shows, written beside its record: tables, figures, the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gaitbench.reporting.figures.files import write_figures
from gaitbench.reporting.formats.files import write_text
from gaitbench.reporting.formats.latex import all_tex
from gaitbench.reporting.formats.latex_layout import is_long
from gaitbench.reporting.formats.table import Table
from gaitbench.reporting.page.page import PAGE_LIMIT, render_page, table_texts
from gaitbench.reporting.tables import attacks as tables_attacks
from gaitbench.reporting.tables import competence as tables_competence
from gaitbench.reporting.tables import people as tables_people
from gaitbench.reporting.tables import pictures as tables_pictures
from gaitbench.reporting.tables import quality as tables_quality
from gaitbench.reporting.tables import success as tables_success
from gaitbench.results.folder import output_folder
from gaitbench.results.own_files import is_record
from gaitbench.results.record import Record

__all__ = ["fill_report", "make_tables", "write_report", "write_tables"]

#: What makes tables of a record: one, several or none.
_Maker = Callable[[Record], "Table | list[Table] | None"]

#: The chapters of the page and their tables, in order; the LaTeX document begins with those of `_DOCUMENT`.
_CHAPTERS: dict[str, tuple[_Maker, ...]] = {
    "privacy": (
        tables_attacks.ladder, tables_success.success_by_angle, tables_success.attackers,
        tables_attacks.control_attacks, tables_success.controls, tables_people.gallery_size,
        tables_people.subject_tail, tables_competence.competence,
    ),
    "quality": (
        tables_quality.plain_textural, tables_quality.incomplete_complete, tables_quality.differences,
        tables_pictures.ablations, tables_pictures.picture_measures, tables_pictures.naturalness,
        tables_quality.quality_all_references,
    ),
    "details": (
        tables_success.controls_by_angle, tables_success.success_other, tables_people.cmc, tables_people.matrices,
    ),
}  # fmt: skip
#: What a report writes in the folder of a run.
_RENEWED = ("tables/", "figures/", "report.html")
_DOCUMENT = (
    "table1_plain_textural",
    "table2_incomplete_complete",
    "table3_success_by_angle",
    "table4_attackers",
    "table5_controls",
    "table6_ablations",
)


def make_tables(record: Record) -> dict[str, list[Table]]:
    """The tables of a record by chapter; one that would be empty is left out."""
    chapters: dict[str, list[Table]] = {}
    for chapter, makers in _CHAPTERS.items():
        chapters[chapter] = []
        for make in makers:
            made = make(record)
            chapters[chapter] += made if isinstance(made, list) else [made] if made is not None else []
    return chapters


def write_report(run_dir: Path, *, page_limit: int = PAGE_LIMIT) -> None:
    """Write ``tables/``, ``figures/`` and ``report.html`` into the folder of a run.

    Reads ``run.json``, ``scores.parquet`` and the pictures they name, nothing else. Equal results give equal
    bytes in ``tables/`` and ``figures/``; only the page carries the time of the run. Files that an earlier report
    wrote and this one does not have are removed, and no others. Sampled walks are left out of the page before it
    grows beyond `page_limit` bytes.

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


def fill_report(
    record: Record, run_dir: Path, target: Path, *, page_limit: int = PAGE_LIMIT, drawn: Path | None = None
) -> None:
    """Write ``tables/``, ``figures/`` and ``report.html`` of a record into `target`, a folder of our own.

    Parameters
    ----------
    record : Record
    run_dir : path
        Where the record's pictures lie.
    target : path
        Such as `gaitbench.results.folder.output_folder` gives; it may be `run_dir`.
    page_limit : int
        Bytes the page may have.
    drawn : path, optional
        ``figures/`` of an earlier report; its figures are taken where they would be drawn the same again.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    chapters = make_tables(record)
    everything = [table for tables in chapters.values() for table in tables]
    texts = {table.name: table_texts(table) for table in everything}
    _write(everything, texts, target / "tables")
    pictures, trouble = write_figures(record, run_dir, target / "figures", drawn)
    page = render_page(record, run_dir, chapters, pictures, trouble=trouble, texts=texts, limit=page_limit)
    write_text(target / "report.html", page)


def write_tables(record: Record, folder: Path) -> None:
    """Write every table of a record as LaTeX, CSV and Markdown, and ``all.tex``, into `folder`; nothing is removed."""
    tables = [table for chapter in make_tables(record).values() for table in chapter]
    _write(tables, {table.name: table_texts(table) for table in tables}, folder)


def _write(tables: Sequence[Table], texts: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, kinds in texts.items():
        for kind, text in kinds.items():
            write_text(folder / f"{name}.{kind}", text)
    first = [name for name in _DOCUMENT if name in texts]
    if texts:
        long = {table.name for table in tables if is_long(table)}
        numbers = {table.name: table.number for table in tables if table.number is not None}
        names = [*first, *(name for name in texts if name not in first)]
        write_text(folder / "all.tex", all_tex(names, long, numbers))
