"""Tables as CSV and Markdown."""

from __future__ import annotations

import csv
import io
import math
import re
from datetime import UTC, datetime
from numbers import Integral
from typing import Any

from gaitbench.reporting.formats.table import Cell, Column, State, Table, number_text

__all__ = ["cell_words", "interval_text", "readable_time", "table_values", "to_csv", "to_markdown"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

#: What stands for a cell without a figure where a person reads it.
_WORDS = {
    State.UNDEFINED: "undefined", State.FAILED: "failed", State.INFINITE: "infinite", State.NOT_RUN: "–",
}  # fmt: skip


def cell_words(column: Column, cell: Cell) -> str:
    """The figure, or the word for why there is none, without the interval."""
    if cell.state is not State.VALUE:
        return _WORDS[cell.state]
    text = number_text(column, cell, cell.value)
    # A range of figures is joined by a dash, names keep their hyphens.
    return text.replace("-", "–") if isinstance(cell.value, str) and column.digits is not None else text


def interval_text(column: Column, cell: Cell) -> str:
    """``[low, high]`` with the decimals of the figure; empty where there is none."""
    if cell.low is None or cell.high is None:
        return ""
    return f"[{number_text(column, cell, cell.low)}, {number_text(column, cell, cell.high)}]"


def readable_time(text: str) -> str:
    """A time of a record for people, in UTC; what is no time stays as it is.

    Examples
    --------
    >>> readable_time("2026-01-02T03:04:05Z")
    '2 January 2026, 03:04 UTC'
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    if time.tzinfo is not None:
        time = time.astimezone(UTC)
    return f"{time.day} {_MONTHS[time.month - 1]} {time.year}, {time:%H:%M}{' UTC' if time.tzinfo else ''}"


#: What stands for a cell without a figure where a program reads it; None: it was not run.
_CODES: dict[State, str | None] = {
    State.UNDEFINED: "undefined", State.FAILED: "failed", State.INFINITE: "inf", State.NOT_RUN: None,
}  # fmt: skip


def table_values(table: Table) -> dict[str, list[Any]]:
    """All rows of a table as JSON values: ``names`` of the columns and ``rows`` of as many values each.

    A figure is a number of at most six decimals, the ends of an interval stand in columns of their own. A cell without
    a figure is the text ``undefined``, ``failed`` or ``inf``; None was not run, or has no interval.
    """
    labels = list(table.rows[0].labels)
    names = list(labels)
    for column in table.columns:
        ends = [f"{column.key}_ci_low", f"{column.key}_ci_high"] if column.interval else []
        names += [column.key, *ends]
    rows = []
    for row in table.rows:
        values: list[float | int | str | None] = [row.labels[name] for name in labels]
        for column, cell in zip(table.columns, row.cells, strict=True):
            values.append(_rounded(cell.value) if cell.state is State.VALUE else _CODES[cell.state])
            if column.interval:
                values += [_rounded(cell.low), _rounded(cell.high)]
        rows.append(values)
    return {"names": names, "rows": rows}


def _rounded(value: float | int | str | None) -> float | int | str | None:
    """A value as JSON holds it: numbers of numpy become Python's, what is no finite number becomes its word."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Integral):
        return int(value)
    return round(float(value), 6) + 0.0 if math.isfinite(value) else str(float(value))


def _csv_text(value: float | int | str | None) -> str:
    if isinstance(value, str):
        return _no_formula(value)
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _no_formula(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that begins like it gets an apostrophe before it."""
    # The writer quotes a line feed, but not a carriage return, at which readers begin a new row.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def to_csv(table: Table) -> str:
    """The table as CSV: head and rows of `table_values`.

    A text that begins with ``= + - @`` or a tab, which a spreadsheet would take for a formula, has an apostrophe before
    it; a negative figure stays a figure.
    """
    values = table_values(table)
    out = io.StringIO()
    lines = [values["names"], *values["rows"]]
    csv.writer(out, lineterminator="\n").writerows([_csv_text(value) for value in line] for line in lines)
    return out.getvalue()


def _markdown_escape(text: str) -> str:
    text = re.sub(r"([\\`*_{}\[\]|~#])", r"\\\1", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")


def to_markdown(table: Table) -> str:
    """The table as a pipe table of GitHub's Markdown, its caption below."""
    heads = [f"{column.group} {column.title}".strip() for column in table.columns]
    lines = [f"## {_markdown_escape(table.heading)}", ""]
    lines.append("| " + " | ".join(map(_markdown_escape, heads)) + " |")
    lines.append("|" + "|".join("---" if c.digits is None else "---:" for c in table.columns) + "|")
    for section, rows in table.sections:
        if section:
            blanks = " |" * (len(table.columns) - 1)
            lines.append(f"| *{_markdown_escape(section)}* |{blanks}")
        for row in rows:
            words = []
            for column, cell in zip(table.columns, row.cells, strict=True):
                text = _markdown_escape(cell_words(column, cell))
                text = f"**{text}**" if cell.bold else text
                interval = _markdown_escape(interval_text(column, cell))
                words.append(f"{text} {interval}".strip())
            lines.append("| " + " | ".join(words) + " |")
    lines += ["", _markdown_escape(" ".join(table.sentences)), ""]
    return "\n".join(lines)
