"""The values of utility of every sequence that a system anonymized, kept in the store."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.truth import truth_of
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.stages.anonymize import Anonymized, beside_originals
from gaitbench.evaluation.stages.checked import guarded
from gaitbench.evaluation.utility.taught import Taught
from gaitbench.metrics.utility import UtilityMeasure
from gaitbench.registry import UTILITIES
from gaitbench.store import closure_digest, digest

__all__ = ["LEARNED", "measures_of", "utility_key", "utility_of"]

#: What learns: name, title, unit, which way is better.
LEARNED = (
    ("direction", "Walking direction told", "% of walks", "higher"),
    ("pose", "Joints told", "% of body height", "lower"),
)


def measures_of(run: RunContext) -> dict[str, UtilityMeasure]:
    """The registered measures; a third party's that cannot be loaded, or is none, is a failed cell."""
    measures: dict[str, UtilityMeasure] = {}
    for name in UTILITIES.names():
        try:
            found = UTILITIES.get(name)
            if not isinstance(found, UtilityMeasure):
                raise GaitbenchError(f"utility {name} of {UTILITIES.origin(name)} is no UtilityMeasure")
            measures[name] = found
        except GaitbenchError as error:
            run.fail("utility", f"measure={name}", str(error))
    return measures


def utility_key(
    run: RunContext, shown: Anonymized, measures: dict[str, UtilityMeasure], taught: Taught
) -> str:
    """Where the values of a system are kept."""
    code = closure_digest(utility_of, Taught, *(m.function for m in measures.values()))
    return digest("utility", sorted(shown.keys.values()), taught.by, list(measures), run.suite.seed, code)


def utility_of(
    run: RunContext,
    shown: Anonymized,
    measures: dict[str, UtilityMeasure],
    taught: Taught,
) -> tuple[NDArray[np.float64], list[str]]:
    """Values float64 (measures, n) of every sequence that was anonymized, kept in the store with what failed.

    A measure that raises says nothing of that sequence (NaN), and is noted once.
    """
    key = utility_key(run, shown, measures, taught)

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
