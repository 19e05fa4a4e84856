"""Scores that people gave to clips, from a table."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

from gaitbench.datasets.sources.tables.table_text import read_table
from gaitbench.errors import DataError

__all__ = ["Rating", "Ratings", "read_ratings"]

_COLUMNS = ("rater", "clip", "system", "score")


@dataclass(frozen=True)
class Rating:
    """One person's score of one clip of one system."""

    rater: str
    clip: str
    system: str
    score: float


@dataclass(frozen=True)
class Ratings:
    """Everything that a file holds, and the hash of it."""

    rows: tuple[Rating, ...]
    sha256: str


def read_ratings(path: Path | str) -> Ratings:
    """Read a table (``,``, ``;`` or tabs) of ``rater``, ``clip`` (or ``sequence``), ``system`` and ``score``.

    Further columns are not read. A rater who has not scored a clip has no line.

    Raises
    ------
    DataError
        In one line with the number of the line: the file cannot be read, lacks a column, a cell is empty, a score is no
        number, or somebody scores a clip of a system twice.
    """
    path = Path(path)
    names, lines = read_table(path)
    names = ["clip" if name == "sequence" and "clip" not in names else name for name in names]
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise DataError(
            f"{path}, line 1: no column {missing[0]}; its first line must name {','.join(_COLUMNS)}"
        )
    found: dict[tuple[str, str, str], tuple[int, float]] = {}
    for line, cells in lines:
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()  # as spreadsheets write empty columns
        if len(cells) != len(names):
            raise DataError(
                f"{path}, line {line}: {len(cells)} cells in {len(names)} columns; quote cells that hold the separator"
            )
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
        empty = next((name for name in _COLUMNS if not row[name]), None)
        if empty is not None:
            raise DataError(f"{path}, line {line}: no {empty}; fill it in, or remove the line")
        score = _number(row["score"])
        if score is None:
            raise DataError(
                f"{path}, line {line}: the score {row['score'][:40]!r} is no number; write it as 3.5"
            )
        key = (row["rater"], row["clip"], row["system"])
        if key in found:
            raise DataError(
                f"{path}, line {line}: {key[0]} has scored {key[1]} of {key[2]} in line {found[key][0]} already; keep "
                "one of them"
            )
        found[key] = (line, score)
    if not found:
        raise DataError(f"{path}, line 2: no rating; one line is one score of one person")
    rows = tuple(Rating(*key, score) for key, (_, score) in found.items())
    return Ratings(rows, hashlib.sha256(path.read_bytes()).hexdigest())


def _number(text: str) -> float | None:
    """A finite number as Python and spreadsheets write it; no underscores, no words."""
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
