"""How a table is set on a given line: its columns, size of type, wrapped words, parts; decided before LaTeX sees it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gaitbench.reporting.formats.latex_width import text_width
from gaitbench.reporting.formats.plain import cell_words, interval_text
from gaitbench.reporting.formats.table import Column, Row, Table

__all__ = ["GAP", "ONE_COLUMN", "TWO_COLUMNS", "Layout", "Paper", "Size", "layout", "parts", "two_lines"]

#: Space beside each column in points, and that between a figure and its interval in ems.
GAP = 3
_ENSPACE = 0.5
#: A wrapped column keeps room for its longest word in Computer Modern, which is wider than Times; and some ems.
_WORD = 1.25
_LEAST = 5.0
#: Points of caption, rules and space around a table; the spare of a line of text over its type.
_AROUND = 60.0
_NOTE_LINE = 9.5


class Size(NamedTuple):
    """A size of type in a document of 10 points, the distance of its lines, and the type of the intervals in it."""

    name: str
    points: float
    line: float
    interval_points: float = 7.0


_SMALL, _FOOTNOTE, _SCRIPT = (
    Size(r"\small", 9.0, 11.0), Size(r"\footnotesize", 8.0, 9.5), Size(r"\scriptsize", 7.0, 8.0),
)  # fmt: skip
_SIZES = (_SMALL, _FOOTNOTE, _SCRIPT)


@dataclass(frozen=True)
class Paper:
    """Points of a column, of the whole width (equal: one column) and of a page's height that a table is set for."""

    column: float
    width: float
    height: float

    @property
    def columns(self) -> int:
        """How many columns of text a page has."""
        return 1 if self.column == self.width else 2


#: A page of A4 with margins of 22 mm; what is set for it is shrunk as a whole where a line is shorter.
ONE_COLUMN = Paper(469.0, 469.0, 560.0)
#: The narrowest of the usual papers of two columns: article on A4 (221 and 452 points), IEEEtran has 252 and 516.
TWO_COLUMNS = Paper(220.0, 450.0, 530.0)


@dataclass(frozen=True)
class Layout:
    """Columns that are kept, size of type, points of each wrapped column, and how intervals and heads are set.

    `stacked`: an interval stands below its figure. `spans`: the table takes both columns of a paper. `width`: points of
    the table as it is set; more than the line where nothing made it fit, and it is shrunk as a whole.
    """

    kept: tuple[int, ...]
    size: Size
    wrapped: dict[int, float]
    stacked: bool
    broken_heads: bool
    spans: bool
    width: float


def two_lines(title: str) -> tuple[str, str]:
    """A head in two lines of about the same length; the second is empty where there is no space to break at."""
    words = title.split(" ")
    cuts = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    return min(cuts, key=lambda cut: max(map(text_width, cut)), default=(title, ""))


def _texts(table: Table, i: int) -> list[str]:
    column = table.columns[i]
    texts = [cell_words(column, row.cells[i]) for row in table.shown]
    return [text.replace("-", "−") for text in texts] if column.digits is not None else texts


def _natural(table: Table, i: int, size: Size, *, stacked: bool, broken_heads: bool) -> float:
    """Points of one column as it is, without the space beside it."""
    column = table.columns[i]
    cells = [row.cells[i] for row in table.shown]
    bold = any(cell.bold for cell in cells) and column.digits is None
    words = max(text_width(text, bold=bold) for text in _texts(table, i)) * size.points
    if column.interval:
        inner = max(text_width(interval_text(column, cell)) for cell in cells) * size.interval_points
        beside = words + (inner + _ENSPACE * size.points if inner else 0.0)
        words = max(words, inner) if stacked else beside
    lines = two_lines(column.title) if broken_heads else (column.title,)
    return max(words, max(map(text_width, lines)) * size.points)


def _least(table: Table, i: int, size: Size) -> float:
    words = [word for text in (*_texts(table, i), table.columns[i].title) for word in text.split(" ")]
    bold = any(row.cells[i].bold for row in table.shown)
    return max(max(text_width(word, bold=bold) for word in words) * _WORD, _LEAST) * size.points


def _wrapped(table: Table, natural: dict[int, float], size: Size, line: float) -> dict[int, float]:
    """Points of the columns of words that are wrapped so that the table fits; the widest give way first."""
    room = line - 2 * GAP * (len(natural) - 1)
    words = {i: _least(table, i, size) for i in natural if table.columns[i].digits is None}
    words = {i: least for i, least in words.items() if least < natural[i]}
    fixed = sum(width for i, width in natural.items() if i not in words)
    cap = max((natural[i] for i in words), default=0.0)
    while words and cap > _LEAST:
        widths = {i: max(least, min(natural[i], cap)) for i, least in words.items()}
        if fixed + sum(widths.values()) <= room:
            return {i: width for i, width in widths.items() if width < natural[i]}
        cap -= 3.0
    return words


