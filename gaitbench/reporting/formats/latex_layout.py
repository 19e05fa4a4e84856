"""Which size of type and which way round a table is set in: decided before LaTeX ever sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gaitbench.reporting.formats.latex_width import text_width
from gaitbench.reporting.formats.plain import cell_words, interval_text
from gaitbench.reporting.formats.table import Table

__all__ = ["GAP", "SIZES", "UPRIGHT", "Size", "is_long", "layout", "natural_width"]

#: Rows, and two for each section, beyond which a table is broken over pages: of an upright page, of one lying down.
_LONG = 44
_LONG_LYING = 24
#: Lengths of a line in points, with a little to spare: 166 mm upright, 253 mm on a page lying on its side.
UPRIGHT = 469.0
_LYING = 710.0
#: Space beside each column, and that between a figure and its interval (an em of the size of type is 1).
GAP = 3
_ENSPACE = 0.5


class Size(NamedTuple):
    """A size of type in a document of 10 points, and that of the intervals in it (scriptsize)."""

    name: str
    points: float
    interval_points: float = 7.0


SIZES = (Size(r"\small", 9.0), Size(r"\footnotesize", 8.0), Size(r"\scriptsize", 7.0))


def natural_width(table: Table, columns: Sequence[int], size: Size) -> float:
    """Natural width in points of the table with these columns, set in this size."""
    total = 0.0
    for i in columns:
        column = table.columns[i]
        cells = [row.cells[i] for row in table.shown]
        texts = [cell_words(column, cell) for cell in cells]
        if column.digits is not None:
            texts = [text.replace("-", "−") for text in texts]
        bold = any(cell.bold for cell in cells) and column.digits is None
        words = max(text_width(text, bold=bold) for text in texts) * size.points
        if column.interval:
            inner = max(text_width(interval_text(column, cell)) for cell in cells)
            words += inner * size.interval_points + _ENSPACE * size.points if inner else 0.0
        total += max(words, text_width(column.title) * size.points) + 2 * GAP
    return total - 2 * GAP


def layout(table: Table) -> tuple[tuple[int, ...], Size | None, bool]:
    """Which columns, in which size, and whether the table lies on its side; no size: too wide in any way.

    A table that does not fit upright gives up its minor columns before it is laid on its side.
    """
    everything = tuple(range(len(table.columns)))
    major = tuple(i for i in everything if not table.columns[i].minor)
    for columns, line in ((everything, UPRIGHT), (major, UPRIGHT), (everything, _LYING), (major, _LYING)):
        for size in SIZES:
            if natural_width(table, columns, size) <= line:
                return columns, size, line is _LYING
    return major, None, False


def is_long(table: Table) -> bool:
    """Whether the table has more rows than a page takes, and is broken over pages."""
    _, size, lying = layout(table)
    return size is not None and len(table.shown) + 2 * len(table.sections) > (_LONG_LYING if lying else _LONG)
