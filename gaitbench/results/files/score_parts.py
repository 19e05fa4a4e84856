"""Scores in parts that are made when they are asked for, and ``scores.parquet`` written from them in row groups.

A large run has tens of millions of scores; one part (an attack, the pictures of all systems) is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gaitbench.errors import DataError
from gaitbench.results.schema import SCORE_COLUMNS

__all__ = ["GROUP", "ScoreParts", "parts_of"]

#: Rows of a row group.
GROUP = 2**17
#: Beyond it a number is that of a label.
_MOST = 2**31 - 1
_ARROW = {"str": pa.string(), "int": pa.int32(), "float": pa.float64()}


class ScoreParts:
    """Scores of a run, part after part; each time that they are gone through they are made again.

    Parameters
    ----------
    parts : sequence of callable
        Each gives a DataFrame with the columns of `SCORE_COLUMNS`.
    """

    def __init__(self, parts: Sequence[Callable[[], pd.DataFrame]]) -> None:
        self._parts = tuple(parts)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return (part() for part in self._parts)

    def changed(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> ScoreParts:
        """The same with a change made to each part when it is asked for."""

        def made(part: Callable[[], pd.DataFrame]) -> pd.DataFrame:
            return change(part())

        return ScoreParts([partial(made, part) for part in self._parts])

    def whole(self) -> pd.DataFrame:
        """All under each other; an empty table with its columns where there are none."""
        found = list(self)
        if len(found) == 1:
            return found[0]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(SCORE_COLUMNS))

    def write(self, path: Path) -> None:
        """Write ``scores.parquet`` in row groups of `GROUP` rows, the last one as large as it comes.

        Raises
        ------
        DataError
            Where a column is missing or of another type.
        """
        try:
            _write(path, self, wide=False)
        except _WideError:
            # the angles of all rows have one type, and files of degrees keep 32 bits
            _write(path, self, wide=True)


def parts_of(scores: pd.DataFrame | ScoreParts | None) -> ScoreParts:
    """Scores as parts, however they are held."""
    if isinstance(scores, ScoreParts):
        return scores
    return ScoreParts([] if scores is None else [lambda: scores])


class _WideError(Exception):
    """A view is only a label, and its number has 52 bits."""


def _write(path: Path, parts: Iterable[pd.DataFrame], *, wide: bool) -> None:
    writer: pq.ParquetWriter | None = None
    waiting: list[pa.Table] = []
    try:
        for part in _or_nothing(parts):
            table = _table(part, wide)
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, compression="zstd")
            waiting.append(table.replace_schema_metadata(writer.schema.metadata))
            while sum(map(len, waiting)) > GROUP:
                together = pa.concat_tables(waiting)
                writer.write_table(together.slice(0, GROUP), row_group_size=GROUP)
                waiting = [together.slice(GROUP)]
        assert writer is not None
        writer.write_table(pa.concat_tables(waiting), row_group_size=GROUP)
    finally:
        if writer is not None:
            writer.close()


def _or_nothing(parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The parts; an empty one where there is none, so that the file has its columns."""
    found = False
    for part in parts:
        found = True
        yield part
    if not found:
        yield pd.DataFrame(columns=list(SCORE_COLUMNS))


def _table(scores: pd.DataFrame, wide: bool) -> pa.Table:
    missing = [name for name in SCORE_COLUMNS if name not in scores.columns]
    if missing:
        raise DataError(f"the scores have no column {', '.join(missing)}")
    numbers = [name for name, kind in SCORE_COLUMNS.items() if kind == "int"]
    if not wide and any(
        isinstance(v, int | np.integer) and v > _MOST for name in numbers for v in scores[name].unique()
    ):
        raise _WideError
    kinds = _ARROW | ({"int": pa.int64()} if wide else {})
    schema = pa.schema([(name, kinds[kind]) for name, kind in SCORE_COLUMNS.items()])
    try:
        return pa.Table.from_pandas(scores[list(SCORE_COLUMNS)], schema=schema, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError(f"the scores hold a value of another type: {error}") from error