def _set(table: Table, kept: Sequence[int], size: Size, line: float, *, wrap: bool, stacked: bool) -> Layout:
    natural = {i: _natural(table, i, size, stacked=stacked, broken_heads=wrap) for i in kept}
    wrapped = _wrapped(table, natural, size, line) if wrap else {}
    width = sum((natural | wrapped).values()) + 2 * GAP * (len(kept) - 1)
    return Layout(tuple(kept), size, wrapped, stacked, wrap, spans=False, width=width)


def _ways(table: Table, line: float) -> Iterator[Layout]:
    """Ways to set a table on a line, the best first: smaller type, wrapped words, fewer columns, stacked intervals."""
    everything = tuple(range(len(table.columns)))
    major = tuple(i for i in everything if not table.columns[i].minor)
    for kept in dict.fromkeys((everything, major)):
        for wrap in (False, True):
            for size in _SIZES:
                yield _set(table, kept, size, line, wrap=wrap, stacked=False)
    for size in _SIZES[1:]:
        yield _set(table, major, size, line, wrap=True, stacked=True)


def _compact(table: Table, line: float) -> Iterator[Layout]:
    """Ways to set a table in one of two columns: all of its columns, intervals beside their figures, then below."""
    everything = tuple(range(len(table.columns)))
    for stacked in (False, True):
        for size in _SIZES[: 3 if stacked else 2]:
            for wrap in (False, True):
                yield _set(table, everything, size, line, wrap=wrap, stacked=stacked)


def layout(table: Table, paper: Paper = ONE_COLUMN) -> Layout:
    """How the table is set: in one column of the paper where all of it fits, else over the whole width."""
    if paper.columns > 1:
        for way in _compact(table, paper.column):
            if way.width <= paper.column and len(parts(table, way, paper)) == 1:
                return way
    ways = list(_ways(table, paper.width))
    best = next((way for way in ways if way.width <= paper.width), ways[-1])
    return Layout(**{**vars(best), "spans": paper.columns > 1})


def _lines(column: Column, text: str, width: float, size: Size) -> int:
    return max(1, math.ceil(1.15 * text_width(text, bold=column.digits is None) * size.points / width))


def _row_height(table: Table, row: Row, way: Layout) -> float:
    most = max(
        (_lines(table.columns[i], cell_words(table.columns[i], row.cells[i]), width, way.size)
         for i, width in way.wrapped.items()), default=1,
    )  # fmt: skip
    below = any(row.cells[i].low is not None for i in way.kept if table.columns[i].interval)
    return way.size.line * (most + (1 if way.stacked and below else 0)) * 1.05


def notes_height(text: str, line: float) -> float:
    """Points that the notes below a table take, in footnotesize."""
    return 1.1 * _NOTE_LINE * math.ceil(1.1 * text_width(text) * 8.0 / line)


def parts(
    table: Table, way: Layout, paper: Paper, notes: str | None = None
) -> list[list[tuple[str, list[Row]]]]:
    """The sections of a table by the parts of it that fit on a page each; the notes stand below the last."""
    line = paper.width if way.spans else paper.column
    below = notes_height(" ".join(table.sentences) if notes is None else notes, line)
    found: list[list[tuple[str, list[Row]]]] = [[]]
    left = paper.height - _AROUND
    for section, rows in table.sections:
        broken = math.ceil(1.1 * text_width(section) * way.size.points / min(way.width, line))
        head = (0.7 + broken) * way.size.line if section else 0.0
        begun = False
        for row in rows:
            height = _row_height(table, row, way) + (0.0 if begun else head)
            if height > left and found[-1]:
                found.append([])
                left, begun = paper.height - _AROUND, False
                height = _row_height(table, row, way) + head
            if not begun:
                found[-1].append((section, []))
                begun = True
            found[-1][-1][1].append(row)
            left -= height
    if below > left and len(found[-1]) + len(found[-1][0][1]) > 2:
        # Some rows go with the notes to a page of their own.
        section, rows = found[-1][-1]
        moved = rows[-min(len(rows), 3) :]
        del rows[-len(moved) :]
        found[-1] = [block for block in found[-1] if block[1]]
        found = [part for part in found if part]
        found.append([(section, moved)])
    return found
