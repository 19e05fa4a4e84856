"""Rows of the success-rate and competence tables (PROTOCOL, Success rate)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.context import RunContext
from gaitbench.evaluation.features import Features
from gaitbench.evaluation.identification import Naming
from gaitbench.metrics.statistics import SubjectBootstrap, success_rate
from gaitbench.results.schema import Competence, SuccessRate

__all__ = ["Outcome", "competence_rows", "outcome_of", "score_rows", "success_rows"]

#: The condition name under which all probes together stand in the competence table.
ALL = "all"


@dataclass(frozen=True)
class Outcome:
    """What one attack found out about the probes of one anonymizer.

    Parameters
    ----------
    probes : Features
        The untouched probes that could be read (rows of everything below).
    correct_before, correct_after : bool array (n,)
        Named correctly at rank 1. A probe whose anonymization failed counts as named correctly afterwards.
    named_before, named_after : str array (n,)
    """

    anonymizer: str
    recognizer: str
    gallery: str
    gallery_size: int
    probes: Features
    correct_before: NDArray[np.bool_]
    correct_after: NDArray[np.bool_]
    named_before: NDArray[np.str_]
    named_after: NDArray[np.str_]


def outcome_of(
    anonymizer: str,
    recognizer: str,
    gallery: str,
    gallery_size: int,
    original: Features,
    before: Naming,
    anonymized: Features,
    after: Naming,
) -> Outcome:
    """Join the naming of the untouched and the anonymized probes, row by row."""
    if original.keys != anonymized.keys:
        raise ValueError("the anonymized probes are not those of the originals, row by row")
    keep = np.array([str(k) not in original.failures for k in original.keys])
    failed = np.array([str(k) in anonymized.failures for k in original.keys])
    subjects = original.subjects
    correct_after = (after.named == subjects) | failed
    return Outcome(
        anonymizer=anonymizer,
        recognizer=recognizer,
        gallery=gallery,
        gallery_size=gallery_size,
        probes=original.usable(),
        correct_before=(before.named == subjects)[keep],
        correct_after=correct_after[keep],
        named_before=before.named[keep],
        named_after=after.named[keep],
    )


def _bootstrap(run: RunContext, subjects: NDArray[np.str_]) -> SubjectBootstrap:
    suite = run.suite
    return SubjectBootstrap(
        subjects.tolist(), resamples=suite.resamples, confidence=suite.confidence, seed=suite.seed
    )


def success_rows(run: RunContext, outcome: Outcome, colorizers: tuple[str, ...]) -> list[SuccessRate]:
    """One row an angle and colorizer.

    The attacker reads silhouettes, which no colorizer changes (the output is multiplied by the same silhouette): the
    rows of the colorizers are equal, and a check of every run says whether they are.
    """
    rows: list[SuccessRate] = []
    angles = outcome.probes.angles
    for angle in run.angles_probed:
        here = angles == angle
        before, after = outcome.correct_before[here], outcome.correct_after[here]
        n = int(here.sum())
        m, s, rate = success_rate(before, after)
        low = high = None
        if s:
            boot = _bootstrap(run, outcome.probes.subjects[here])
            _, low, high = boot.ratio(before & ~after, before)
        for colorizer in colorizers:
            rows.append(
                SuccessRate(
                    anonymizer=outcome.anonymizer, colorizer=colorizer, attacker="ignorant",
                    recognizer=outcome.recognizer, input="silhouette", gallery=outcome.gallery, angle=angle,
                    n=n, s=s, m=m, rate=rate, ci_low=low, ci_high=high,
                    chance=100.0 * (1.0 - 1.0 / outcome.gallery_size),
                    rank1_before=100.0 * float(before.mean()) if n else None,
                    rank1_after=100.0 * float(after.mean()) if n else None,
                )
            )  # fmt: skip
    return rows


def competence_rows(run: RunContext, outcome: Outcome) -> list[Competence]:
    """Rank-1 on untouched probes by condition and angle, and the mean over the angles."""
    probes = outcome.probes
    conditions = np.array([k.condition for k in probes.keys])
    names = list(dict.fromkeys(w.split("-")[0] for w in run.suite.walks.probe))
    rows: list[Competence] = []
    for condition in [*names, ALL]:
        group = np.ones(len(conditions), bool) if condition == ALL else conditions == condition
        if not group.any():
            continue
        boot = _bootstrap(run, probes.subjects[group])
        correct, angles = outcome.correct_before[group], probes.angles[group]
        rows.append(
            Competence(
                outcome.recognizer, outcome.gallery, condition, None, int(group.sum()),
                *boot.mean_of_ratios(correct, np.ones(len(correct)), angles),
            )
        )  # fmt: skip
        for angle in run.angles_probed:
            here = angles == angle
            rows.append(
                Competence(
                    outcome.recognizer, outcome.gallery, condition, angle, int(here.sum()),
                    *boot.ratio(correct & here, here),
                )
            )  # fmt: skip
    return rows


def score_rows(outcome: Outcome) -> list[dict[str, object]]:
    """Rows of ``scores.parquet``: who was named for each probe, before and after."""
    rows: list[dict[str, object]] = []
    columns = (
        ("correct_before", outcome.correct_before, outcome.named_before),
        ("correct_after", outcome.correct_after, outcome.named_after),
    )
    for measure, correct, named in columns:
        for i, key in enumerate(outcome.probes.keys):
            rows.append(
                {
                    "kind": "identification", "key": str(key), "subject": key.subject, "walk": key.walk,
                    "condition": key.condition, "angle": key.angle, "anonymizer": outcome.anonymizer,
                    "colorizer": "none", "attacker": "ignorant", "recognizer": outcome.recognizer,
                    "input": "silhouette", "gallery": outcome.gallery, "set": "", "reference": "",
                    "measure": measure, "value": float(correct[i]), "named": str(named[i]),
                }
            )  # fmt: skip
    return rows
