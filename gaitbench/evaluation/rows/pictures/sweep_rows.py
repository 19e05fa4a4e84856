"""Rows of a sweep: every anonymizer over its settings, success and rank-1 beside overlap, PSNR and SSIM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.identify import reads_of
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.rows.success_rows import bootstrap_of, rank1_of, success_of
from gaitbench.evaluation.stages.anonymize import Anonymized, by_subject, load_masks
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.metrics.uncertainty.resampling import subject_weights
from gaitbench.registry import ANONYMIZERS
from gaitbench.results.schema_attacks import Attack
from gaitbench.results.schema_sweep import EqualSuccess, Swept
from gaitbench.suites.building import is_default
from gaitbench.system_value import base_name

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["TARGETS", "Point", "equal_success", "sweep_rows", "swept_names"]

#: Success (percent) at which quality is compared (ours; the slides' range is 79.04 to 93.61).
TARGETS = (50.0, 80.0, 90.0)
#: Who attacks in a sweep, of those whom the suite has (ours): nothing of theirs takes minutes for each setting.
_ATTACKERS = ("ignorant", "semi-informed")
#: Pictures count the changed shape, too.
_REFERENCE = "original"
#: Share of resamples that must reach a success before its quality has an interval.
_REACHED = 0.95


@dataclass(frozen=True)
class Point:
    """One choice of settings by person: the sums that success and the quality measures are ratios of.

    Parameters
    ----------
    sums : dict of str to tuple of float64 arrays (S,)
        Measure -> sum and count of every test person; of ``success`` M and S.
    """

    sums: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]

    def value(self, measure: str, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """The ratio, for each resample (B, S) of people; NaN where nobody counts."""
        top, bottom = self.sums[measure]
        drawn = np.ones((1, len(top))) if weights is None else weights
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(drawn @ top / (drawn @ bottom), dtype=np.float64)


def swept_names(experiment: Experiment) -> list[str]:
    """Texts of everything that is swept: the suite's own setting of each system first, if it is not among them."""
    values = experiment.run.suite.extras.sweep
    there = {value.name for value in values if is_default(ANONYMIZERS, value)}
    bases = {value.name for value in values}
    names = experiment.run.suite.systems.anonymizer_names
    own = [n for n in names if base_name(n) in bases and not (n in there and base_name(n) == n)]
    return list(dict.fromkeys([*own, *map(str, values)]))


def sweep_rows(experiment: Experiment) -> tuple[list[Swept], list[EqualSuccess]]:
    """Measure every swept setting; one that fails is noted in ``run.log.failures`` and left out.

    Returns
    -------
    rows : list of Swept
    equal : list of EqualSuccess
        For each anonymizer with two settings or more, each colorizer and measure.
    """
    rows: list[Swept] = []
    points: dict[tuple[str, str], list[Point]] = {}
    people = sorted(set(experiment.run.suite.split.test))
    for text in swept_names(experiment):
        shown = experiment.ladder.views.anonymized(text)
        if not shown.keys:
            continue  # already named as a failure of its own stage
        name, _, inside = text.partition("[")
        try:
            outcomes = list(_attacks(experiment, text))
            rows += _privacy(experiment, name, inside.removesuffix("]"), outcomes)
            found = list(_pictures(experiment, shown))
        except GaitbenchError as error:
            experiment.run.fail("sweep", f"anonymizer={text}", str(error))
            continue
        for painter, measures in found:
            sums = {"success": _success_sums(outcomes[0], people)}
            for measure, (keys, values) in measures.items():
                rows.append(_mean(experiment, name, inside.removesuffix("]"), painter, measure, keys, values))
                sums[measure] = _sums(keys, values, people)
            points.setdefault((name, painter), []).append(Point(sums))
    equal = [row for (name, painter), own in points.items() for row in equal_success(experiment.run.suite.resamples,
             experiment.run.suite.seed, experiment.run.suite.confidence, name, painter, own)]  # fmt: skip
    return rows, equal


def _attacks(experiment: Experiment, text: str) -> Iterator[Outcome]:
    """The slides' attack first, then what else the suite has of the sweep's."""
    suite = experiment.run.suite
    own = [r for r in suite.systems.recognizer_names if reads_of(r) != "pictures"]
    if not own:
        raise GaitbenchError("no recognizer of the suite reads silhouettes")
    others = [r for r in suite.attacks.recognizer_names if r in map(str, suite.extras.sweep_recognizers)]
    pairs = [("ignorant", own[0])]
    pairs += [(a, r) for a in _ATTACKERS if a in suite.attacks.attackers for r in [own[0], *others]]
    for attacker, recognizer in dict.fromkeys(pairs):
        attack = Attack(attacker, recognizer, "silhouette", "all-views")
        yield experiment.ladder.outcome(Cell(text, "none", attack))


