"""Rows of the picture-quality tables: means by set and reference, and paired differences of two colorizers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.pictures.references import measure_of
from gaitbench.evaluation.rows.pictures.training_rows import (
    SETS,
    difference_over_trainings,
    mean_over_trainings,
)
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.uncertainty.bootstrap import SubjectBootstrap
from gaitbench.metrics.uncertainty.multiple_tests import holm
from gaitbench.results.schema import Quality, QualityDifference, SetShare
from gaitbench.results.schema_pictures import PictureMeasure

__all__ = [
    "SETS",
    "adjusted_rows",
    "corrected",
    "difference_rows",
    "measure_rows",
    "paired_pictures",
    "quality_rows",
    "set_rows",
]


def set_rows(sets: Mapping[str, tuple[str, ...]]) -> list[SetShare]:
    """How many probe sequences each set holds."""
    total = max(len(sets), 1)
    counts = {name: sum(name in s for s in sets.values()) for name in SETS}
    return [SetShare(name, count, 100.0 * count / total) for name, count in counts.items()]


def _members(scores: PictureScores, sets: Mapping[str, tuple[str, ...]], name: str) -> NDArray[np.bool_]:
    return np.array([name in sets.get(str(k), ()) for k in scores.keys], dtype=bool)


def _bootstrap(run: RunContext, scores: PictureScores, members: NDArray[np.bool_]) -> SubjectBootstrap:
    return bootstrap_of(run, np.array([k.subject for k in scores.keys], dtype=str)[members])


def quality_rows(
    run: RunContext, scores: Sequence[PictureScores], sets: Mapping[str, tuple[str, ...]]
) -> list[Quality]:
    """Mean PSNR and SSIM over pictures with intervals over subjects; infinite PSNR is counted, not averaged.

    Of a colorizer that was trained more than once: means over the trainings, intervals over subjects and trainings.
    """
    rows: list[Quality] = []
    for part in scores:
        for name in SETS:
            members = _members(part, sets, name)
            if not members.any():
                undefined = (None, None, None)
                rows.append(
                    Quality(
                        part.anonymizer, part.colorizer, name, part.reference, *undefined, *undefined, 0,
                        trainings=part.count,
                    )
                )  # fmt: skip
                continue
            infinite = int(np.isinf(part.values["psnr"][members]).sum())
            rows.append(
                Quality(
                    part.anonymizer, part.colorizer, name, part.reference, *_mean(run, part, "psnr", members),
                    *_mean(run, part, "ssim", members), int(members.sum()), infinite, part.count,
                )
            )  # fmt: skip
    return rows


def _mean(
    run: RunContext, part: PictureScores, measure: str, members: NDArray[np.bool_], *, by_angle: bool = False
) -> tuple[float | None, float | None, float | None]:
    """Mean and interval over people, or over people and trainings; with `by_angle` each angle counts alike."""
    if len(part.trainings) < 2:
        boot, values = _bootstrap(run, part, members), part.values[measure][members]
        angles = np.array([k.angle for k in part.keys])[members]
        return boot.mean_of_means(values, angles) if by_angle else boot.mean(values)
    found = mean_over_trainings(run, part, measure, members, by_angle=by_angle)
    mean, low, high = (float(v) if np.isfinite(v) else None for v in (found.value, found.low, found.high))
    return mean, low, high


#: Sets whose difference is read: their angles must be alike.
_PAIRED_SETS = (("plain", "textural"), ("complete", "incomplete"))


def adjusted_rows(
    run: RunContext, scores: Sequence[PictureScores], sets: Mapping[str, tuple[str, ...]]
) -> list[Quality]:
    """As `quality_rows`, adjusted for the angle: the mean over angles of each angle's mean (post-stratification).

    Silhouettes are incomplete far more often from the side than from the front, where pictures score otherwise: raw
    means of two sets differ by their angles, too. Angles count alike here, and only those at which both sets of a pair
    have pictures with a finite value.
    """
    rows: list[Quality] = []
    for part in scores:
        angles = np.array([k.angle for k in part.keys])
        for pair in _PAIRED_SETS:
            members = {name: _members(part, sets, name) for name in pair}
            for name in pair:
                found = [
                    _adjusted(run, part, m, angles, members[name], list(members.values()))
                    for m in ("psnr", "ssim")
                ]
                count = int(members[name].sum())
                infinite = int(np.isinf(part.values["psnr"][members[name]]).sum())
                rows.append(
                    Quality(
                        part.anonymizer, part.colorizer, name, part.reference, *found[0], *found[1], count, infinite,
                        part.count,
                    )
                )  # fmt: skip
    return rows


def _adjusted(
    run: RunContext,
    part: PictureScores,
    measure: str,
    angles: NDArray[np.int_],
    members: NDArray[np.bool_],
    both: list[NDArray[np.bool_]],
) -> tuple[float | None, float | None, float | None]:
    finite = np.isfinite(part.values[measure])
    common = set.intersection(*(set(angles[m & finite].tolist()) for m in both))
    here = members & finite & np.isin(angles, sorted(common))
    if not here.any():
        return None, None, None
    return _mean(run, part, measure, here, by_angle=True)


def measure_rows(
    run: RunContext, scores: Sequence[PictureScores], sets: Mapping[str, tuple[str, ...]]
) -> list[PictureMeasure]:
    """Means of the measures beyond PSNR and SSIM that the suite asks for, with intervals over subjects."""
    rows: list[PictureMeasure] = []
    for part in scores:
        for name in SETS:
            members = _members(part, sets, name)
            if not members.any():
                continue
            for measure in run.suite.quality.measures:
                values, said = part.values[measure][members], measure_of(measure)
                rows.append(
                    PictureMeasure(
                        part.anonymizer, part.colorizer, name, part.reference, measure,
                        *_mean(run, part, measure, members),
                        int(np.isfinite(values).sum()), said.title or measure, said.unit, said.better,
                    )
                )  # fmt: skip
    return rows


def difference_rows(
    run: RunContext, scores: Sequence[PictureScores], sets: Mapping[str, tuple[str, ...]], a: str, b: str
) -> list[QualityDifference]:
    """Differences `a` minus `b` of two colorizers, paired picture by picture, clustered by subject."""
    index = {(p.anonymizer, p.colorizer, p.reference): p for p in scores}
    rows: list[QualityDifference] = []
    for (anonymizer, colorizer, reference), first in index.items():
        second = index.get((anonymizer, b, reference))
        if colorizer != a or second is None:
            continue
        left, right = paired_pictures(first, second)
        rows += _compared(run, first, second, left, right, sets, (a, b))
    return rows


def corrected(rows: Sequence[QualityDifference]) -> list[QualityDifference]:
    """The rows with p-values corrected (Holm) over all of them: who reads a table reads all its cells, not four."""
    p = holm([np.nan if row.p_value is None else row.p_value for row in rows])
    return [replace(row, p_holm=float(v) if np.isfinite(v) else None) for row, v in zip(rows, p, strict=True)]


def paired_pictures(first: PictureScores, second: PictureScores) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Rows of both that are one picture of one sequence; what only one of them has is left out."""
    place = {(str(k), i): row for row, (k, i) in enumerate(zip(second.keys, second.numbers, strict=True))}
    pairs = [
        (row, place[str(k), i])
        for row, (k, i) in enumerate(zip(first.keys, first.numbers, strict=True))
        if (str(k), i) in place
    ]
    return np.array([p[0] for p in pairs], dtype=int), np.array([p[1] for p in pairs], dtype=int)


