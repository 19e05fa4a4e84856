"""Rows of claims of non-inferiority: two colorizers on the same pictures, held against a margin of the suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.pictures.references import measure_of
from gaitbench.evaluation.rows.pictures.quality_rows import paired_pictures
from gaitbench.evaluation.rows.pictures.training_rows import difference_over_trainings
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.measure import PSNR, SSIM, Measure
from gaitbench.metrics.uncertainty.noninferiority import Judged, judge, non_inferiority
from gaitbench.results.schema_pictures import MarginClaim
from gaitbench.suites.parts import Margin

__all__ = ["margin_rows"]


def margin_rows(
    run: RunContext, scores: Sequence[PictureScores], sets: Mapping[str, tuple[str, ...]]
) -> list[MarginClaim]:
    """One row a claim and anonymizer that both colorizers painted; a claim that nothing can be said of is noted."""
    index = {(p.anonymizer, p.colorizer, p.reference): p for p in scores}
    rows: list[MarginClaim] = []
    for claim in run.suite.quality.margins:
        reference = claim.reference_of(run.suite.quality.references)
        cell = f"a={claim.a}, b={claim.b}, measure={claim.measure}, set={claim.set}"
        measure = _measure_of(claim.measure)
        if measure.direction is None:
            run.fail("margins", cell, f"{claim.measure} does not say which way is better")
            continue
        found = []
        for anonymizer in dict.fromkeys(p.anonymizer for p in scores):
            first, second = (index.get((anonymizer, name, reference)) for name in (claim.a, claim.b))
            if first is not None and second is not None:
                found += _row(run, claim, measure, first, second, sets)
        if not found:
            run.fail("margins", cell, "no picture that both painted, and of which the measure says something")
        rows += found
    return rows


def _measure_of(name: str) -> Measure:
    return {"psnr": PSNR, "ssim": SSIM}.get(name) or measure_of(name)


def _row(
    run: RunContext,
    claim: Margin,
    measure: Measure,
    first: PictureScores,
    second: PictureScores,
    sets: Mapping[str, tuple[str, ...]],
) -> list[MarginClaim]:
    first, second = _better(first, measure), _better(second, measure)
    left, right = paired_pictures(first, second)
    inside = [claim.set == "all" or claim.set in sets.get(str(first.keys[i]), ()) for i in left]
    left, right = left[inside], right[inside]
    name, level = measure.name, run.suite.confidence
    finite = np.isfinite(first.values[name][left]) & np.isfinite(second.values[name][right])
    left, right = left[finite], right[finite]
    if not len(left):
        return []
    people = np.array([first.keys[i].subject for i in left], dtype=str)
    judged: Judged
    if max(len(first.trainings), len(second.trainings)) > 1:
        both = difference_over_trainings(run, first, second, name, left, right)
        judged = judge(both.value, both.error, both.freedom, claim.margin, confidence=level)
    else:
        x, y = first.values[name][left], second.values[name][right]
        judged = non_inferiority(x, y, people, claim.margin, confidence=level)
    low, high, p, smallest = (
        float(v) if np.isfinite(v) else None
        for v in (judged.low, judged.high, judged.p_value, judged.smallest)
    )
    return [
        MarginClaim(
            first.anonymizer, claim.a, claim.b, claim.set, first.reference, claim.measure, claim.margin,
            measure.title or measure.name, measure.unit, judged.difference,
            low, high, p, smallest, len(left), len(set(people.tolist())), first.count, second.count,
        )
    ]  # fmt: skip


def _better(part: PictureScores, measure: Measure) -> PictureScores:
    """The same pictures with the values of one measure turned so that more is better."""

    def turned(values: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        own = values[measure.name]
        if measure.direction == "higher":
            return {measure.name: own}
        best = 0.0 if measure.direction == "lower" else float(measure.direction or 0.0)
        away = own if measure.direction == "lower" else np.abs(own - best)
        return {measure.name: -away}

    return replace(part, values=turned(part.values), trainings=tuple(map(turned, part.trainings)))
