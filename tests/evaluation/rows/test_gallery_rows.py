"""Each attack under each gallery: from the same distances, and the worst case is the worst of them all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.identify import Distances
from gaitbench.evaluation.attacks.outcomes import outcome_of
from gaitbench.evaluation.attacks.strangers import Strangers
from gaitbench.evaluation.claims.recognition import claims
from gaitbench.evaluation.rows.gallery_rows import under_every_gallery
from gaitbench.evaluation.rows.identification_rows import identification_rows
from gaitbench.evaluation.rows.worst_case_rows import candidate_of, worst_case_rows
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.schema_attacks import Attack, worst_cases
from gaitbench.store import Store
from gaitbench.suites import load_suite

PEOPLE = np.array([f"08{s}" for s in range(1, 7)])
ANGLES = (0, 54, 90)
KEYS = tuple(SequenceKey(p, "nm-05", a) for p in PEOPLE for a in ANGLES)
GALLERIES = ("all-views", "same-view", "cross-view")


@pytest.fixture
def run(tmp_path):
    return RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))


def distances(own_view, other_view):
    """Distance of the right person at the probe's own angle and at another; a wrong one is at 0.5 there, and at 0.3."""
    values = np.ones((len(KEYS), len(ANGLES), len(PEOPLE)), np.float32)
    for i, key in enumerate(KEYS):
        right = PEOPLE.tolist().index(key.subject)
        for j, angle in enumerate(ANGLES):
            values[i, j, right] = own_view if angle == key.angle else other_view
            values[i, j, (right + 1) % len(PEOPLE)] = 0.5 if angle == key.angle else 0.3
    return Distances(values, np.array(ANGLES), PEOPLE)


def outcomes(after, strangers=None):
    rows = Features(np.zeros((len(KEYS), 4, 4), np.float32), KEYS, {}, "d")
    return [
        outcome_of(
            "model-2", "none", Attack("ignorant", "robust-vtm", "silhouette", gallery), rows, rows,
            distances(0.1, 0.1), after, strangers,
        )
        for gallery in GALLERIES
    ]  # fmt: skip


def test_the_gallery_decides_who_is_named(run):
    # at the own angle the right person is nearest of the two there, but a wrong one is nearer at every other angle
    found = under_every_gallery(run, [outcomes(distances(0.4, 0.9))])
    first = identification_rows(run, found.outcomes)[0]
    same, cross = found.elsewhere
    assert (first.gallery, first.rank1, first.n) == ("all-views", 0.0, 18)
    assert (same.gallery, same.rank1, same.success, same.n) == ("same-view", 100.0, 0.0, 18)
    assert (cross.gallery, cross.rank1, cross.success, cross.n) == ("cross-view", 0.0, 100.0, 36)
    assert same.counted == "18 probes" and cross.counted == "36 pairs of a probe and a gallery angle"
    assert same.eer is None and first.eer is not None


def test_the_worst_case_is_the_worst_over_the_galleries_and_says_which(run):
    found = under_every_gallery(run, [outcomes(distances(0.4, 0.9))])
    rows = [*identification_rows(run, found.outcomes), *found.elsewhere]
    assert worst_cases(rows)["model-2", "none"].gallery == "same-view"
    worst = worst_case_rows(run, found.candidates)[0]
    assert (worst.naive, worst.rank1, worst.attacks) == (100.0, 100.0, 3)
    assert worst.chosen == "ignorant robust-vtm silhouette same-view: 40"
    check = next(c for c in claims(run, [], [], rows) if "hides from every attacker" in c.name)
    assert not check.passed and "same-view" in check.detail and "the slides' attacker: 0.00 %" in check.detail


def test_an_attack_that_names_strangers_is_no_candidate_under_any_gallery(run):
    named = Strangers(np.repeat(PEOPLE, 50), np.ones(300, bool), 0.2, True)
    found = under_every_gallery(run, [outcomes(distances(0.4, 0.9), named)])
    assert {row.strangers_passed for row in found.elsewhere} == {False}
    assert worst_case_rows(run, found.candidates) == []


def test_rank_1_across_views_is_a_mean_over_pairs_of_angles(run):
    """Also where pairs do not hold equally many probes: two probes are not there at 54 degrees."""
    cross = outcomes(distances(0.4, 0.9))[2]
    keep = np.array([not (k.angle == 54 and k.subject in ("081", "082")) for k in cross.keys])
    after = cross.after.copy()
    right = np.array([PEOPLE.tolist().index(k.subject) for k in cross.keys])
    lost = cross.angles == 54  # probes of this angle are named rightly, no others
    after[lost, right[lost]] = 0.0
    part = replace(
        cross, keys=tuple(k for k, there in zip(cross.keys, keep, strict=True) if there), after=after[keep],
        before=cross.before[keep], failed=cross.failed[keep], gallery_angles=cross.gallery_angles[keep],
        precision=None,
    )  # fmt: skip
    row = identification_rows(run, [part], verified=False)[0]
    assert row.rank1 == pytest.approx(
        100 * 2 / 6
    )  # two of six pairs; over the 32 observations it would be a quarter
    assert row.n == 32


def test_people_whom_a_candidate_did_not_see_are_not_guessed(run):
    some = candidate_of(outcomes(distances(0.4, 0.9))[1])
    other = replace(some, people=some.people[:3], hits=some.hits[:3], trials=some.trials[:3])
    row = worst_case_rows(run, [some, other])[0]
    assert (row.people, row.attacks, row.naive, row.rank1) == (6, 2, 100.0, None)
