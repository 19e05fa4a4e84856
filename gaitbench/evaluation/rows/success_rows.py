"""Rows of the success-rate and competence tables (PROTOCOL, Success rate)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gaitbench.datasets.key_text import walk_parts
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.scores import score_frame, score_table
from gaitbench.metrics.statistics import success_rate
from gaitbench.metrics.uncertainty.bootstrap import SubjectBootstrap
from gaitbench.results.schema import Competence, SuccessRate

__all__ = [
    "bootstrap_of",
    "competence_rows",
    "pairs_of",
    "rank1_of",
    "score_rows",
    "success_of",
    "success_rows",
]

#: The condition name under which all probes together stand in the competence table.
ALL = "all"


def bootstrap_of(run: RunContext, subjects: NDArray[np.str_]) -> SubjectBootstrap:
    """Resamples of these subjects with the suite's settings."""
    suite = run.suite
    return SubjectBootstrap(
        subjects.tolist(), resamples=suite.resamples, confidence=suite.confidence, seed=suite.seed
    )


def success_of(
    run: RunContext, outcome: AnyOutcome, here: NDArray[np.bool_]
) -> tuple[int, int, float | None, float | None, float | None]:
    """M, S, rate and its interval over the chosen observations.

    Under ``cross-view`` the rate is the mean over the gallery angles, unrounded before the mean; M and S are counted
    over all pairs of probe and gallery angle.
    """
    before, after = outcome.correct_before[here], outcome.correct_after[here]
    m, s, rate = success_rate(before, after)
    if not s:
        return m, s, None, None, None
    boot = bootstrap_of(run, outcome.subjects[here])
    if outcome.attack.gallery == "cross-view":
        return m, s, *boot.mean_of_ratios(before & ~after, before, pairs_of(outcome)[here])
    _, low, high = boot.ratio(before & ~after, before)
    return m, s, rate, low, high


def rank1_of(
    run: RunContext, outcome: AnyOutcome, here: NDArray[np.bool_] | None = None
) -> tuple[float | None, float | None, float | None]:
    """Percent of the chosen observations (all of them) named rightly after anonymization, with its interval.

    Under ``cross-view`` the mean over the pairs of gallery and probe angle, unrounded before the mean.
    """
    chosen = np.ones(len(outcome.subjects), dtype=bool) if here is None else here
    if not chosen.any():
        return None, None, None
    boot, everyone = bootstrap_of(run, outcome.subjects[chosen]), np.ones(int(chosen.sum()), dtype=bool)
    right = outcome.correct_after[chosen]
    if outcome.attack.gallery == "cross-view":
        return boot.mean_of_ratios(right, everyone, pairs_of(outcome)[chosen])
    return boot.ratio(right, everyone)


def pairs_of(outcome: AnyOutcome) -> NDArray[np.int64]:
    """The pair of gallery and probe angle of each observation, as one number."""
    return outcome.gallery_angles * 1000 + outcome.angles


def success_rows(run: RunContext, outcome: AnyOutcome, colorizers: tuple[str, ...]) -> list[SuccessRate]:
    """One row an angle and colorizer.

    An attacker who reads silhouettes sees nothing that a colorizer changes (the output is multiplied by the same
    silhouette): the rows of the colorizers are equal, and a check of every run says whether they are.
    """
    rows: list[SuccessRate] = []
    attack = outcome.attack
    for angle in run.angles_probed:
        here = outcome.angles == angle
        before, after = outcome.correct_before[here], outcome.correct_after[here]
        n = int(here.sum())
        m, s, rate, low, high = success_of(run, outcome, here)
        for colorizer in colorizers:
            rows.append(
                SuccessRate(
                    anonymizer=outcome.anonymizer, colorizer=colorizer, attacker=attack.attacker,
                    recognizer=attack.recognizer, input=attack.input, gallery=attack.gallery, angle=angle,
                    n=n, s=s, m=m, rate=rate, ci_low=low, ci_high=high,
                    chance=100.0 * (1.0 - 1.0 / len(outcome.people)),
                    rank1_before=100.0 * float(before.mean()) if n else None,
                    rank1_after=100.0 * float(after.mean()) if n else None,
                )
            )  # fmt: skip
    return rows


def competence_rows(run: RunContext, outcome: AnyOutcome) -> list[Competence]:
    """Rank-1 on untouched probes by condition and angle, and the mean over the angles."""
    conditions = np.array([k.condition for k in outcome.keys])
    names = list(dict.fromkeys(walk_parts(w)[1] for w in run.suite.walks.probe))
    recognizer, gallery = outcome.attack.recognizer, outcome.attack.gallery
    rows: list[Competence] = []
    for condition in [*names, ALL]:
        group = np.ones(len(conditions), bool) if condition == ALL else conditions == condition
        if not group.any():
            continue
        boot = bootstrap_of(run, outcome.subjects[group])
        correct, angles = outcome.correct_before[group], outcome.angles[group]
        rows.append(
            Competence(
                recognizer, gallery, condition, None, int(group.sum()),
                *boot.mean_of_ratios(correct, np.ones(len(correct)), angles),
            )
        )  # fmt: skip
        for angle in run.angles_probed:
            here = angles == angle
            rows.append(
                Competence(
                    recognizer, gallery, condition, angle, int(here.sum()), *boot.ratio(correct & here, here)
                )
            )
    return rows


def score_rows(outcome: AnyOutcome) -> pd.DataFrame:
    """Rows of ``scores.parquet``: who was named for each probe, before and after.

    Under ``cross-view`` the value is the share of gallery angles at which the probe is named correctly.
    """
    names = np.array([str(k) for k in outcome.keys])
    _, index, count = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(index)
    keys = [outcome.keys[i] for i in index[order]]
    attack = outcome.attack
    frames = []
    for measure, correct, named in (
        ("correct_before", outcome.correct_before, outcome.named_before),
        ("correct_after", outcome.correct_after, outcome.named_after),
    ):
        share = np.bincount(count, weights=correct) / np.bincount(count)
        who = "" if attack.gallery == "cross-view" else named[index[order]].tolist()
        frames.append(
            score_frame(
                keys, share[order], named=who, kind="identification", measure=measure,
                anonymizer=outcome.anonymizer, colorizer=outcome.colorizer, attacker=attack.attacker,
                recognizer=attack.recognizer, input=attack.input, gallery=attack.gallery,
            )
        )  # fmt: skip
    return score_table(frames)
