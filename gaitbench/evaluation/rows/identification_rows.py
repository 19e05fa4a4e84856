"""Rows about identification: the attacker ladder, CMC, gallery size, the tail of subjects, recognition matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gaitbench.evaluation.attacks.blocks.searched import named_at
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.large_outcome import AnyOutcome
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.attacks.verification import NOTHING_VERIFIED
from gaitbench.evaluation.rows.success_rows import bootstrap_of, rank1_of, success_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.metrics import identification as measures
from gaitbench.metrics.gallery_size import success_by_ranks
from gaitbench.results.distances import AttackDistances
from gaitbench.results.schema_attacks import CmcPoint, GallerySize, Identification, Recognition, SubjectTail

__all__ = [
    "attack_distances", "cmc_rows", "gallery_size_rows", "identification_rows", "recognition_rows", "subject_tail_rows",
]  # fmt: skip

#: Sizes of the gallery at which success is stated; the last ones are extrapolated where fewer people are there.
GALLERY_SIZES: tuple[int, ...] = (5, 10, 20, 40, 100, 1000)
#: Highest rank of the CMC.
RANKS = 20
#: How many of the least hidden subjects are named.
TAIL = 5


def attack_distances(outcome: Outcome) -> AttackDistances:
    """What one attack measured, as it is published."""
    a = outcome.attack
    return AttackDistances(
        (outcome.anonymizer, outcome.colorizer, a.attacker, a.recognizer, a.input, a.gallery),
        [str(k) for k in outcome.keys], outcome.subjects.tolist(), outcome.angles, outcome.gallery_angles,
        outcome.failed, outcome.people.tolist(), outcome.before, outcome.after,
    )  # fmt: skip


def _map(outcome: AnyOutcome) -> float | None:
    """Mean average precision over gallery entries in percent; None where a recognizer ranks people alone.

    A probe whose anonymization failed is found (1); one with nothing to look at is not (0).
    """
    if outcome.precision is None or not np.isfinite(outcome.precision).any():
        return None
    found = np.where(outcome.failed, 1.0, np.nan_to_num(outcome.precision.astype(np.float64), nan=0.0))
    return 100.0 * float(found.mean())


def identification_rows(
    run: RunContext, outcomes: Sequence[AnyOutcome], *, verified: bool = True
) -> list[Identification]:
    """One row an attack and system: everything that identification is measured by, over all angles together.

    Parameters
    ----------
    verified : bool
        Also the equal error rate and linkability, which take most of the time; None in the rows otherwise.
    """
    rows: list[Identification] = []
    for outcome in outcomes:
        subjects, people = outcome.subjects, outcome.people
        everyone = np.ones(len(subjects), dtype=bool)
        m, s, success, low, high = success_of(run, outcome, everyone)
        rank1, rank1_low, rank1_high = rank1_of(run, outcome)
        ranks = outcome.ranks_after
        curve = measures.cmc(ranks, 5)
        pairs = outcome.verification(seed=run.suite.seed) if verified else NOTHING_VERIFIED
        attack = outcome.attack
        rows.append(
            Identification(
                anonymizer=outcome.anonymizer, colorizer=outcome.colorizer, attacker=attack.attacker,
                recognizer=attack.recognizer, input=attack.input, gallery=attack.gallery, n=len(subjects),
                people=len(people), rank1=rank1, rank1_ci_low=rank1_low, rank1_ci_high=rank1_high,
                rank5=100.0 * float(curve[4]), map=_map(outcome), eer=pairs.eer,
                d_sys=pairs.d_sys, d_sys_null=pairs.d_sys_null,
                corrected=measures.chance_corrected((rank1 or 0.0) / 100.0, 1.0 / len(people))
                if len(people) > 1 else None,
                mrr=100.0 * float(np.mean(1.0 / ranks)),
                s=s, m=m, success=success, success_ci_low=low, success_ci_high=high,
                noise=run.suite.systems.noise, **_stranger_columns(run, outcome),
            )
        )  # fmt: skip
    return rows


def _stranger_columns(run: RunContext, outcome: AnyOutcome) -> dict[str, Any]:
    """The stranger test of an attack as columns of its row; nothing where it was not made."""
    strangers = outcome.strangers
    if strangers is None or not len(strangers.named):
        return {}
    boot = bootstrap_of(run, strangers.subjects)
    rate, low, high = boot.ratio(strangers.named, np.ones(len(strangers.named), dtype=bool))
    return {
        "strangers_n": len(strangers.named), "strangers": rate, "strangers_ci_low": low, "strangers_ci_high": high,
        "strangers_chance": 100.0 * strangers.chance, "strangers_passed": strangers.passed,
    }  # fmt: skip


def cmc_rows(outcomes: Sequence[AnyOutcome]) -> list[CmcPoint]:
    """Cumulative match characteristic of every attack, ranks 1 to 20 (or as many people as there are)."""
    rows: list[CmcPoint] = []
    for outcome in outcomes:
        a = outcome.attack
        curve = measures.cmc(outcome.ranks_after, min(RANKS, len(outcome.people)))
        names = (outcome.anonymizer, outcome.colorizer, a.attacker, a.recognizer, a.input, a.gallery)
        rows += [CmcPoint(*names, rank, 100.0 * float(rate)) for rank, rate in enumerate(curve, start=1)]
    return rows


def gallery_size_rows(outcomes: Sequence[AnyOutcome]) -> list[GallerySize]:
    """Success of every attack on systems under test, against the number of people in the gallery."""
    rows: list[GallerySize] = []
    for outcome in outcomes:
        if len(outcome.people) < 3:
            continue
        after, before = outcome.ranks_after, outcome.ranks_before
        a = outcome.attack
        rows += [
            GallerySize(
                outcome.anonymizer, outcome.colorizer, a.attacker, a.recognizer, a.input, point.size,
                point.success, point.rank1, point.extrapolated,
            )
            for point in success_by_ranks(after, before, len(outcome.people), sizes=GALLERY_SIZES)
        ]  # fmt: skip
    return rows


def subject_tail_rows(outcomes: Sequence[AnyOutcome]) -> list[SubjectTail]:
    """The five subjects whom each attack identifies most often."""
    return [
        SubjectTail(
            outcome.anonymizer, outcome.colorizer, outcome.attack.attacker, outcome.attack.recognizer,
            outcome.attack.input, subject, probes, 100.0 * share,
        )
        for outcome in outcomes
        for subject, probes, share in measures.subject_tail(outcome.correct_after, outcome.subjects, count=TAIL)
    ]  # fmt: skip


def recognition_rows(ladder: Ladder) -> list[Recognition]:
    """Rank-1 on untouched probes for every gallery angle, probe angle and condition, for each recognizer.

    The mean over the 110 cells of different angles is the field's cross-view figure.
    """
    rows: list[Recognition] = []
    for recognizer, probes, distances in ladder.untouched():
        angles, subjects, good = probes.angles, probes.subjects, probes.good
        conditions = np.array([k.condition for k in probes.keys])
        for condition in dict.fromkeys(conditions.tolist()):
            for i, gallery_angle in enumerate(distances.angles.tolist()):
                for probe_angle in np.unique(angles).tolist():
                    here = good & (conditions == condition) & (angles == probe_angle)
                    if not here.any():
                        continue
                    named = named_at(distances, here, i, angles)
                    rows.append(
                        Recognition(
                            recognizer, condition, int(gallery_angle), int(probe_angle), int(here.sum()),
                            100.0 * float(np.mean(named == subjects[here])),
                        )
                    )  # fmt: skip
    return rows
