"""Rows of the picture-quality tables: means by set and reference, and paired differences of two colorizers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.pictures.references import measure_of
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics.bootstrap import SubjectBootstrap
from gaitbench.metrics.multiple_tests import holm
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

#: The four test sets of the slides, in their order.
SETS: tuple[str, ...] = ("plain", "textural", "complete", "incomplete")


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
    """Mean PSNR and SSIM over pictures with intervals over subjects; infinite PSNR is counted, not averaged."""
    rows: list[Quality] = []
    for part in scores:
        for name in SETS:
            members = _members(part, sets, name)
            if not members.any():
                undefined = (None, None, None)
                rows.append(
                    Quality(part.anonymizer, part.colorizer, name, part.reference, *undefined, *undefined, 0)
                )
                continue
            boot = _bootstrap(run, part, members)
            infinite = int(np.isinf(part.values["psnr"][members]).sum())
            rows.append(
                Quality(
                    part.anonymizer, part.colorizer, name, part.reference, *boot.mean(part.values["psnr"][members]),
                    *boot.mean(part.values["ssim"][members]), int(members.sum()), infinite,
                )
            )  # fmt: skip
    return rows


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
                    _adjusted(run, part, part.values[m], angles, members[name], list(members.values()))
                    for m in ("psnr", "ssim")
                ]
                count = int(members[name].sum())
                infinite = int(np.isinf(part.values["psnr"][members[name]]).sum())
                rows.append(
                    Quality(
                        part.anonymizer, part.colorizer, name, part.reference, *found[0], *found[1], count, infinite
                    )
                )  # fmt: skip
    return rows


def _adjusted(
    run: RunContext,
    part: PictureScores,
    values: NDArray[np.float64],
    angles: NDArray[np.int_],
    members: NDArray[np.bool_],
    both: list[NDArray[np.bool_]],
) -> tuple[float | None, float | None, float | None]:
    finite = np.isfinite(values)
    common = set.intersection(*(set(angles[m & finite].tolist()) for m in both))
    here = members & finite & np.isin(angles, sorted(common))
    if not here.any():
        return None, None, None
    return _bootstrap(run, part, here).mean_of_means(values[here], angles[here])


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
            boot = _bootstrap(run, part, members)
            for measure in run.suite.quality.measures:
                values, said = part.values[measure][members], measure_of(measure)
                rows.append(
                    PictureMeasure(
                        part.anonymizer, part.colorizer, name, part.reference, measure, *boot.mean(values),
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
    suite = run.suite
    subjects = np.array([first.keys[i].subject for i in left], dtype=str)
    inside = {name: _members(first, sets, name)[left] for name in SETS}
    found = [name for name in SETS if inside[name].any()]
    rows: list[QualityDifference] = []
    if not found:
        return rows
    boot = SubjectBootstrap(subjects, resamples=suite.resamples, confidence=suite.confidence, seed=suite.seed)
    for measure in ("psnr", "ssim"):
        x, y = first.values[measure][left], second.values[measure][right]
        finite = np.isfinite(x) & np.isfinite(y)
        counted = np.stack([inside[name] & finite for name in found], axis=1).astype(np.float64)
        delta = np.where(finite, x - np.where(finite, y, 0.0), 0.0)[:, None]
        below, nothing = boot.sums(subjects, counted), np.zeros((len(boot.names_), len(found)))
        result = boot.differences(boot.sums(subjects, delta * counted), below, nothing, below)
        assert result.p_value is not None
        for i, name in enumerate(found):
            values = (result.value[i], result.low[i], result.high[i], result.p_value[i])
            mean, low, high, p = (float(v) if np.isfinite(v) else None for v in values)
            rows.append(
                QualityDifference(
                    first.anonymizer, *names, name, first.reference, measure, mean, low, high,
                    int(inside[name].sum()), p,
                )
            )  # fmt: skip
    return rows
