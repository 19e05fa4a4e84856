"""A run in Python: its tables as data frames, its figures, and a view of its own in a notebook."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pandas as pd
from markupsafe import escape

from gaitbench.errors import DataError
from gaitbench.nearest import nearest
from gaitbench.reporting.figures.drawings import drawings
from gaitbench.reporting.figures.style import themed
from gaitbench.reporting.formats.plain import table_values
from gaitbench.reporting.formats.shown_views import NAMES, label_of_number
from gaitbench.reporting.formats.table import Table
from gaitbench.reporting.formats.visible import visible
from gaitbench.reporting.reading.labels import labelled
from gaitbench.reporting.reading.theme import LIGHT, Theme
from gaitbench.reporting.report import make_tables
from gaitbench.reporting.words.verdicts import sentence
from gaitbench.results.record import Record
from gaitbench.results.rows import row_to_dict

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["LoadedRun", "NamedFigure", "load"]

T = TypeVar("T")
#: Words that stand in a table where there is no figure; a data frame has NaN, or infinity, there.
_NO_FIGURES = {"undefined": float("nan"), "failed": float("nan"), "inf": float("inf")}
#: Columns of the first table that the view shows.
_SHOWN = ("system", "verdict", "named", "named_ci_low", "named_ci_high", "untouched", "guess", "attack")


def load(folder: str | Path) -> LoadedRun:
    """Read the results of a run: what ``run-all``, ``evaluate`` or ``sweep`` wrote, or a published copy.

    Parameters
    ----------
    folder : str or path
        Such as ``reports/quick``. Only ``run.json``, ``scores.parquet`` and ``samples/`` are read.

    Raises
    ------
    DataError
        If the record is missing, damaged or of another version.

    Examples
    --------
    >>> import gaitbench
    >>> run = gaitbench.load("reports/quick")
    >>> run.tables["table3_success_by_angle"].groupby("anonymizer")["rate"].min()  # doctest: +SKIP
    """
    place = Path(folder)
    return LoadedRun(place, Record.load(place))


class _Lazy(Mapping[str, T], Generic[T]):
    """Named things that are made when they are first asked for; an unknown name is answered with the nearest."""

    def __init__(self, makers: Mapping[str, Callable[[], T]], what: str) -> None:
        self._makers, self._what, self._made = dict(makers), what, dict[str, T]()

    def __getitem__(self, name: str) -> T:
        if name not in self._makers:
            raise DataError(f"the run has no {self._what} {name!r}{nearest(str(name), self._makers)}")
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __repr__(self) -> str:
        return f"{len(self)} {self._what}s: {', '.join(self)}"


@dataclass(frozen=True)
class NamedFigure:
    """A figure of a run; notebooks show it, `figure` is matplotlib's own to be changed and saved."""

    name: str
    figure: Figure

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        with themed(LIGHT):
            self.figure.savefig(out, format="png", dpi=120)
        return out.getvalue()


