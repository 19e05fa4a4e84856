"""Rows of utility: every system of the suite, the controls as ceiling and floor, and what is swept (PROTOCOL)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.utility.values import LEARNED, measures_of, utility_of
from gaitbench.results.schema_pictures import Utility
from gaitbench.system_value import base_name, settings_text

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["utility_rows"]


def utility_rows(experiment: Experiment) -> list[Utility]:
    """Measure everything that was anonymized, and what is swept; what fails is noted and left out."""
    run = experiment.run
    measures = measures_of(run)
    rows: list[Utility] = []
    for shown in experiment.anonymized_and_swept():
        values, names = utility_of(run, shown, measures, experiment.taught)
        keys = [SequenceKey.parse(name) for name in names]
        name, variant = base_name(shown.name), settings_text(shown.name)
        told = [(m.name, m.title, m.unit, m.direction) for m in measures.values()]
        for (measure, title, unit, better), x in zip([*told, *LEARNED], values, strict=True):
            for condition in ["all", *dict.fromkeys(k.condition for k in keys)]:
                here = np.array([condition in ("all", k.condition) for k in keys], dtype=bool)
                mine = x[here]
                if not np.isfinite(mine).any():
                    continue
                boot = bootstrap_of(run, np.array([k.subject for k in keys], dtype=str)[here])
                rows.append(
                    Utility(
                        name, variant, measure, condition, *boot.mean(mine),
                        int(np.isfinite(mine).sum()), title, unit, "higher" if better == "higher" else "lower",
                    )
                )  # fmt: skip
    return rows
