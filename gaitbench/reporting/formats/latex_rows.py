"""Columns, heads and rows of a table as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from gaitbench.reporting.formats.latex_layout import Layout, two_lines
from gaitbench.reporting.formats.latex_text import latex_escape
from gaitbench.reporting.formats.plain import interval_text
from gaitbench.reporting.formats.table import Cell, Column, Row, State, Table, number_text

__all__ = ["body", "heads", "ours", "preamble"]

_WORDS = {
    State.UNDEFINED: "undefined", State.FAILED: "failed", State.INFINITE: r"$\infty$", State.NOT_RUN: "--",
}  # fmt: skip


def ours(text: str) -> str:
    """Text of ours as LaTeX: as any text, but for the name of a measure that has an index."""
    return latex_escape(text).replace(r"D\_sys", r"$D_{\mathrm{sys}}$")


def _number_format(column: Column, cells: Sequence[Cell]) -> str:
    """``table-format`` of an S column: the widest integer part and the most decimals among its figures."""
    figures = [number_text(column, cell, cell.value) for cell in cells if _is_number(cell)]
    whole = max((len(text.lstrip("-").partition(".")[0]) for text in figures), default=1)
    decimals = max((len(text.partition(".")[2]) for text in figures), default=0)
    sign = "-" if any(text.startswith("-") for text in figures) else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def _is_number(cell: Cell) -> bool:
    return cell.state is State.VALUE and isinstance(cell.value, int | float)


def _cell(column: Column, cell: Cell) -> str:
    if cell.state is not State.VALUE:
        return f"{{{_WORDS[cell.state]}}}" if column.digits is not None else _WORDS[cell.state]
    text = number_text(column, cell, cell.value)
    if column.digits is None or isinstance(cell.value, str):
        text = latex_escape(text.replace("-", "–") if column.digits is not None else text)
        text = rf"\textbf{{{text}}}" if cell.bold else text
        return f"{{{text}}}" if column.digits is not None else text
    return rf"\bfseries {text}" if cell.bold else text


def _beside(column: Column, way: Layout) -> bool:
    """Whether the interval of a column is a column of its own."""
    return column.interval and not way.stacked


def spans(columns: Sequence[Column], way: Layout) -> list[int]:
    """How many columns of LaTeX each column takes."""
    return [2 if _beside(column, way) else 1 for column in columns]


def _row(columns: Sequence[Column], row: Row, way: Layout) -> list[str]:
    parts, below = [], []
    for column, cell in zip(columns, row.cells, strict=True):
        text = _cell(column, cell)
        interval = interval_text(column, cell) if column.interval and _is_number(cell) else ""
        small = rf"{{\scriptsize {interval}}}" if interval else ""
        below.append(small if way.stacked else "")
        if not _beside(column, way):
            parts.append(text)
        elif _is_number(cell):
            parts += [text, small]
        else:
            # A word needs no room beside the figures.
            parts.append(rf"\multicolumn{{2}}{{c}}{text}")
    lines = [" & ".join(parts) + r" \\"]
    return [*lines, " & ".join(below) + r" \\"] if any(below) else lines


def preamble(table: Table, kept: Sequence[int], way: Layout) -> str:
    """The columns; `kept` are the places in the table as it was laid out."""
    found = []
    for i, (place, column) in enumerate(zip(kept, table.columns, strict=True)):
        if place in way.wrapped:
            found.append(rf">{{\raggedright\arraybackslash}}p{{{way.wrapped[place]:.1f}pt}}")
        elif column.digits is None:
            found.append("l")
        else:
            found.append(f"S[table-format={_number_format(column, [row.cells[i] for row in table.shown])}]")
        if _beside(column, way):
            found.append(r"@{\enspace}l")
    return "@{}" + "".join(found) + "@{}"


def _head(column: Column, way: Layout) -> str:
    first, second = two_lines(column.title) if way.broken_heads else (column.title, "")
    if not second:
        return ours(column.title)
    side = "c" if column.digits is not None else "l"
    return rf"\shortstack[{side}]{{{ours(first)}\\{ours(second)}}}"


def heads(table: Table, way: Layout) -> list[str]:
    """Heads that span columns with their rules, and the heads of the columns."""
    lines, width = [], spans(table.columns, way)
    if table.groups:
        parts, rules, index, place = [], [], 0, 1
        for name, span in table.groups:
            columns = sum(width[index : index + span])
            parts.append(rf"\multicolumn{{{columns}}}{{c}}{{{ours(name)}}}" if name else "& " * (columns - 1))
            if name:
                rules.append(rf"\cmidrule(lr){{{place}-{place + columns - 1}}}")
            index, place = index + span, place + columns
        lines += [
            " & ".join(part.rstrip() for part in parts).replace("&  &", "& &") + r" \\",
            " ".join(rules),
        ]
    parts = []
    for column in table.columns:
        title = _head(column, way)
        if _beside(column, way):
            parts.append(rf"\multicolumn{{2}}{{c}}{{{title}}}")
        else:
            parts.append(f"{{{title}}}" if column.digits is not None else title)
    return [*lines, " & ".join(parts) + r" \\"]


def body(table: Table, sections: Sequence[tuple[str, list[Row]]], way: Layout) -> list[str]:
    """Rows under the headings of their blocks; a heading is as wide as the table, and stands clear of its rows."""
    total = sum(spans(table.columns, way))
    lines = []
    for number, (section, rows) in enumerate(sections):
        if section:
            lines.append(r"\addlinespace" if number else "")
            lines.append(
                rf"\multicolumn{{1}}{{@{{}}l}}{{\rlap{{\parbox[t]{{{way.width:.0f}pt}}{{\raggedright\itshape "
                rf"{latex_escape(section)}\strut}}}}}} \\[2pt]"
            )
        for row in rows:
            if isinstance(row.cells[0].value, str) and row.cells[0].value == "mean":
                lines.append(rf"\cmidrule{{1-{total}}}")
            lines += _row(table.columns, row, way)
    return [line for line in lines if line]
