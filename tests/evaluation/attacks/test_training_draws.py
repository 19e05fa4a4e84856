"""What learning attackers learn from: several draws of noise, and two groups of people untouched and anonymized."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features, as_other_walks
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.draws import learnt, training_draws
from gaitbench.evaluation.attacks.rungs.joint import Joint
from gaitbench.evaluation.attacks.rungs.semi_informed import SemiInformed
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.results.schema_attacks import Attack
from gaitbench.store import digest
from gaitbench.suites import load_suite

PEOPLE = {"recognizer": ("001", "002"), "models": ("051",)}


class DrawnViews:
    """Rows that say whose they are (first number) and bear their draw's noise (second)."""

    def __init__(self, draws, *, noise=True, fixed=False, failures=()):
        smoke = load_suite("smoke")
        suite = replace(smoke, attacks=replace(smoke.attacks, training_draws=draws))
        self.run = SimpleNamespace(suite=suite)
        self.needs = {role: dict.fromkeys(self.keys(role), "") for role in PEOPLE}
        self.noise, self.fixed, self.failures = noise, fixed, failures

    def keys(self, role):
        return tuple(SequenceKey(p, w, a) for p in PEOPLE[role] for w in ("bg-01", "nm-01") for a in (0, 90))

    def rows(self, role, noises, name, failures=()):
        keys = self.keys(role)
        x = np.array([[int(k.subject), n] for k, n in zip(keys, noises, strict=True)], np.float32)
        return Features(x, keys, dict.fromkeys(failures, "why"), digest(name, role))

    def originals(self, role, reads="gei", source="silhouette"):
        return self.rows(role, [0] * len(self.keys(role)), "untouched")

    def shown(self, cell, role, draw, reads):
        noises = [draw_noise(0, "m", k, draw).random() if self.noise else 1 for k in self.keys(role)]
        return self.rows(role, noises, draw, self.failures)

    def redraws(self, cell):
        return not self.fixed


def cell(source="silhouette"):
    return Cell("m", "none", Attack("semi-informed", "gei-lda", source, "all-views"))


def test_each_further_draw_is_other_noise_and_a_walk_of_its_own():
    views = DrawnViews(3)
    found = SemiInformed().training(views, cell(), "gei", views.originals("recognizer"))
    assert len(found.keys) == len(set(found.keys)) == 24 and len(set(found.x[:, 1].tolist())) == 24
    assert found.subjects.tolist() == [f"{int(s):03d}" for s in found.x[:, 0]]
    assert {k.condition for k in found.keys} == {"nm", "bg"}  # what is worn can still be read of the walk
    # the first draw is that of a suite with one
    alone = learnt(DrawnViews(1), cell(), "recognizer", "gei")
    assert np.array_equal(found.x[:8], alone.x) and found.keys[:8] == alone.keys
    assert found.digest != learnt(DrawnViews(2), cell(), "recognizer", "gei").digest != alone.digest


@pytest.mark.parametrize(
    ("views", "source"),
    [
        (DrawnViews(3, noise=False), "silhouette"),
        (DrawnViews(3, fixed=True), "silhouette"),
        (DrawnViews(3), "resegmented"),
    ],
)
def test_one_draw_where_another_says_nothing_or_cannot_be_made(views, source):
    assert len(training_draws(views, cell(source), "recognizer", "gei")) == 1
    assert learnt(views, cell(source), "recognizer", "gei").keys == views.keys("recognizer")


def test_joint_learns_from_both_groups_untouched_and_anonymized():
    views = DrawnViews(2)
    found = Joint().training(views, cell(), "gei", views.originals("recognizer"))
    people, counts = np.unique(found.subjects, return_counts=True)
    # four sequences each: untouched, and anonymized under two draws, under one name
    assert dict(zip(people.tolist(), counts.tolist(), strict=True)) == {"001": 12, "002": 12, "051": 12}
    assert (found.x[:, 1] == 0).sum() == 12 and len(set(found.keys)) == 36
    seen = {(k.subject, k.walk): set() for k in found.keys}
    for key, row in zip(found.keys, found.x, strict=True):
        seen[key.subject, key.walk].add(bool(row[1] == 0))
    assert all(len(kinds) == 1 for kinds in seen.values()), "views of a walk are shown alike"


def test_joint_goes_on_with_what_did_not_fail_and_with_what_was_handed_in():
    views = DrawnViews(1, failures=["001-nm-01-090"])
    found = Joint().training(views, cell(), "gei", views.originals("recognizer"))
    mine = [str(k) for k in found.keys if k.subject == "001"]
    assert "001-nm-01-090" in mine and "001-nm-01 anonymized-090" not in mine and len(mine) == 7
    handed_in = DrawnViews(1, fixed=True)
    found = Joint().training(handed_in, cell(), "gei", handed_in.originals("recognizer"))
    assert set(found.subjects) == {"001", "002"} and len(found.keys) == 16


@pytest.mark.parametrize("walk", ["nm-01", "U0_D0_BG", "autumn@nm-01"])
def test_a_walk_of_its_own_keeps_session_and_condition(walk):
    key = SequenceKey("001", walk, 0)
    (found,) = as_other_walks(Features(np.zeros((1, 2)), (key,), {}, "d"), "draw 2").keys
    assert (found.condition, found.session) == (key.condition, key.session) and found.walk != walk
    assert SequenceKey.parse(str(found)) == found


def test_renamed_rows_keep_their_failures_and_who_shows_nobody():
    keys = DrawnViews(1).keys("models")
    rows = Features(np.zeros((4, 2)), keys, {str(keys[0]): "why"}, "d", frozenset({str(keys[1])}))
    assert as_other_walks(rows, "x").good.tolist() == rows.good.tolist() == [False, False, True, True]
