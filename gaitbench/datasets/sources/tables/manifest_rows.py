"""The rows of a manifest: their columns, checked, and what their cells name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from gaitbench.datasets.key_text import check_part
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import Problem
from gaitbench.datasets.sources.tables.table_text import named_cells, read_table
from gaitbench.datasets.views import view_of_label
from gaitbench.errors import DataError
from gaitbench.nearest import did_you_mean
from gaitbench.validation import convert

__all__ = ["COLUMNS", "NEEDED", "OPTIONAL", "ManifestRow", "PlacedRow", "read_rows"]

#: A subject's name is part of paths and of cells such as ``key=...``.
_NAME_SIGNS = r"^[^/\\,=|]+$"
#: A view's label is no number: ``90.5`` and ``1e3`` are slips of the finger.
_LABEL = r"^(?=.*[A-Za-z_])(?![-+.0-9]*[eE]?[-+.0-9]*$)(?!(?i:nan|inf|infinity)$)[^/\\,=|]+$"


class ManifestRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a manifest; an empty cell says that there is no such file."""

    subject: Annotated[str, msgspec.Meta(pattern=_NAME_SIGNS, description="a name without / \\ , = |")]
    walk: str
    angle: (
        Annotated[
            int, msgspec.Meta(ge=0, le=360, description="a whole number of degrees from 0 to 360, or a label")
        ]
        | Annotated[str, msgspec.Meta(pattern=_LABEL, description="a label")]
    )
    original: str
    anonymized: str = ""
    painted: str = ""
    rgb: str = ""
    background: str = ""
    role: Literal["", "test", "train"] = ""


_FIELDS = msgspec.structs.fields(ManifestRow)
#: Columns of every data set, those that judging needs, and those that there may be.
NEEDED: tuple[str, ...] = tuple(field.name for field in _FIELDS if field.required)
COLUMNS: tuple[str, ...] = (*NEEDED, "anonymized")
OPTIONAL: tuple[str, ...] = tuple(field.name for field in _FIELDS if field.name not in COLUMNS)
#: Columns that name a file or folder.
_PLACES = ("original", "anonymized", "painted", "rgb", "background")
#: Bytes that a name and a whole path may have on every file system that we know of.
_NAME, _PATH = 255, 4000


class PlacedRow(NamedTuple):
    """A row that can be used: its sequence, and what its cells name, by column."""

    key: SequenceKey
    row: ManifestRow
    places: dict[str, Path | None]


def read_rows(path: Path, needed: tuple[str, ...]) -> tuple[list[str], list[PlacedRow], list[Problem]]:
    """Names of the columns, the rows that can be used, and why the others cannot."""
    names, lines = read_table(path)
    lacking = [c for c in needed if c not in names]
    unknown = [c for c in names if c not in (*COLUMNS, *OPTIONAL)]
    if lacking or unknown:
        what = f"lacks the column {lacking[0]!r}" if lacking else f"has an unknown column {unknown[0]!r}"
        near = (
            did_you_mean(unknown[0], [c for c in (*COLUMNS, *OPTIONAL) if c not in names]) if unknown else ""
        )
        others = [c for c in (*COLUMNS, *OPTIONAL) if c not in needed]
        raise DataError(
            f"{path}: {what}{near}; columns: {', '.join(needed)}, and perhaps {', '.join(others)}"
        )
    rows: list[PlacedRow] = []
    problems: list[Problem] = []
    seen: dict[SequenceKey, int] = {}
    for line, cells in lines:
        try:
            one = _placed(path.parent, names, cells)
        except DataError as error:
            problems.append(Problem("row", f"line={line}", f"{path.name} line {line}: {error}"))
            continue
        if one.key in seen:
            text = f"{path.name} line {line}: {one.key} stands in line {seen[one.key]} already"
            problems.append(Problem("duplicate", f"line={line}, key={one.key}", text))
            continue
        seen[one.key] = line
        rows.append(one)
    return names, rows, problems


def _placed(root: Path, names: list[str], cells: list[str]) -> PlacedRow:
    named = named_cells(names, cells)
    row = convert(ManifestRow, {**named, "angle": _degrees(named["angle"])}, "", noun="column")
    view = row.angle if isinstance(row.angle, int) else view_of_label(check_part(row.angle, "view"))
    key = SequenceKey(check_part(row.subject, "subject"), check_part(row.walk, "walk"), view)
    return PlacedRow(key, row, {column: _place(root, getattr(row, column), column) for column in _PLACES})


def _degrees(text: str) -> int | str:
    """An angle, written as 90, 090, 90.0 or 90°; what is none stays as it is."""
    try:
        value = float(text.removesuffix("°"))
    except ValueError:
        return text
    return int(value) if value.is_integer() and abs(value) < 1e9 else text


def _place(root: Path, text: str, column: str) -> Path | None:
    """The path in a cell; None where the cell is empty, or an anonymized or painted file that is not there."""
    if not text:
        return None
    if any(len(os.fsencode(part)) > _NAME for part in text.split("/")) or len(os.fsencode(text)) > _PATH:
        raise DataError(
            f"{column} {text[:40]!r}... is longer than a path can be; write the path of a folder or file"
        )
    place = root / text
    if "\\" in text and not place.exists():
        place = root / text.replace("\\", "/")  # a table made on Windows
    folder = column in ("original", "anonymized")
    if place.is_dir() if folder else place.exists():
        return place
    if column in ("anonymized", "painted"):
        return None  # found missing, and counted, when the sequence is judged
    raise DataError(f"{column} {place} is no {'folder' if folder else 'file or folder'}")
