"""Rows of ``scores.parquet``: one value a sequence and measure, with everything that names the cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.results.schema import SCORE_COLUMNS

__all__ = ["score_frame", "score_table"]

#: What `score_frame` fills from the sequences; the rest names the cell.
_OF_KEYS = ("key", "subject", "walk", "condition", "angle")


def score_frame(
    keys: Sequence[SequenceKey],
    values: Sequence[float] | NDArray[np.float64],
    *,
    named: Sequence[str] | str = "",
    sets: Sequence[str] | str = "",
    **cell: str,
) -> pd.DataFrame:
    """Rows of one cell and measure.

    Parameters
    ----------
    keys : n SequenceKey
    values : n floats
        NaN where nothing was measured.
    named, sets : n str, or one for all
        Who was named; the sets of each sequence, joined by ``+``.
    **cell : str
        ``kind``, ``measure`` and what names the cell, by column; columns that are not given are empty.

    Returns
    -------
    DataFrame
        Columns as `SCORE_COLUMNS`. A large run has a million and a half of these rows: as columns they take a fifth of
        the memory that they would take as dictionaries.
    """
    columns = {
        "key": [str(k) for k in keys],
        **{name: [getattr(k, name) for k in keys] for name in _OF_KEYS[1:]},
        "value": np.asarray(values, dtype=np.float64),
        "named": named,
        "set": sets,
    }
    return pd.DataFrame(
        {name: columns.get(name, cell.get(name, "")) for name in SCORE_COLUMNS}, index=range(len(keys))
    )


def score_table(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows under each other; an empty table with its columns where there are none."""
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(SCORE_COLUMNS))
