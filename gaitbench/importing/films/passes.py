"""A table of who walks when: ``file,start,end,subject,walk`` and, where there are any, ``view`` and ``track``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from gaitbench.clips.pairs.names import key_of_parts
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.tables.table_text import check_columns, named_cells, read_table
from gaitbench.errors import DataError
from gaitbench.validation import convert

__all__ = ["COLUMNS", "Pass", "read_passes"]

_TIME = re.compile(r"(?:(?:(?P<h>[0-9]{1,3}):)?(?P<m>[0-9]{1,3}):)?(?P<s>[0-9]{1,6}(?:[.,][0-9]{1,6})?)\Z")


class _Row(msgspec.Struct, frozen=True):
    """A row; times are those of a player, from the beginning of the film: ``12.5`` or ``1:02:03.5``."""

    file: str
    subject: str
    walk: str
    start: str = ""
    end: str = ""
    view: str = ""
    track: str = ""


COLUMNS = tuple(one.name for one in msgspec.structs.fields(_Row))
_NEEDED = tuple(one.name for one in msgspec.structs.fields(_Row) if one.required)


@dataclass(frozen=True)
class Pass:
    """Somebody's walk in a film.

    Parameters
    ----------
    file : str
        Of the film, as the table has it.
    key : SequenceKey
    start, end : float
        Seconds from the film's beginning; the end may be infinite.
    track : int or None
        Which of the people found there, from 1 in the order in which they appear; None: the largest at each moment.
    line : int
        Of the table.
    """

    file: str
    key: SequenceKey
    start: float = 0.0
    end: float = field(default=float("inf"))
    track: int | None = None
    line: int = 0


def read_passes(path: Path) -> list[Pass]:
    """Read a table of passes.

    Raises
    ------
    DataError
        In one line, with the table's own: a cell that cannot be read, two rows of one name, a column that is unknown.
    """
    names, lines = read_table(path)
    check_columns(path, names, _NEEDED, COLUMNS)
    found: dict[SequenceKey, Pass] = {}
    for line, cells in lines:
        where = f"{path} line {line}"
        try:
            one = _pass(names, cells, line)
        except DataError as error:
            raise DataError(f"{where}: {error}") from None
        if one.key in found:
            raise DataError(f"{where}: {one.key} stands in line {found[one.key].line} already")
        found[one.key] = one
    if not found:
        raise DataError(f"{path}: no row")
    return list(found.values())


def _pass(names: list[str], cells: list[str], line: int) -> Pass:
    row = convert(_Row, named_cells(names, cells), "", noun="column")
    start = _seconds(row.start, "start") if row.start else 0.0
    end = _seconds(row.end, "end") if row.end else float("inf")
    if end <= start:
        raise DataError(f"end {row.end} is not after start {row.start or '0'}")
    if row.track and not (row.track.isascii() and row.track.isdecimal() and int(row.track) > 0):
        raise DataError(f"track {row.track!r} is no number from 1 on")
    key = key_of_parts(row.subject, row.walk, row.view)
    return Pass(row.file.replace("\\", "/"), key, start, end, int(row.track) if row.track else None, line)


def _seconds(text: str, what: str) -> float:
    found = _TIME.match(text)
    if found is None:
        raise DataError(f"{what} {text!r} is no time; write seconds (12.5), or 1:02.5")
    hours, minutes = int(found["h"] or 0), int(found["m"] or 0)
    return 3600 * hours + 60 * minutes + float(found["s"].replace(",", "."))
