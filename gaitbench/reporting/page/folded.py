"""A table as the page folds it: its question, its line, and what each row is called and is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gaitbench.reporting.formats.table import Row, Table
from gaitbench.reporting.words.reader.questions import question_of, says

__all__ = ["Folded", "fold", "row_system"]

#: Text columns that make the name of a row, beside what only the CSV file spells out.
_LEFT_OUT = ("source", "reference")
#: Text columns that are results: a link must lead on where they change.
_RESULTS = ("mark", "m_s", "verdict", "attack", "chosen", "strongest")


@dataclass(frozen=True)
class Folded:
    """Question, line, and for each row of each section its ``id`` and the system it is about (empty: about all)."""

    question: str
    line: str
    ids: list[list[str]]
    systems: list[list[str]]


def row_system(table: Table, row: Row, systems: Sequence[str]) -> str:
    """The system of `systems` that a row is about; empty where it is about none or several."""
    texts = [row.labels.get(key, "") for key in ("anonymizer", "control")]
    for column, cell in zip(table.columns, row.cells, strict=True):
        if column.key in ("anonymizer", "system", "control"):
            texts.append(str(cell.value or ""))
    texts.append(row.section)
    for text in texts:
        # "model-2 + proposed" and "model-2: silhouettes alone" are about model-2, "model-2x" is not.
        found = [name for name in systems if re.match(rf"{re.escape(name)}($| \+ |: |, )", text)]
        if found:
            return max(found, key=len)
    return ""


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")


def _name(table: Table, row: Row) -> str:
    """What a link to the row says: its words, which stay where figures and the order of rows change."""
    words = [text for key, text in row.labels.items() if key not in _LEFT_OUT]
    words += [row.labels["reference"]] if "reference" in row.labels else []
    for i, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
        naming = column.digits is None or (i == 0 and column.key.endswith("angle"))
        if naming and cell.value is not None and column.key not in _RESULTS:
            words.append(str(cell.value))
    return "/".join(dict.fromkeys(filter(None, map(_slug, words))))[:120] or "row"


def fold(table: Table, systems: Sequence[str]) -> Folded:
    """A table with its question, its line, and the names of its rows; no two rows of a page have one name."""
    seen: dict[str, int] = {}
    ids: list[list[str]] = []
    about: list[list[str]] = []
    for _, rows in table.sections:
        ids.append([])
        about.append([row_system(table, row, systems) for row in rows])
        for row in rows:
            name = f"{table.name}/{_name(table, row)}"
            seen[name] = seen.get(name, 0) + 1
            ids[-1].append(name if seen[name] == 1 else f"{name}/{seen[name]}")
    return Folded(question_of(table), says(table), ids, about)