def _privacy(experiment: Experiment, name: str, variant: str, outcomes: Sequence[Outcome]) -> Iterator[Swept]:
    run, first = experiment.run, outcomes[0]
    everyone = np.ones(len(first.subjects), dtype=bool)
    _, s, rate, low, high = success_of(run, first, everyone)
    yield Swept(name, variant, "none", _who(first), "success", rate, low, high, s)
    yield Swept(name, variant, "none", _who(first), "rank1", *rank1_of(run, first), len(first.subjects))
    worst = max(outcomes, key=lambda o: float(o.correct_after.mean()))
    yield Swept(name, variant, "none", _who(worst), "worst_rank1", *rank1_of(run, worst), len(worst.subjects))


def _who(outcome: Outcome) -> str:
    return f"{outcome.attack.attacker}, {outcome.attack.recognizer}"


_Measured = tuple[list[SequenceKey], NDArray[np.float64]]


def _pictures(experiment: Experiment, shown: Anonymized) -> Iterator[tuple[str, dict[str, _Measured]]]:
    """By painter: the sequence of each value, and the values; the overlap of silhouettes without a painter."""
    yield "none", {"iou": _overlap(experiment, shown)}
    suite = experiment.run.suite
    chosen = suite.extras.sweep_painted_by or suite.quality.others_painted_by or suite.systems.colorizers[:1]
    for painter in map(str, chosen):
        for part in quality.measure(experiment.run, experiment.systems, shown, painter):
            if part.reference == _REFERENCE:
                values = {m: (list(part.keys), part.values[m]) for m in ("psnr", "ssim")}
                yield painter, values


def _overlap(experiment: Experiment, shown: Anonymized) -> _Measured:
    """Intersection over union with the original's silhouette, on the frames that are painted."""
    keys: list[SequenceKey] = []
    values: list[float] = []
    for subject, needs in by_subject(shown.needs).items():
        masks, _ = load_masks(experiment.run, shown.keys[subject])
        for need in needs:
            prepared, after = (
                load_prepared(experiment.run, need, shown.needs[need]),
                masks.get(str(need.key)),
            )
            if prepared.sequence is None or after is None:
                continue
            frames = slice(None) if prepared.pictures is None else prepared.index
            for one, other in zip(after[frames], prepared.sequence.silhouettes[frames], strict=True):
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


def _success_sums(outcome: Outcome, people: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
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


def equal_success(
    resamples: int, seed: int, confidence: float, name: str, painter: str, points: Sequence[Point]
) -> Iterator[EqualSuccess]:
    """Quality at each of `TARGETS`, linear between the settings that lie around it.

    Parameters
    ----------
    resamples, seed, confidence
        Of the bootstrap over people; success and quality are drawn together.
    name, painter : str
    points : sequence of Point
        One a setting; with fewer than two nothing lies between.
    """
    if len(points) < 2:
        return
    weights = subject_weights(len(points[0].sums["success"][0]), resamples, seed)
    reached = np.array([p.value("success")[0] for p in points])
    drawn = np.stack([p.value("success", weights) for p in points], axis=1)
    for measure in [m for m in points[0].sums if m != "success"]:
        exact = np.array([p.value(measure)[0] for p in points])
        held = np.stack([p.value(measure, weights) for p in points], axis=1)
        for target in TARGETS:
            value = _between(reached, exact, target)
            many = np.array([_between(x, y, target) for x, y in zip(drawn, held, strict=True)])
            known = many[np.isfinite(many)]
            low = high = None
            if np.isfinite(value) and len(known) >= _REACHED * len(many):
                low, high = (
                    float(q) for q in np.quantile(known, [0.5 - confidence / 2, 0.5 + confidence / 2])
                )
            yield EqualSuccess(
                target, name, painter, measure, float(value) if np.isfinite(value) else None, low, high,
                float(reached.min()), float(reached.max()), len(points),
            )  # fmt: skip


def _between(success: NDArray[np.float64], quality_of: NDArray[np.float64], target: float) -> float:
    """Quality at `target`, linear between neighbours in success; NaN where the settings do not reach it.

    A setting whose quality is undefined (identical pictures have no PSNR) stands for nothing.
    """
    kept = np.isfinite(success) & np.isfinite(quality_of)
    x, y = success[kept], quality_of[kept]
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    if len(x) < 2 or not x[0] <= target <= x[-1]:
        return float("nan")
    return float(np.interp(target, x, y))
