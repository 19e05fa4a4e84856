"""The files of a record: scores read from Parquet, and all written together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from gaitbench.errors import DataError
from gaitbench.results.files.own_files import is_record
from gaitbench.results.schema import SCORE_COLUMNS
from gaitbench.store import atomic

__all__ = ["read_scores", "write_together"]


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


def write_together(folder: Path, files: Mapping[str, bytes | Callable[[Path], None]]) -> None:
    """Write all files under other names before the first is renamed: a full disk leaves those that were there."""
    there = folder / "run.json"
    if there.exists() and not is_record(there):
        raise DataError(f"{there} is no record of gaitbench, and is not replaced; give another folder")
    try:
        atomic.write_together(folder, files)
    except OSError as error:
        why = error.strerror or str(error)
        raise DataError(f"the record in {folder} cannot be written ({why}); give another folder") from error
