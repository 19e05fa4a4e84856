"""Naturalness of the anonymized gaits, also over the strength of the systems that have one, beside their success."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.identify import reads_of
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.rows.success_rows import bootstrap_of, success_of
from gaitbench.evaluation.utility.naturalness import naturalness_of
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_pictures import Naturalness
from gaitbench.system_value import base_name, settings_text

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["INCOMPLETE", "MEASURES", "naturalness_rows"]

#: Variant of the rows over the probes of the incomplete set alone.
INCOMPLETE = "incomplete input"

#: `unbroken` in percent of the frames, `smoothness` (motion over the original's, 1 is best), `period` (absolute
#: difference in frames), `nearest` (distance to the nearest real silhouette over the usual one, 1 is best), `success`
#: in percent.
MEASURES: tuple[str, ...] = ("unbroken", "smoothness", "period", "nearest", "success")


def naturalness_rows(experiment: Experiment) -> list[Naturalness]:
    """Rows of every anonymizer of the suite, of its controls, and of its `extras.sweep`.

    The share of unbroken frames is also told over the incomplete set, as variant `INCOMPLETE`.
    """
    rows: list[Naturalness] = []
    for shown in experiment.anonymized_and_swept():
        name, variant = base_name(shown.name), settings_text(shown.name)
        values, names = naturalness_of(experiment.run, shown, experiment.real)
        subjects = np.array([SequenceKey.parse(n).subject for n in names], dtype=str)
        boot = bootstrap_of(experiment.run, subjects)
        for measure, x in zip(MEASURES, values, strict=False):
            rows.append(Naturalness(name, variant, measure, *boot.mean(x), int(np.isfinite(x).sum())))
        broken = np.array(["incomplete" in experiment.sets.get(n, ()) for n in names], dtype=bool)
        if not variant and broken.any():
            x = np.where(broken, values[0], np.nan)
            rows.append(Naturalness(name, INCOMPLETE, "unbroken", *boot.mean(x), int(broken.sum())))
        try:
            rows.append(_success(experiment, shown.name, name, variant))
        except GaitbenchError as error:
            experiment.run.fail(
                "naturalness", f"anonymizer={name}, variant={variant or 'as it is'}", str(error)
            )
    return rows


def _success(experiment: Experiment, label: str, name: str, variant: str) -> Naturalness:
    """Success of the slides' attacker over all angles: the other end of the trade."""
    recognizers = experiment.run.suite.systems.recognizer_names
    first = next((r for r in recognizers if reads_of(r) != "pictures"), None)
    if first is None:
        raise GaitbenchError("no recognizer of the suite reads silhouettes")
    attack = Attack("ignorant", first, "silhouette", "all-views")
    outcome = experiment.ladder.outcome(Cell(label, "none", attack))
    _, s, rate, low, high = success_of(experiment.run, outcome, np.ones(len(outcome.keys), dtype=bool))
    return Naturalness(name, variant, "success", rate, low, high, s)
