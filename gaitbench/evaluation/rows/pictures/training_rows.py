"""Figures over people and trainings: means, differences, and how far the trainings of one system lie apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.identify import reads_of
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.metrics.uncertainty.resampling import TwoWay, two_way
from gaitbench.protocol import SETS
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_pictures import TrainingSpread
from gaitbench.suites import Suite

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = [
    "SETS",
    "difference_over_trainings",
    "mean_over_trainings",
    "picture_spread",
    "spread_cells",
    "success_spread",
]

Bounds = tuple[float, float | None, float | None]


def _sums(subjects: NDArray[np.str_], columns: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Sums by subject (P, S) of S columns of observations."""
    _, who = np.unique(subjects, return_inverse=True)
    return np.stack([np.bincount(who, weights=column) for column in columns], axis=1)


def _over(
    run: RunContext,
    subjects: NDArray[np.str_],
    systems: Sequence[Sequence[NDArray[np.float64]]],
    weights: NDArray[np.float64],
) -> TwoWay:
    """Weighted mean of one system, or difference of two, of values by training; weight 0: not counted."""
    suite, counted = run.suite, weights > 0
    tops = [
        _sums(subjects, [np.where(counted, column, 0.0) * weights for column in columns])
        for columns in systems
    ]
    return two_way(
        tops, _sums(subjects, [weights])[:, 0],
        resamples=suite.resamples, confidence=suite.confidence, seed=suite.seed,
    )  # fmt: skip


def _finite(columns: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """1 where a picture has a number in every training, else 0."""
    finite = np.isfinite(np.stack(columns))
    return np.asarray(finite.all(axis=0), dtype=np.float64)


def _each(part: PictureScores, measure: str, rows: NDArray[np.int_]) -> list[NDArray[np.float64]]:
    """Values of some pictures in each training."""
    held = part.trainings or (part.values,)
    return [own[measure][rows] for own in held]


def _subjects(part: PictureScores, rows: NDArray[np.int_]) -> NDArray[np.str_]:
    return np.array([part.keys[row].subject for row in rows], dtype=str)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def mean_over_trainings(
    run: RunContext, part: PictureScores, measure: str, members: NDArray[np.bool_], *, by_angle: bool = False
) -> TwoWay:
    """Mean of a measure over the pictures of a set and over the trainings, pictures that are finite in all of them.

    With `by_angle` each angle counts alike.
    """
    rows = np.flatnonzero(members)
    each = _each(part, measure, rows)
    weights = _finite(each)
    if by_angle:
        _, angle = np.unique([part.keys[row].angle for row in rows], return_inverse=True)
        weights = weights / np.maximum(np.bincount(angle, weights=weights), 1.0)[angle]
    return _over(run, _subjects(part, rows), [each], weights)


def difference_over_trainings(
    run: RunContext,
    first: PictureScores,
    second: PictureScores,
    measure: str,
    left: NDArray[np.int_],
    right: NDArray[np.int_],
) -> TwoWay:
    """First minus second over the same pictures (`left` and `right` are their rows); trainings are drawn apart."""
    x, y = _each(first, measure, left), _each(second, measure, right)
    return _over(run, _subjects(first, left), [x, y], _finite([*x, *y]))


def picture_spread(
    run: RunContext, scores: Sequence[PictureScores], sets: Mapping[str, tuple[str, ...]]
) -> list[TrainingSpread]:
    """How far the trainings of each colorizer lie apart, by set, reference and measure."""
    rows: list[TrainingSpread] = []
    for part in [part for part in scores if len(part.trainings) > 1]:
        for name in SETS:
            members = np.array([name in sets.get(str(k), ()) for k in part.keys], dtype=bool)
            if not members.any():
                continue
            for measure in part.values:
                found = mean_over_trainings(run, part, measure, members)
                place = (part.anonymizer, part.colorizer, "", "", "", "", measure, name, part.reference, None)
                rows += _spread(place, found, int(members.sum()))
    return rows


def success_spread(experiment: Experiment) -> Iterator[TrainingSpread]:
    """Success of each training of the anonymizers under the slides' attacker, by angle and over all probes."""
    run = experiment.run
    for name, cells in _of_trainings(run.suite, experiment.systems):
        attack = cells[0].attack
        try:
            found = [experiment.ladder.outcome(cell) for cell in cells]
        except GaitbenchError as error:
            run.fail("trainings", f"anonymizer={name}, recognizer={attack.recognizer}", str(error))
            continue
        for angle in (*run.angles_probed, None):
            yield from _success(run, name, attack, found, angle)


def spread_cells(suite: Suite, systems: Systems) -> list[Cell]:
    """The attacks of `success_spread`."""
    return [cell for _, cells in _of_trainings(suite, systems) for cell in cells]


def _of_trainings(suite: Suite, systems: Systems) -> Iterator[tuple[str, list[Cell]]]:
    """Anonymizers that are trained more than once, with an attack on each training by one recognizer."""
    if suite.systems.gallery == "cross-view":  # a rate there is a mean over gallery angles, no ratio of sums
        return
    for name in suite.systems.anonymizer_names:
        try:
            trainings = systems.trainings("anonymizer", name)
        except GaitbenchError:
            continue  # it cannot be made: a failure of its own stage
        if len(trainings) < 2:
            continue
        for recognizer in [r for r in suite.systems.recognizer_names if reads_of(r) != "pictures"]:
            attack = Attack("ignorant", recognizer, "silhouette", suite.systems.gallery)
            yield name, [Cell(one, "none", attack) for one in trainings]


def _success(
    run: RunContext, name: str, attack: Attack, outcomes: Sequence[AnyOutcome], angle: int | None
) -> list[TrainingSpread]:
    first = outcomes[0]
    here = first.angles == angle if angle is not None else np.ones(len(first.keys), dtype=bool)
    before = first.correct_before & here
    hidden = [(before & ~one.correct_after).astype(np.float64) for one in outcomes]
    found = _over(run, first.subjects, [hidden], before.astype(np.float64))
    place = (
        name, "none", attack.attacker, attack.recognizer, attack.input, attack.gallery, "success", "", "", angle,
    )  # fmt: skip
    return _spread(place, found, int(before.sum()), rate=True)


def _rate(found: TwoWay) -> Bounds:
    """In percent; the interval is taken on the scale of the logit, so that it stays within 0 and 100."""
    if not 0.0 < found.value < 1.0 or not np.isfinite(found.low):
        return 100.0 * found.value, None, None
    half = (found.high - found.value) / (found.value * (1.0 - found.value))
    low, high = expit(logit(found.value) + np.array([-half, half]))
    return 100.0 * found.value, 100.0 * float(low), 100.0 * float(high)


def _spread(
    place: tuple[str, str, str, str, str, str, str, str, str, int | None],
    found: TwoWay,
    n: int,
    *,
    rate: bool = False,
) -> list[TrainingSpread]:
    own = found.by_training[0] * (100.0 if rate else 1.0)
    if not np.isfinite(found.value):
        return []
    value, low, high = _rate(found) if rate else (found.value, _known(found.low), _known(found.high))
    sd = float(np.std(own, ddof=1))
    return [TrainingSpread(*place, len(own), value, low, high, sd, float(own.min()), float(own.max()), n)]
