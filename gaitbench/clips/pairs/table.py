"""Pairs of videos: of two folders by name, or written down as a table ``before,after,subject,walk,view``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from gaitbench.clips.pairs.names import Films, key_of_parts, scan_films
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import Problem
from gaitbench.datasets.sources.tables.table_text import check_columns, named_cells, read_table
from gaitbench.datasets.sources.tree import LeftOut
from gaitbench.errors import DataError
from gaitbench.validation import convert

__all__ = ["FilmPairs", "pair_folders", "read_pairs"]


class _Row(msgspec.Struct, frozen=True):
    """A row of the table; paths are relative to it."""

    before: str
    subject: str
    walk: str
    after: str = ""
    view: str = ""


_COLUMNS = tuple(one.name for one in msgspec.structs.fields(_Row))
_NEEDED = tuple(one.name for one in msgspec.structs.fields(_Row) if one.required)


@dataclass(frozen=True)
class FilmPairs:
    """Videos before and after a tool, and what was wrong with their names.

    Parameters
    ----------
    root : Path
        Where the originals lie; for messages.
    before, after : dict of SequenceKey to Path
    problems : list of Problem
    left_out : tuple of LeftOut
    junk : int
    """

    root: Path
    before: dict[SequenceKey, Path]
    after: dict[SequenceKey, Path]
    problems: list[Problem] = field(default_factory=list)
    left_out: tuple[LeftOut, ...] = ()
    junk: int = 0


def pair_folders(before: Path, after: Path) -> FilmPairs:
    """Pair the videos of two folders by what their names say; endings may differ.

    Raises
    ------
    DataError
        If a folder has no video of use, or no two videos belong together.
    """
    a, b = scan_films(before), scan_films(after)
    if not set(a.places) & set(b.places):
        raise DataError(
            f"no video of {after} (first: {_first(b)}) belongs to one of {before} (first: {_first(a)}); name both "
            "alike, or write a table for --pairs"
        )
    return FilmPairs(
        before, a.places, b.places, a.problems + b.problems,
        tuple(dict.fromkeys([*a.left_out, *b.left_out])), a.junk + (0 if before == after else b.junk),
    )  # fmt: skip


def _first(found: Films) -> str:
    key = min(found.places)
    return f"{found.places[key].relative_to(found.root)}, read as {key}"


def read_pairs(path: Path) -> FilmPairs:
    """Read a table of pairs. An empty `after`, or a file that is not there, is a walk that the tool did not give back.

    Raises
    ------
    DataError
        If the table cannot be read, lacks a column, has an unknown one, or has no row of use.
    """
    names, lines = read_table(path)
    check_columns(path, names, _NEEDED, _COLUMNS)
    found = FilmPairs(path, {}, {})
    rows: dict[SequenceKey, int] = {}
    for line, cells in lines:
        where = f"{path.name} line {line}"
        try:
            key, before, after = _pair(path.parent, names, cells)
        except DataError as error:
            found.problems.append(Problem("row", f"line={line}", f"{where}: {error}"))
            continue
        if key in rows:
            text = f"{where}: {key} stands in line {rows[key]} already"
            found.problems.append(Problem("duplicate", f"line={line}, key={key}", text))
            continue
        rows[key] = line
        found.before[key] = before
        if after is not None:
            found.after[key] = after
    if not found.before or not found.after:
        first = f"; first: {found.problems[0].message}" if found.problems else ""
        raise DataError(f"{path}: no row with a video before and none with one after{first}")
    return found


def _pair(root: Path, names: list[str], cells: list[str]) -> tuple[SequenceKey, Path, Path | None]:
    row = convert(_Row, named_cells(names, cells), "", noun="column")
    key = key_of_parts(row.subject, row.walk, row.view)
    before = _place(root, row.before)
    if not row.before or not before.is_file():
        raise DataError(f"before {before} is no file")
    after = _place(root, row.after)
    return key, before, after if row.after and after.is_file() else None


def _place(root: Path, text: str) -> Path:
    place = root / text
    return place if place.exists() or "\\" not in text else root / text.replace("\\", "/")