class LoadedRun:
    """The results of a run.

    Parameters
    ----------
    folder : path
    record : Record
        As `gaitbench.results.Record.load` reads it.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        The report's tables by the names of their CSV files, all rows of the run. Where a cell has no figure there is
        NaN (undefined, failed, not run; the CSV file says which) or infinity. Rows that quote the slides hold ranges
        as texts, and are left to the CSV files.
    rows : mapping of str to DataFrame
        The record's own tables (``success_rate``, ``identification``, ...), one column a field.
        Where views have labels and no degrees, ``angle`` holds the numbers that stand for them, ``view`` the labels.
    scores : DataFrame
        One row a sequence and measure, with ``view`` as `rows`. Its column ``set`` holds both sets of a walk, as in
        ``plain+complete``.
    figures : mapping of str to NamedFigure
        The report's figures, drawn when they are asked for; DataError where the run has nothing for one.
    sentence : str
        The verdict in one sentence.
    """

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder = folder
        self.record = record

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The report's tables."""
        chapters = make_tables(labelled(self.record))
        every = [table for tables in chapters.values() for table in tables]
        return _Lazy({table.name: partial(_frame, table) for table in every}, "table")

    @cached_property
    def rows(self) -> Mapping[str, pd.DataFrame]:
        """The record's own tables."""
        held = {name: rows for name, rows in self.record.tables.items() if rows}
        names = label_of_number(self.record.provenance)
        return _Lazy({name: partial(_rows_frame, rows, names) for name, rows in held.items()}, "record table")

    @property
    def scores(self) -> pd.DataFrame:
        """One row a sequence and measure."""
        return _with_views(self.record.scores, label_of_number(self.record.provenance))

    @cached_property
    def figures(self) -> Mapping[str, NamedFigure]:
        """The report's figures."""
        made = drawings(labelled(self.record), self.folder)
        return _Lazy({name: partial(_drawn, name, draw) for name, draw in made.items()}, "figure")

    @property
    def sentence(self) -> str:
        """The verdict in one sentence; empty where no attack is on record."""
        return sentence(labelled(self.record))

    def __repr__(self) -> str:
        origin = self.record.provenance
        return f"<gaitbench run {self.folder}: suite {origin['suite_name']} on {origin['dataset']['name']}>"

    def _repr_html_(self) -> str:
        """The verdict, each system, and what there is to look at."""
        origin = self.record.provenance
        failed = len(self.record.failures)
        parts = [
            f"<p><b>{escape(visible(self.sentence or 'No attack is on record.'))}</b></p>",
            f"<p>Suite {escape(visible(origin['suite_name']))} on {escape(visible(origin['dataset']['name']))}, "
            f"{escape(origin['created'])}"
            + (f"; {failed} cell{'s' if failed > 1 else ''} failed" if failed else "")
            + "</p>",
        ]
        if "table_verdict" in self.tables:
            frame = self.tables["table_verdict"]
            shown = frame[[name for name in _SHOWN if name in frame.columns]]
            parts.append(
                shown.map(lambda v: visible(v) if isinstance(v, str) else v).to_html(index=False, border=0)
            )
        if self.record.provenance["dataset"]["rendered"]:
            parts.append("<p>The people are rendered walkers, not filmed ones.</p>")
        for what, held in (("tables", self.tables), ("figures", self.figures)):
            names = ", ".join(f"<code>{escape(name)}</code>" for name in held)
            parts.append(f"<details><summary>{len(held)} <code>.{what}</code></summary>{names}</details>")
        return "".join(parts)


def _rows_frame(rows: Sequence[Any], names: Mapping[int, str]) -> pd.DataFrame:
    return _with_views(pd.DataFrame([row_to_dict(row) for row in rows]), names)


def _with_views(frame: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """Beside every column of numbers that stand for labels one with the labels; nothing where all are degrees."""
    if not names:
        return frame
    frame = frame.copy()
    for column in [name for name in NAMES if name in frame]:
        shown = [names.get(int(v), str(int(v))) if pd.notna(v) else None for v in frame[column]]
        frame.insert(list(frame.columns).index(column) + 1, column.replace("angle", "view"), shown)
    return frame


def _frame(table: Table) -> pd.DataFrame:
    """A table as a data frame: columns of figures are numbers, whatever words stand among them."""
    values = table_values(table)
    own = [cells for cells, row in zip(values["rows"], table.rows, strict=True) if not row.slides]
    frame = pd.DataFrame(own, columns=values["names"])
    for name in frame.columns:
        numbers = frame[name].map(lambda one: _NO_FIGURES.get(one, one) if isinstance(one, str) else one)
        if any(isinstance(one, int | float) for one in numbers) and not any(
            isinstance(one, str) for one in numbers
        ):
            frame[name] = pd.to_numeric(numbers)
    return frame


def _drawn(name: str, draw: Callable[[Theme], Figure | None]) -> NamedFigure:
    with themed(LIGHT):
        figure = draw(LIGHT)
    if figure is None:
        raise DataError(f"this run has nothing for the figure {name}")
    return NamedFigure(name, figure)
