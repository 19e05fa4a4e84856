"""What takes longest of the statistics of an attack, kept in the store: a second run reads it there."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.rows.criteria_rows import criteria_rows
from gaitbench.evaluation.rows.identification_rows import gallery_size_rows, identification_rows
from gaitbench.evaluation.rows.pooled_rows import assigned_rows, pooled_rows
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.rows import read_row, row_to_dict
from gaitbench.results.schema_attacks import GallerySize, Identification
from gaitbench.results.schema_pooled import Assigned, Criterion, Pooled
from gaitbench.store import closure_digest, digest

__all__ = ["statistics_of"]

#: Table -> its rows' type, and the rows of one attack.
_TABLES: dict[str, tuple[type, Callable[[RunContext, AnyOutcome], Sequence[Any]]]] = {
    "identification": (Identification, lambda run, one: identification_rows(run, [one])),
    "gallery_size": (GallerySize, lambda run, one: gallery_size_rows([one])),
    "pooled": (Pooled, lambda run, one: pooled_rows(run, [one])),
    "assigned": (Assigned, lambda run, one: assigned_rows(run, [one])),
    "criteria": (Criterion, lambda run, one: criteria_rows(run, [one])),
}


def statistics_of(run: RunContext, outcomes: Sequence[AnyOutcome]) -> dict[str, list[Any]]:
    """Rows of the tables `identification`, `gallery_size`, `pooled`, `assigned` and `criteria`, attack by attack.

    An artifact an attack: under what it found, the settings that its statistics read, and their code.
    """
    suite = run.suite
    settings = [suite.seed, suite.resamples, suite.confidence, suite.systems.noise]
    code = closure_digest(identification_rows, gallery_size_rows, pooled_rows, assigned_rows, criteria_rows)
    columns = {name: [field.name for field in dataclasses.fields(row)] for name, (row, _) in _TABLES.items()}
    found: dict[str, list[Any]] = {name: [] for name in _TABLES}
    for outcome in outcomes:

        def make(outcome: AnyOutcome = outcome) -> tuple[dict[str, Any], dict[str, Any]]:
            made = {name: of(run, outcome) for name, (_, of) in _TABLES.items()}
            return {}, {name: list(map(row_to_dict, rows)) for name, rows in made.items()}

        key = digest("statistics", code, settings, columns, _content(outcome))
        _, kept, _ = run.store.get("statistics", key, make)
        for name, (row, _) in _TABLES.items():
            found[name] += [read_row(row, one, f"statistics/{key}: {name}") for one in kept[name]]
    return found


def _content(value: Any) -> str:
    """Hash of an outcome: its names, its arrays, its stranger test."""
    if isinstance(value, np.ndarray):
        held = sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return digest(str(value.dtype), list(value.shape), held)
    if dataclasses.is_dataclass(value):
        return digest(
            type(value).__name__, [_content(getattr(value, f.name)) for f in dataclasses.fields(value)]
        )
    if isinstance(value, tuple):
        return digest([str(one) for one in value])
    return digest(value)
