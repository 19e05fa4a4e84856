"""Rows of human ratings: the mean of each system over raters and clips, and how far the raters agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from gaitbench.datasets.ratings import Rating, Ratings
from gaitbench.metrics.agreement import krippendorff_alpha
from gaitbench.results.record import Record
from gaitbench.results.schema_pictures import Rated

__all__ = ["rating_rows", "with_ratings"]

#: What the row over all systems together is called; it has agreement and no mean.
TOGETHER = "all systems"


def with_ratings(record: Record, ratings: Ratings) -> Record:
    """The record with the rows of a file of ratings, and the hash of that file."""
    provenance = {
        **record.provenance,
        "ratings": {"sha256": ratings.sha256, "scores": len(ratings.rows)},
    }
    tables = {**record.tables, "ratings": rating_rows(ratings.rows, record.confidence)}
    return Record(
        provenance, tables, stages=record.stages, checks=record.checks, failures=record.failures,
        samples=record.samples, scores=record.score_parts, distances=record.distances,
    )  # fmt: skip


def rating_rows(ratings: Sequence[Rating], confidence: float) -> list[Rated]:
    """One row a system in the order of the file, and one for all of them together.

    Raters and clips are both samples. The variance of a mean is that of scores clustered both ways: by rater plus by
    clip less by score (Cameron, Gelbach, Miller, J. Bus. Econ. Stat. 29 (2011)), at least the larger of the first two;
    Student's t with one degree of freedom fewer than the fewer of both. One rater or one clip has no interval.
    """
    systems = list(dict.fromkeys(one.system for one in ratings))
    rows = []
    for system in systems:
        own = [one for one in ratings if one.system == system]
        mean, low, high = _mean(own, confidence)
        rows.append(Rated(system, mean, low, high, *_counts(own), *_agreement(own)))
    if len(systems) > 1:
        rows.append(Rated(TOGETHER, None, None, None, *_counts(ratings), *_agreement(ratings)))
    return rows


def _counts(ratings: Sequence[Rating]) -> tuple[int, int, int]:
    units = {(one.clip, one.system) for one in ratings}
    return len(ratings), len({one.rater for one in ratings}), len(units)


def _mean(ratings: Sequence[Rating], confidence: float) -> tuple[float, float | None, float | None]:
    scores = np.array([one.score for one in ratings])
    mean = float(scores.mean())
    away = (scores - mean) / len(scores)
    sizes, parts = [], []
    for names in ([one.rater for one in ratings], [one.clip for one in ratings]):
        _, place = np.unique(names, return_inverse=True)
        count = int(place.max()) + 1
        sizes.append(count)
        parts.append(count / max(count - 1, 1) * float(np.sum(np.bincount(place, away) ** 2)))
    if min(sizes) < 2:
        return mean, None, None
    variance = max(sum(parts) - float(np.sum(away**2)), *parts)
    half = float(stdtrit(min(sizes) - 1, 0.5 + confidence / 2)) * float(np.sqrt(variance))
    return mean, mean - half, mean + half


def _agreement(ratings: Sequence[Rating]) -> tuple[float | None, float | None]:
    """Alpha of ranks and of numbers; a unit is a clip as one system shows it."""
    raters = {name: row for row, name in enumerate(dict.fromkeys(one.rater for one in ratings))}
    units = {unit: column for column, unit in enumerate(dict.fromkeys((r.clip, r.system) for r in ratings))}
    table: NDArray[np.float64] = np.full((len(raters), len(units)), np.nan)
    for one in ratings:
        table[raters[one.rater], units[one.clip, one.system]] = one.score
    found = (krippendorff_alpha(table, "ordinal"), krippendorff_alpha(table, "interval"))
    ordinal, interval = (float(value) if np.isfinite(value) else None for value in found)
    return ordinal, interval
