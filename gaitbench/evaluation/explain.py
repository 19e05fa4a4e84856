"""One probe through every attack of a suite: who it was taken for before and after, and how near everybody was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import ConfigError, DataError, GaitbenchError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.attacks.plan import Cell, plan
from gaitbench.evaluation.experiment import Experiment
from gaitbench.nearest import close_to
from gaitbench.registry import RUNGS
from gaitbench.results.explained import Explained, Explanation, Match

__all__ = ["explain", "probe_of"]


def probe_of(experiment: Experiment, text: str) -> SequenceKey:
    """The probe that is meant.

    Raises
    ------
    DataError
        If it is no name of a sequence, or no probe of the suite; the nearest names are offered.
    """
    probes = [str(need.key) for need in experiment.needs["probe"]]
    if text in probes:
        return SequenceKey.parse(text)
    near = close_to(text, probes, most=3, cutoff=0.5)
    hint = f"near: {', '.join(near)}" if near else f"such as {probes[0]}"
    suite = experiment.run.suite.name
    raise DataError(f"{text!r} is none of the {len(probes)} probes of suite {suite}; {hint}")


def explain(
    experiment: Experiment, key: SequenceKey, anonymizer: str | None = None, *, count: int = 5
) -> Explained:
    """Look one probe up in every attack of the suite on an anonymizer.

    What the store holds is read; the rest is computed as in a run.

    Parameters
    ----------
    experiment : Experiment
    key : SequenceKey
        A probe, see `probe_of`.
    anonymizer : str, optional
        Or a control; the suite's first by default.
    count : int
        People shown.

    Raises
    ------
    ConfigError
        If the suite has no attack on such a system.
    """
    run = experiment.run
    cells = plan(run.suite, rendered=run.dataset.rendered)
    name = anonymizer or run.suite.systems.anonymizer_names[0]
    mine = [cell for cell in cells if cell.anonymizer == name]
    if not mine:
        known = ", ".join(dict.fromkeys(cell.anonymizer for cell in cells))
        raise ConfigError(f"suite {run.suite.name} attacks no system {name!r}; it attacks: {known}")
    rows = tuple(_explanation(experiment, cell, key, count) for cell in mine)
    ladder = experiment.ladder
    before = _gei(ladder.views.originals("probe"), key)
    after = _gei(ladder.views.shown(_by_silhouette(mine[0]), "probe", "probe", "gei"), key)
    return Explained(str(key), name, before, after, rows)


def _by_silhouette(cell: Cell) -> Cell:
    return replace(cell, colorizer="none", attack=replace(cell.attack, input="silhouette"))


def _gei(features: Features, key: SequenceKey) -> NDArray[np.float32] | None:
    if str(key) in features.failures or key not in features.keys:
        return None
    return np.asarray(features.x[features.keys.index(key)], dtype=np.float32)


def _explanation(experiment: Experiment, cell: Cell, key: SequenceKey, count: int) -> Explanation:
    try:
        outcome = experiment.ladder.outcome(cell)
    except GaitbenchError as error:
        return Explanation(cell.colorizer, cell.attack, (), (), None, None, 0, str(error))
    rows = np.array([i for i, k in enumerate(outcome.keys) if k == key], dtype=np.intp)
    if not len(rows):
        why = experiment.features["probe"].failures.get(str(key), "it could not be read")
        return Explanation(cell.colorizer, cell.attack, (), (), None, None, len(outcome.people), why)
    failed = "the anonymization failed: counts as identified" if outcome.failed[rows].any() else None
    enrolled = _enrolled(experiment, cell, key)
    ordinary = experiment.ladder.views.originals("gallery")
    before, place_before = _matches(outcome, outcome.before[rows], key, ordinary, count)
    after, place_after = _matches(outcome, outcome.after[rows], key, enrolled, count)
    return Explanation(
        cell.colorizer, cell.attack, before, after, place_before, place_after, len(outcome.people), failed
    )


def _enrolled(experiment: Experiment, cell: Cell, key: SequenceKey) -> Features:
    """The attacker's gallery for this probe, as GEIs."""
    views = experiment.ladder.views
    rung = RUNGS.get(cell.attack.attacker)()
    found: Features = rung.enrolled_for(views, _by_silhouette(cell), key, views.originals("gallery"))
    return found


def _matches(
    outcome: Outcome, distances: NDArray[np.float32], key: SequenceKey, gallery: Features, count: int
) -> tuple[tuple[Match, ...], int | None]:
    mean = distances.mean(axis=0)
    if np.isnan(mean).any():
        return (), None
    order = mean.argsort(kind="stable")
    people = outcome.people[order]
    place = np.flatnonzero(people == key.subject)
    found = tuple(
        Match(str(s), float(mean[i]), bool(s == key.subject), _seen(gallery, str(s), key.angle))
        for s, i in zip(people[:count], order[:count], strict=True)
    )
    return found, int(place[0]) + 1 if len(place) else None


def _seen(gallery: Features, subject: str, angle: int) -> NDArray[np.float32] | None:
    """The person's first gallery walk from this angle, or from the nearest there is."""
    mine = [k for k in gallery.keys if k.subject == subject and str(k) not in gallery.failures]
    if not mine:
        return None
    return _gei(gallery, min(mine, key=lambda k: (abs(k.angle - angle), k)))
