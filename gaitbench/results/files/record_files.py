"""The two files of a record: scores as Parquet, and both written together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gaitbench.errors import DataError
from gaitbench.results.files.own_files import is_record
from gaitbench.results.schema import SCORE_COLUMNS
from gaitbench.store import atomic

__all__ = ["read_scores", "scores_table", "write_together"]

#: Beyond it a number is that of a label.
_MOST = 2**31 - 1
_ARROW = {"str": pa.string(), "int": pa.int32(), "float": pa.float64()}


def scores_table(scores: pd.DataFrame) -> pa.Table:
    """The scores in the types of `SCORE_COLUMNS`; angles have 64 bits where a view is only a label.

    Raises
    ------
    DataError
        Where a column is missing or of another type.
    """
    missing = [name for name in SCORE_COLUMNS if name not in scores.columns]
    if missing:
        raise DataError(f"the scores have no column {', '.join(missing)}")
    # the number that stands for a label has 52 bits; files of degrees stay as they were
    wide = {
        name: pa.int64()
        for name, kind in SCORE_COLUMNS.items()
        if kind == "int" and any(isinstance(v, int | np.integer) and v > _MOST for v in scores[name].unique())
    }
    schema = pa.schema([(name, wide.get(name, _ARROW[kind])) for name, kind in SCORE_COLUMNS.items()])
    try:
        return pa.Table.from_pandas(scores[list(SCORE_COLUMNS)], schema=schema, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError(f"the scores hold a value of another type: {error}") from error


def read_scores(path: Path) -> pd.DataFrame:
    """The scores of ``scores.parquet``; raises DataError where it is missing or damaged."""
    if not path.is_file():
        raise DataError("scores.parquet is missing beside it; copy the whole folder, or run the suite again")
    try:
        scores: pd.DataFrame = pq.read_table(path).to_pandas()
    except Exception as error:  # a flipped byte shows itself as almost anything inside pyarrow
        why = " ".join(str(error).split())[:200]
        raise DataError(f"scores.parquet beside it is damaged ({why}); run the suite again") from error
    missing = [name for name in SCORE_COLUMNS if name not in scores.columns]
    if missing:
        raise DataError(f"scores.parquet beside it has no column {', '.join(missing)}")
    return scores


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files under other names before the first is renamed: a full disk leaves those that were there."""
    there = folder / "run.json"
    if there.exists() and not is_record(there):
        raise DataError(f"{there} is no record of gaitbench, and is not replaced; give another folder")
    try:
        atomic.write_together(folder, files)
    except OSError as error:
        why = error.strerror or str(error)
        raise DataError(f"the record in {folder} cannot be written ({why}); give another folder") from error
