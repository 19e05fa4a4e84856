"""Rows of utility: every system of the suite, the controls as ceiling and floor, and what is swept (PROTOCOL)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.truth import truth_of
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.stages.anonymize import Anonymized, beside_originals
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.evaluation.utility.taught import Taught
from gaitbench.metrics.utility import UtilityMeasure
from gaitbench.registry import UTILITIES
from gaitbench.results.schema_pictures import Utility
from gaitbench.store import closure_digest, digest
from gaitbench.system_value import base_name, settings_text

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["LEARNED", "utility_rows"]

#: What learns: name, title, unit, which way is better.
LEARNED = (
    ("direction", "Walking direction told", "% of walks", "higher"),
    ("pose", "Joints told", "% of body height", "lower"),
)


def utility_rows(experiment: Experiment, taught: Taught) -> list[Utility]:
    """Measure everything that was anonymized, and what is swept; what fails is noted and left out."""
    run = experiment.run
    measures = dict(_measures(experiment))
    rows: list[Utility] = []
    for shown in experiment.anonymized_and_swept():
        values, names = _values(experiment, shown, measures, taught)
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


def _measures(experiment: Experiment) -> Iterator[tuple[str, UtilityMeasure]]:
    """The registered ones; a third party's that cannot be loaded, or is none, is a failed cell."""
    for name in UTILITIES.names():
        try:
            found = UTILITIES.get(name)
            if not isinstance(found, UtilityMeasure):
                raise GaitbenchError(f"utility {name} of {UTILITIES.origin(name)} is no UtilityMeasure")
            yield name, found
        except GaitbenchError as error:
            experiment.run.fail("utility", f"measure={name}", str(error))


def _values(
    experiment: Experiment,
    shown: Anonymized,
    measures: dict[str, UtilityMeasure],
    taught: Taught,
) -> tuple[NDArray[np.float64], list[str]]:
    """Values float64 (measures, n) of every sequence that was anonymized, kept in the store with what failed.

    A measure that raises says nothing of that sequence (NaN), and is noted once.
    """
    run = experiment.run
    code = closure_digest(_values, Taught, *(m.function for m in measures.values()))
    key = digest("utility", sorted(shown.keys.values()), taught.by, list(measures), run.suite.seed, code)

    def make() -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        direction, pose = taught.direction, taught.pose
        found: list[list[float]] = []
        names: list[str] = []
        failed: dict[str, str] = {}
        with run.stage("utility") as stage:
            stage.made()
            for need, after, original, _ in beside_originals(run, shown):
                truth = truth_of(run.dataset, need.key, original.frame_numbers)
                period = float("nan") if truth is None else truth.period
                own, angle, unknown = [], need.key.angle, float("nan")
                for name, measure in measures.items():
                    value = unknown
                    try:
                        with guarded(f"utility measure {name}"):
                            value = measure(after, original.silhouettes, period=period, fps=RATE)
                    except GaitbenchError as error:
                        failed.setdefault(name, f"{need.key}: {error}")
                    own.append(value)
                own.append(unknown if direction is None else direction.value(after, angle))
                own.append(unknown if pose is None or truth is None else pose.value(after, truth, angle))
                names.append(str(need.key))
                found.append(own)
        values = np.array(found, dtype=np.float64).reshape(-1, len(measures) + 2).T.copy()
        return {"values": values}, {"names": names, "failures": failed}

    arrays, kept, _ = run.store.get("utility", key, make)
    for name, message in kept["failures"].items():
        run.fail("utility", f"anonymizer={shown.name}, measure={name}", message)
    return arrays["values"], kept["names"]
