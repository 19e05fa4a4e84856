"""What joins the report as a table: how its rows are made, what they are, how they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["CHAPTERS", "ReportTable"]

#: Chapters of the page that hold tables, in order.
CHAPTERS = ("privacy", "quality", "details")


@dataclass(frozen=True)
class ReportTable:
    """A table of the report, registered under ``gaitbench.registry.TABLES`` (entry-point group ``gaitbench.tables``).

    Parameters
    ----------
    chapter : str
        Where it stands on the page: ``privacy``, ``quality`` or ``details``.
    show : callable
        ``show(record)`` gives a `gaitbench.reporting.formats.table.Table`, a list of them, or None where the record
        has nothing to show.
    row : type, optional
        Frozen dataclass of the rows that it adds to the record; its fields are text, numbers, booleans, lists or
        objects of these, and are checked when a record is read.
    rows : str
        Name of these rows among the record's tables: ``record.tables[rows]``; lower case, digits and ``_``.
    make : callable, optional
        ``make(experiment)`` gives these rows at the end of a run (`gaitbench.evaluation.experiment.Experiment`).
        What it raises is a failed cell of the run, and the run goes on.

    Raises
    ------
    ValueError
        If the chapter is unknown, or only some of `row`, `rows` and `make` are given.
    """

    chapter: str
    show: Callable[[Any], Any]
    row: type | None = None
    rows: str = ""
    make: Callable[[Any], Iterable[Any]] | None = None

    def __post_init__(self) -> None:
        if self.chapter not in CHAPTERS:
            raise ValueError(f"chapter is {self.chapter!r}, not one of {', '.join(CHAPTERS)}")
        given = (self.row is not None, bool(self.rows), self.make is not None)
        if any(given) and not all(given):
            raise ValueError("row, rows and make belong together: give all of them, or none")
        if self.rows and not re.fullmatch(r"[a-z][a-z0-9_]*", self.rows):
            raise ValueError(f"rows is {self.rows!r}; lower case letters, digits and _ only")
