"""Rows of utility: every system of the suite, the controls as ceiling and floor, and what is swept (PROTOCOL)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.utility.values import LEARNED, measures_of, utility_of
from gaitbench.results.schema_pictures import Utility
from gaitbench.system_value import base_name, settings_text

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["rows_by_condition", "utility_rows"]


def utility_rows(experiment: Experiment) -> list[Utility]:
    """Measure everything that was anonymized, and what is swept; what fails is noted and left out."""
    run = experiment.run
    measures = measures_of(run)
    rows: list[Utility] = []
    for shown in experiment.anonymized_and_swept():
        values, names = utility_of(run, shown, measures, experiment.taught)
        told = [*((m.name, m.title, m.unit, m.direction) for m in measures.values()), *LEARNED]
        rows += rows_by_condition(run, shown.name, told, values, [SequenceKey.parse(name) for name in names])
    return rows


def rows_by_condition(
    run: RunContext,
    system: str,
    told: Sequence[tuple[str, str, str, str]],
    values: NDArray[np.float64],
    keys: Sequence[SequenceKey],
) -> Iterator[Utility]:
    """A row a measure and walking condition, all of them together first; none where nothing can be said.

    Parameters
    ----------
    told : sequence of (name, title, unit, direction)
        The measures.
    values : float64 array (measures, n)
    keys : sequence of SequenceKey (n)
    """
    subjects = np.array([k.subject for k in keys], dtype=str)
    for (measure, title, unit, better), x in zip(told, values, strict=True):
        for condition in ["all", *dict.fromkeys(k.condition for k in keys)]:
            here = np.array([condition in ("all", k.condition) for k in keys], dtype=bool)
            mine = x[here]
            if not np.isfinite(mine).any():
                continue
            yield Utility(
                base_name(system), settings_text(system), measure, condition,
                *bootstrap_of(run, subjects[here]).mean(mine), int(np.isfinite(mine).sum()), title, unit,
                "higher" if better == "higher" else "lower",
            )  # fmt: skip
