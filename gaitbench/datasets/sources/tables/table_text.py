"""A table as programs write it: CSV with commas, semicolons or tabulators, Excel's too."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from gaitbench.errors import DataError
from gaitbench.nearest import did_you_mean

__all__ = ["check_columns", "named_cells", "read_table"]

#: A table of sequences is small; what is larger is something else.
_LARGEST = 64 * 2**20
_SEPARATORS = (",", ";", "\t")


def read_table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Names of the columns, in lower case, and the rows with the number of their last line; blank rows are passed over.

    The separator is the one that the first line holds most of; Excel's ``sep=;`` is understood. UTF-8 and UTF-16 with
    their marks are read.

    Raises
    ------
    DataError
        If it is no regular file, no text, or no table.
    """
    if not path.is_file():
        raise DataError(
            f"{path}: no such file; give a CSV text" if not path.exists() else f"{path}: is no file"
        )
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{path}: larger than {_LARGEST >> 20} MB, no table of sequences")
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        raise DataError(f"{path}: is a spreadsheet, not a text; save it as CSV UTF-8")
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}: no UTF-8 text (byte {content[error.start]:#x} at {error.start}); save it as CSV UTF-8"
        ) from None
    if "\0" in text:
        raise DataError(f"{path}: cannot be read as a CSV text (it holds a zero byte)")
    separator = ""
    start = 0
    first, _, rest = text.partition("\n")
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) == 5:
        separator, text, start = first.strip().strip('"')[4], rest, 1
        first = text.partition("\n")[0]
    separator = separator or max(_SEPARATORS, key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows = [(reader.line_num + start, row) for row in reader]
    except csv.Error as error:
        raise DataError(f"{path}: cannot be read as a CSV text ({error})") from None
    filled = [(number, row) for number, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise DataError(f"{path}: is empty; the first line names the columns")
    names = [cell.strip().lower() for cell in filled[0][1]]
    while names and not names[-1]:
        names.pop()
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise DataError(f"{path}: has the column {twice[0]!r} twice")
    return names, filled[1:]


def check_columns(path: Path, names: Sequence[str], needed: Sequence[str], known: Sequence[str]) -> None:
    """Refuse a table that lacks a column of `needed` or has one that is not `known`, with the nearest that is free.

    Raises
    ------
    DataError
    """
    for name in needed:
        if name not in names:
            raise DataError(f"{path}: lacks the column {name!r}; columns: {', '.join(known)}")
    for name in names:
        if name not in known:
            near = did_you_mean(name, [c for c in known if c not in names])
            raise DataError(f"{path}: has an unknown column {name!r}{near}; columns: {', '.join(known)}")


def named_cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells of a row by their columns, without blanks around them.

    Raises
    ------
    DataError
        If there are fewer or more of them than columns.
    """
    if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
        raise DataError(f"{len(cells)} cells for {len(names)} columns; quote a cell that holds a separator")
    return {name: value.strip() for name, value in zip(names, cells, strict=False) if name}
