"""A table as every renderer reads it: columns, rows, cells with a value, an interval and a state."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from gaitbench.reporting.formats.shown_views import ShownView

__all__ = ["Cell", "Column", "Row", "State", "Table", "number_text"]


class State(Enum):
    """What a cell holds. Only `VALUE` is a figure; the others are words, never 0 or 100."""

    VALUE = "value"
    UNDEFINED = "undefined"
    FAILED = "failed"
    INFINITE = "infinite"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Column:
    """A column.

    Parameters
    ----------
    key : str
        Name in the CSV file.
    title : str
        Head of the column.
    digits : int or None
        Decimals of its figures; None for text.
    group : str
        Head that spans neighbouring columns of the same group.
    interval : bool
        Whether its cells carry an interval.
    set : str
        The picture set its figures belong to, where that is one.
    minor : bool
        Whether LaTeX may leave it out where the line has no room.
    meaning : str
        What its figures say, as a clause: the caption explains the columns that are shown, and no others.
    """

    key: str
    title: str
    digits: int | None = None
    group: str = ""
    interval: bool = False
    set: str = ""
    minor: bool = False
    meaning: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell; `digits` overrides the column's, `bold` marks a best value that its interval allows."""

    value: float | int | str | None = None
    low: float | None = None
    high: float | None = None
    state: State = State.VALUE
    bold: bool = False
    digits: int | None = None

    def __post_init__(self) -> None:
        if isinstance(self.value, ShownView):
            object.__setattr__(self, "value", self.value.label)


@dataclass(frozen=True)
class Row:
    """A row. `section` heads a block of rows; `labels` are columns that only the CSV file spells out.

    `detail` marks what only the CSV file holds where a table has more rows than anyone reads; `leads` what the main
    part of a LaTeX document shows where the table would fill pages of it.
    """

    cells: tuple[Cell, ...]
    section: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    angle: int | str | None = None
    set: str = ""
    attacker: str = ""
    slides: bool = False
    detail: bool = False
    leads: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.angle, ShownView):
            object.__setattr__(self, "angle", self.angle.label)


#: Rows beyond which a table leaves out its details everywhere but in the CSV file.
_MOST = 64
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


@dataclass(frozen=True)
class Table:
    """A table with everything that must stand beside it.

    Parameters
    ----------
    name : str
        File name without ending.
    title : str
        One line.
    caption : tuple of str
        Sentences: protocol, reference, n, interval, seed.
    columns : tuple of Column
    rows : tuple of Row
        At least one; every row has as many cells as there are columns.
    brief : str
        Which rows a long table shows, as a clause; the caption says it where rows are left out.
    leading : str
        Which rows lead, as a clause, where some do not.
    whole : str
        Name of the table whose leading rows these are; empty for one that is whole.
    """

    name: str
    title: str
    caption: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    brief: str = ""
    leading: str = ""
    whole: str = ""

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"table {self.name} is empty; an empty table is not reported")
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"table {self.name}: {len(row.cells)} cells in {len(self.columns)} columns")

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows for a reader: all of them, or without the details where they are too many."""
        kept = tuple(row for row in self.rows if not row.detail)
        return kept if len(self.rows) > _MOST and kept else self.rows

    @property
    def file(self) -> str:
        """The CSV file that holds all of its rows and columns."""
        return f"{self.whole or self.name}.csv"

    @property
    def number(self) -> int | None:
        """The number of a main table (``table4_attackers`` is Table IV); others have none."""
        found = re.match(r"table([1-9])_", self.name)
        return int(found[1]) if found else None

    @property
    def heading(self) -> str:
        """The title with the table's number, where it has one."""
        return f"Table {_ROMAN[self.number - 1]}. {self.title}" if self.number else self.title

    @property
    def sentences(self) -> tuple[str, ...]:
        """The caption, with what its columns mean and what is left out."""
        return self.sentences_of(self.columns)

    def sentences_of(self, columns: Sequence[Column]) -> tuple[str, ...]:
        """The caption where only some of the columns are shown."""
        meanings = "; ".join(dict.fromkeys(column.meaning for column in columns if column.meaning))
        said = [meanings[0].upper() + meanings[1:] + "."] if meanings else []
        left = len(self.rows) - len(self.shown)
        if left:
            shown = f"Shown: {self.brief or 'the rows that count most'}"
            rows = [f"{shown}; {self.file} holds all {len(self.rows)} rows."]
        else:
            rows = []
        return (*self.caption[:1], *said, *self.caption[1:], *rows)

    @property
    def sections(self) -> list[tuple[str, list[Row]]]:
        """Neighbouring rows of one section among those shown, in order."""
        blocks: list[tuple[str, list[Row]]] = []
        for row in self.shown:
            if not blocks or blocks[-1][0] != row.section:
                blocks.append((row.section, []))
            blocks[-1][1].append(row)
        return blocks

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Heads that span columns, with how many each spans; empty where there is none."""
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if spans and spans[-1][0] == column.group:
                spans[-1] = (column.group, spans[-1][1] + 1)
            else:
                spans.append((column.group, 1))
        return spans if any(name for name, _ in spans) else []


def number_text(column: Column, cell: Cell, value: float | int | str | None) -> str:
    """A figure with the decimals its cell or column asks for; a minus zero loses its sign."""
    if value is None:
        return ""
    digits = cell.digits if cell.digits is not None else column.digits
    if isinstance(value, str) or digits is None:
        return str(value)
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if not text.strip("-0.") else text
