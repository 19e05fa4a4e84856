"""Rows of utility of silhouettes that were extracted again out of painted pictures: what a user of the film has.

They are those that attackers through the input ``resegmented`` see (PROTOCOL): a few frames of each walk, spread over
all of it. What reads single moments is measured; cadence, symmetry and measures of third parties want frames that
follow each other, and are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.truth import truth_of
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.rows.utility_rows import rows_by_condition
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.utility.measures import OPENING
from gaitbench.evaluation.utility.taught import Taught
from gaitbench.evaluation.utility.values import LEARNED
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_pictures import UtilityAgain
from gaitbench.store import closure_digest, digest

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["utility_again_rows"]

_MEASURES = ((OPENING.name, OPENING.title, OPENING.unit, OPENING.direction), *LEARNED)


def utility_again_rows(experiment: Experiment) -> list[UtilityAgain]:
    """One row a measure, condition, system and painter that is attacked through ``resegmented``; the ceiling first.

    The ceiling is the untouched people, extracted in the same way. A suite that does not attack through that input has
    none of it.
    """
    run = experiment.run
    frames = run.suite.attacks.frames_per_sequence
    pairs = {(o.anonymizer, o.colorizer) for o in experiment.outcomes if o.attack.input == "resegmented"}
    rows: list[UtilityAgain] = []
    for name, painter in sorted(pairs, key=lambda pair: (pair[0] != "original", pair)):
        values, keys = _values(experiment, name, painter)
        rows += [
            UtilityAgain(**vars(row), painter=painter, frames=frames)
            for row in rows_by_condition(run, name, _MEASURES, values, keys)
        ]
        experiment.ladder.views.release()
    return rows


def _values(experiment: Experiment, name: str, painter: str) -> tuple[NDArray[np.float64], list[SequenceKey]]:
    """Values float64 (measures, n) of every walk that stands out of its pictures, kept in the store."""
    run, views, taught = experiment.run, experiment.ladder.views, experiment.taught
    cell = Cell(name, painter, Attack("ignorant", "gei-nn", "resegmented", "all-views"))
    again = views.shown(cell, "probe", "probe", "silhouettes")
    key = digest("utility again", again.digest, taught.by, run.suite.seed, closure_digest(_values, Taught))

    def make() -> tuple[dict[str, NDArray[Any]], list[str]]:
        with run.stage("utility again") as stage:
            stage.made()
            found = _measured(experiment, again)
        values = np.array(list(found.values()), dtype=np.float64).reshape(-1, len(_MEASURES)).T.copy()
        return {"values": values}, list(found)

    arrays, names, _ = run.store.get("utility-again", key, make)
    return arrays["values"], [SequenceKey.parse(one) for one in names]


def _measured(experiment: Experiment, again: Features) -> dict[str, list[float]]:
    """Opening, direction and pose of each walk, by its name."""
    run, needs, taught = experiment.run, experiment.needs["probe"], experiment.taught
    failed = again.failures
    masks = {str(k): rows for k, rows in zip(again.keys, again.x, strict=True) if str(k) not in failed}
    found: dict[str, list[float]] = {}
    for need in sorted(needs, key=lambda one: one.key):
        shown, original = masks.get(str(need.key)), load_prepared(run, need, needs[need]).sequence
        if shown is None or original is None:
            continue
        index = need.watched_frames(len(original.silhouettes))
        # a walk of fewer frames was shown some of them twice
        index = index[np.linspace(0, len(index) - 1, len(shown)).round().astype(int)]
        if not shown.any():  # who stands out nowhere tells nothing; joints cannot be told wrongly either
            direction = float("nan") if taught.direction is None else 0.0
            found[str(need.key)] = [0.0, direction, float("nan")]
            continue
        truth = truth_of(run.dataset, need.key, original.frame_numbers[index])
        unknown, angle = float("nan"), need.key.angle
        found[str(need.key)] = [
            OPENING(shown, original.silhouettes[index], period=unknown, fps=RATE),
            unknown if taught.direction is None else taught.direction.value(shown, angle),
            unknown if taught.pose is None or truth is None else taught.pose.value(shown, truth, angle),
        ]
    return found
