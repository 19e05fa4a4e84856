"""The record of a run: ``run.json`` (cells of every table, provenance) and ``scores.parquet`` (per sequence).

Names are imported when they are asked for, so that the command line can look at the schema without pandas.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gaitbench.results.provenance import collect_provenance, file_stamp
    from gaitbench.results.record import Record
    from gaitbench.results.schema import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "Record", "collect_provenance", "file_stamp"]

_HOMES = {
    "SCHEMA_VERSION": "gaitbench.results.schema",
    "Record": "gaitbench.results.record",
    "collect_provenance": "gaitbench.results.provenance",
    "file_stamp": "gaitbench.results.provenance",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
