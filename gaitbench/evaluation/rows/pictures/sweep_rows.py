"""Rows of a sweep: every anonymizer over its settings, success and rank-1 beside overlap, PSNR and SSIM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError, LostArtifactError
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.rows.pictures.equal_success import Point, equal_success
from gaitbench.evaluation.rows.pictures.naturalness_rows import MEASURES
from gaitbench.evaluation.rows.pictures.swept import swept_cells, swept_names, swept_painters
from gaitbench.evaluation.rows.success_rows import bootstrap_of, rank1_of, success_of
from gaitbench.evaluation.stages.anonymize import Anonymized, beside_originals
from gaitbench.evaluation.utility.naturalness import naturalness_of
from gaitbench.registry import ANONYMIZERS
from gaitbench.results.schema_sweep import EqualSuccess, Swept
from gaitbench.suites.building import settings_of
from gaitbench.system_value import SystemValue, base_name, settings_text

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["curves_of", "sweep_rows"]

#: Pictures count the changed shape, too.
_REFERENCE = "original"


def sweep_rows(experiment: Experiment) -> tuple[list[Swept], list[EqualSuccess]]:
    """Measure every swept setting; one that fails is noted in ``run.log.failures`` and left out.

    Returns
    -------
    rows : list of Swept
    equal : list of EqualSuccess
        For each curve with two settings or more, each colorizer and measure.
    """
    rows: list[Swept] = []
    points: dict[tuple[str, str], list[tuple[float, Point]]] = {}
    names = swept_names(experiment.run.suite)
    places = curves_of([SystemValue.parse(text) for text in names])
    for text in names:
        shown = experiment.ladder.views.anonymized(text)
        if not shown.keys:
            continue  # already named as a failure of its own stage
        curve, at = places[text]
        try:
            own, sums = _one_setting(experiment, text, shown)
        except LostArtifactError:
            raise
        except GaitbenchError as error:
            experiment.run.fail("sweep", f"anonymizer={text}", str(error))
            continue
        finally:
            experiment.ladder.views.forget(text)  # some hundred megabytes a setting
        rows += [replace(row, curve=curve, at=at) for row in own]
        for painter, held in sums.items():
            if at is not None:
                points.setdefault((curve, painter), []).append((at, Point(held)))
    suite = experiment.run.suite
    equal: list[EqualSuccess] = []
    for (curve, painter), found in points.items():
        found.sort(key=lambda one: one[0])
        along = [point for _, point in found]
        equal += equal_success(suite.resamples, suite.seed, suite.confidence, curve, painter, along)
    return rows, equal


def _one_setting(
    experiment: Experiment, text: str, shown: Anonymized
) -> tuple[list[Swept], dict[str, dict[str, _Sums]]]:
    """Rows of one setting, and by painter the sums of each person."""
    name, variant = base_name(text), settings_text(text)
    people = sorted(set(experiment.run.suite.split.test))
    outcomes = list(_attacks(experiment, text))
    rows = list(_privacy(experiment, name, variant, outcomes))
    sums: dict[str, dict[str, _Sums]] = {}
    for painter, measures in _pictures(experiment, shown):
        sums[painter] = {"success": _success_sums(outcomes[0], people)}
        for measure, (keys, values) in measures.items():
            rows.append(_mean(experiment, name, variant, painter, measure, keys, values))
            sums[painter][measure] = _sums(keys, values, people)
    return rows, sums


def curves_of(values: Sequence[SystemValue]) -> dict[str, tuple[str, float | None]]:
    """For each swept text the curve that it is on, and where on it.

    The setting of a system that takes most values runs along its curves; those that stay the same name the curve. A
    system's own value stands for a setting that a text does not name. Where that is no number, nothing lies between.
    """
    found: dict[str, tuple[str, float | None]] = {}
    for name in dict.fromkeys(value.name for value in values):
        own = settings_of(ANONYMIZERS.get(name)) or {}
        chosen = {str(v): {**own, **v.chosen} for v in values if v.name == name}
        swept = [chosen[str(v)] for v in values if v.name == name and v.settings]
        keys = {key for v in values if v.name == name for key, _ in v.settings}
        taken = {key: {repr(c.get(key)) for c in swept} for key in keys}
        moving = sorted((key for key in keys if len(taken[key]) > 1), key=lambda k: (-len(taken[k]), k))
        for text, settings in chosen.items():
            same: Any = {key: settings[key] for key in moving[1:]}
            at = settings.get(moving[0]) if moving else None
            number = isinstance(at, int | float) and not isinstance(at, bool)
            found[text] = (str(SystemValue(name, same)), float(at or 0.0) if number else None)
    return found


def _attacks(experiment: Experiment, text: str) -> Iterator[AnyOutcome]:
    """The slides' attack first, then what else the suite has of the sweep's."""
    for cell in swept_cells(experiment.run.suite, text):
        yield experiment.ladder.outcome(cell)


def _privacy(
    experiment: Experiment, name: str, variant: str, outcomes: Sequence[AnyOutcome]
) -> Iterator[Swept]:
    run, first = experiment.run, outcomes[0]
    everyone = np.ones(len(first.subjects), dtype=bool)
    _, s, rate, low, high = success_of(run, first, everyone)
    yield Swept(name, variant, "none", _who(first), "success", rate, low, high, s)
    yield Swept(name, variant, "none", _who(first), "rank1", *rank1_of(run, first), len(first.subjects))
    # one that names strangers as often reads something else than the gait, and counts nowhere (`worst_cases`)
    fit = [o for o in outcomes if not (o.strangers and o.strangers.passed is False)]
    worst = max(fit or outcomes, key=lambda o: float(o.correct_after.mean()))
    yield Swept(name, variant, "none", _who(worst), "worst_rank1", *rank1_of(run, worst), len(worst.subjects))
    for each in fit:
        yield Swept(
            name, variant, "none", _who(each), "attack_rank1", *rank1_of(run, each), len(each.subjects)
        )


def _who(outcome: AnyOutcome) -> str:
    return f"{outcome.attack.attacker}, {outcome.attack.recognizer}"


_Sums = tuple[NDArray[np.float64], NDArray[np.float64]]
_Measured = tuple[list[SequenceKey], NDArray[np.float64]]


def _pictures(experiment: Experiment, shown: Anonymized) -> Iterator[tuple[str, dict[str, _Measured]]]:
    """By painter: the sequence of each value, and the values; the overlap of silhouettes without a painter."""
    natural, names = naturalness_of(experiment.run, shown, experiment.real)
    nearest = natural[MEASURES.index("nearest")]
    yield (
        "none",
        {
            "iou": _overlap(experiment, shown),
            "nearest": ([SequenceKey.parse(name) for name in names], nearest),
        },
    )
    for painter in swept_painters(experiment.run.suite):
        for part in quality.measure(experiment.run, experiment.systems, shown, painter):
            if part.reference == _REFERENCE:
                values = {m: (list(part.keys), part.values[m]) for m in ("psnr", "ssim")}
                yield painter, values


def _overlap(experiment: Experiment, shown: Anonymized) -> _Measured:
    """Intersection over union with the original's silhouette, on the frames that are painted."""
    keys: list[SequenceKey] = []
    values: list[float] = []
    for need, after, original, prepared in beside_originals(experiment.run, shown):
        frames = slice(None) if prepared.pictures is None else prepared.index
        for one, other in zip(after[frames], original.silhouettes[frames], strict=True):
            union = np.count_nonzero(one | other)
            keys.append(need.key)
            values.append(np.count_nonzero(one & other) / union if union else 1.0)
    return keys, np.array(values, dtype=np.float64)


def _mean(
    experiment: Experiment, name: str, variant: str, painter: str, measure: str,
    keys: Sequence[SequenceKey], values: NDArray[np.float64],
) -> Swept:  # fmt: skip
    x = np.where(np.isfinite(values), values, np.nan)
    boot = bootstrap_of(experiment.run, np.array([k.subject for k in keys], dtype=str))
    return Swept(name, variant, painter, "", measure, *boot.mean(x), int(np.isfinite(x).sum()))


def _success_sums(
    outcome: AnyOutcome, people: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    before, after = outcome.correct_before, outcome.correct_after
    own = [outcome.subjects == person for person in people]
    m = np.array([np.count_nonzero(before & ~after & mine) for mine in own], dtype=np.float64)
    return 100.0 * m, np.array([np.count_nonzero(before & mine) for mine in own], dtype=np.float64)


def _sums(
    keys: Sequence[SequenceKey], values: NDArray[np.float64], people: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    place = np.array([people.index(k.subject) for k in keys], dtype=np.int64)
    finite = np.isfinite(values)
    counts = np.bincount(place[finite], minlength=len(people)).astype(np.float64)
    sums = np.bincount(place[finite], values[finite], minlength=len(people)).astype(np.float64)
    return sums, counts
