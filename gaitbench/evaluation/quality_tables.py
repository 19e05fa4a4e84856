"""Rows of the picture-quality tables: means by set and reference, and paired differences of two colorizers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.context import RunContext
from gaitbench.evaluation.quality import PictureScores
from gaitbench.metrics.statistics import SubjectBootstrap
from gaitbench.results.schema import Quality, QualityDifference, SetShare

__all__ = ["SETS", "difference_rows", "quality_rows", "set_rows"]

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
    subjects = [k.subject for k, m in zip(scores.keys, members, strict=True) if m]
    suite = run.suite
    return SubjectBootstrap(subjects, resamples=suite.resamples, confidence=suite.confidence, seed=suite.seed)


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
            infinite = int(np.isinf(part.psnr[members]).sum())
            rows.append(
                Quality(
                    part.anonymizer, part.colorizer, name, part.reference, *boot.mean(part.psnr[members]),
                    *boot.mean(part.ssim[members]), int(members.sum()), infinite,
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
        place = {(str(k), i): row for row, (k, i) in enumerate(zip(second.keys, second.numbers, strict=True))}
        pairs = [
            (row, place[str(k), i])
            for row, (k, i) in enumerate(zip(first.keys, first.numbers, strict=True))
            if (str(k), i) in place
        ]
        left = np.array([p[0] for p in pairs], dtype=int)
        right = np.array([p[1] for p in pairs], dtype=int)
        for name in SETS:
            members = _members(first, sets, name)[left]
            if not members.any():
                continue
            subjects = [first.keys[i].subject for i in left[members]]
            suite = run.suite
            boot = SubjectBootstrap(
                subjects, resamples=suite.resamples, confidence=suite.confidence, seed=suite.seed
            )
            for measure, x, y in (("psnr", first.psnr, second.psnr), ("ssim", first.ssim, second.ssim)):
                with np.errstate(invalid="ignore"):
                    delta = x[left[members]] - y[right[members]]
                rows.append(
                    QualityDifference(
                        anonymizer, a, b, name, reference, measure, *boot.mean(delta), int(members.sum())
                    )
                )
    return rows