def _compared(
    run: RunContext,
    first: PictureScores,
    second: PictureScores,
    left: NDArray[np.int_],
    right: NDArray[np.int_],
    sets: Mapping[str, tuple[str, ...]],
    names: tuple[str, str],
) -> list[QualityDifference]:
    """Rows of one comparison; `corrected` adds Holm's p-values over all of them."""
    inside = {name: _members(first, sets, name)[left] for name in SETS}
    found = [name for name in SETS if inside[name].any()]
    rows: list[QualityDifference] = []
    if not found:
        return rows
    repeated = max(len(first.trainings), len(second.trainings)) > 1
    for measure in ("psnr", "ssim"):
        chosen = [inside[name] for name in found]
        if repeated:
            cells = [
                _over_trainings(run, first, second, measure, left[m], right[m])
                for m in (inside[name] for name in found)
            ]
        else:
            cells = _over_people(run, first, second, measure, left, right, chosen)
        for name, (values, extremes) in zip(found, cells, strict=True):
            mean, low, high, p = (float(v) if np.isfinite(v) else None for v in values)
            rows.append(
                QualityDifference(
                    first.anonymizer, *names, name, first.reference, measure, mean, low, high,
                    int(inside[name].sum()), p, None, first.count, second.count, *extremes,
                )
            )  # fmt: skip
    return rows


_Cell = tuple[tuple[float, float, float, float], tuple[float | None, float | None]]


def _over_trainings(
    run: RunContext,
    first: PictureScores,
    second: PictureScores,
    measure: str,
    left: NDArray[np.int_],
    right: NDArray[np.int_],
) -> _Cell:
    """Value, interval and p over people and trainings; the least and the largest difference of two trainings."""
    found = difference_over_trainings(run, first, second, measure, left, right)
    a, b = found.by_training
    if not np.isfinite(found.value):
        return (found.value, found.low, found.high, found.p_value), (None, None)
    extremes = (float(a.min() - b.max()), float(a.max() - b.min()))
    return (found.value, found.low, found.high, found.p_value), extremes


def _over_people(
    run: RunContext,
    first: PictureScores,
    second: PictureScores,
    measure: str,
    left: NDArray[np.int_],
    right: NDArray[np.int_],
    inside: Sequence[NDArray[np.bool_]],
) -> list[_Cell]:
    """The same over people alone, of every set: one training, or nothing that is trained."""
    subjects = np.array([first.keys[i].subject for i in left], dtype=str)
    boot = bootstrap_of(run, subjects)
    x, y = first.values[measure][left], second.values[measure][right]
    finite = np.isfinite(x) & np.isfinite(y)
    counted = np.stack([members & finite for members in inside], axis=1).astype(np.float64)
    delta = np.where(finite, x - np.where(finite, y, 0.0), 0.0)[:, None]
    below, nothing = boot.sums(subjects, counted), np.zeros((len(boot.names_), len(inside)))
    result = boot.differences(boot.sums(subjects, delta * counted), below, nothing, below)
    assert result.p_value is not None
    columns = (result.value, result.low, result.high, result.p_value)
    return [(tuple(float(c[i]) for c in columns), (None, None)) for i in range(len(inside))]  # type: ignore[misc]
