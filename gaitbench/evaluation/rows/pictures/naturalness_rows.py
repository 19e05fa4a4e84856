"""Naturalness of the anonymized gaits, also over the strength of the systems that have one, beside their success."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.identify import reads_of
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.rows.success_rows import bootstrap_of, success_of
from gaitbench.evaluation.stages.anonymize import Anonymized, beside_originals
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.metrics.naturalness import NearestReal, relative_smoothness, unbroken
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_pictures import Naturalness
from gaitbench.store import closure_digest, digest
from gaitbench.system_value import base_name, settings_text
from recognizer import gait_period

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["INCOMPLETE", "MEASURES", "naturalness_of", "naturalness_rows", "period_difference"]

#: Variant of the rows over the probes of the incomplete set alone.
INCOMPLETE = "incomplete input"

#: `unbroken` in percent of the frames, `smoothness` (motion over the original's, 1 is best), `period` (absolute
#: difference in frames), `nearest` (distance to the nearest real silhouette over the usual one, 1 is best), `success`
#: in percent.
MEASURES: tuple[str, ...] = ("unbroken", "smoothness", "period", "nearest", "success")
#: Silhouettes of each angle that stand for real people.
_BANK = 300


def naturalness_rows(experiment: Experiment) -> list[Naturalness]:
    """Rows of every anonymizer of the suite, of its controls, and of its `extras.sweep`.

    The share of unbroken frames is also told over the incomplete set, as variant `INCOMPLETE`.
    """
    rows: list[Naturalness] = []
    for shown in experiment.anonymized_and_swept():
        name, variant = base_name(shown.name), settings_text(shown.name)
        values, names = naturalness_of(experiment, shown)
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


def naturalness_of(experiment: Experiment, shown: Anonymized) -> tuple[NDArray[np.float64], list[str]]:
    """Measures float64 (4, n) of every sequence that was anonymized, and the names of those."""
    run = experiment.run
    models = list(experiment.needs["models"].values())
    key = digest("naturalness", sorted(shown.keys.values()), models, closure_digest(naturalness_of))

    def make() -> tuple[dict[str, NDArray[Any]], list[str]]:
        values: list[list[float]] = []
        names: list[str] = []
        banks = _banks(experiment)
        with run.stage("naturalness") as stage:
            stage.made()
            for need, silhouettes, original, _ in beside_originals(run, shown):
                names.append(str(need.key))
                bank = banks.get(need.key.angle)
                values.append(
                    [
                        100.0 * unbroken(silhouettes),
                        relative_smoothness(silhouettes, original.silhouettes),
                        abs(period_difference(silhouettes, original.silhouettes)),
                        bank.ratio(silhouettes) if bank is not None else float("nan"),
                    ]
                )
        return {"values": np.array(values, dtype=np.float64).reshape(-1, 4).T.copy()}, names

    arrays, names, _ = run.store.get("naturalness", key, make)
    return arrays["values"], names


def period_difference(anonymized: NDArray[np.bool_], original: NDArray[np.bool_]) -> float:
    """Difference of the gait periods in frames per cycle, anonymized minus original.

    Parameters
    ----------
    anonymized, original : bool arrays (T, h, w)

    Returns
    -------
    float
        NaN where either period is not sure (see `recognizer.gait_period`): short sequences, views along the
        walking direction. State how many sequences were sure beside a mean.
    """
    after, before = gait_period(anonymized, fps=RATE).frames, gait_period(original, fps=RATE).frames
    return float("nan") if after is None or before is None else after - before


def _banks(experiment: Experiment) -> dict[int, NearestReal]:
    """Silhouettes of the model-training people by angle, evenly taken; angles with fewer than two are left out."""
    run = experiment.run
    frames: dict[int, list[NDArray[np.bool_]]] = {}
    owners: dict[int, list[str]] = {}
    needs = experiment.needs["models"]
    for need in sorted(needs, key=lambda n: n.key):
        sequence = load_prepared(run, need, needs[need]).sequence
        if sequence is not None:
            whole = sequence.silhouettes[sequence.silhouettes.any(axis=(1, 2))]
            frames.setdefault(need.key.angle, []).append(whole)
            owners.setdefault(need.key.angle, []).extend([need.key.subject] * len(whole))
    banks: dict[int, NearestReal] = {}
    for angle, parts in frames.items():
        bank, owner = np.concatenate(parts), np.array(owners[angle], dtype=str)
        chosen = np.unique(np.linspace(0, len(bank) - 1, min(_BANK, len(bank))).round().astype(int))
        if len(np.unique(owner[chosen])) > 1:
            banks[angle] = NearestReal.fit(bank[chosen], owner[chosen])
    return banks


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
