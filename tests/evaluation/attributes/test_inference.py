"""Sex, bag and coat are told where a gait gives them away, and not where it does not. On gaits of known make."""

from dataclasses import replace

import numpy as np
import pytest

from gaitbench.datasets.attributes import Person
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attributes.classifier import GaitSpace
from gaitbench.evaluation.attributes.inference import infer
from gaitbench.evaluation.claims.recognition import attribute_check
from gaitbench.evaluation.rows.attribute_rows import attribute_rows
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.schema_attacks import Attack
from gaitbench.store import Store, digest
from gaitbench.suites import load_suite

LEARNERS = [f"{n:03d}" for n in range(1, 21)]
TESTED = [f"{n:03d}" for n in range(81, 97)]
ANGLES = (54, 90)


def woman(subject):
    return int(subject) % 2 == 0


class People:
    """A data set that knows the sex of its people; ``silent`` ones do not say it."""

    name, rendered = "made", False

    def __init__(self, *, silent=False):
        if not silent:
            self.person = lambda subject: Person("female" if woman(subject) else "male", 1.7)


class MadeViews:
    """GEIs of noise with a mark for sex, one for a bag and one for a coat, as strong as a system leaves them."""

    def __init__(self, walks=("nm-01", "bg-01", "cl-01"), **systems):
        self.walks, self.systems = {"recognizer": walks, "probe": ("nm-05", "bg-01", "cl-01")}, systems
        self.needs = {"recognizer": [1], "probe": [1]}
        self.failed = {}

    def redraws(self, cell):
        """Made systems draw no noise."""
        return False

    def keys(self, role):
        who = LEARNERS if role == "recognizer" else TESTED
        return tuple(SequenceKey(p, w, a) for p in who for w in sorted(self.walks[role]) for a in ANGLES)

    def rows(self, role, left, name):
        rng = np.random.default_rng(int(digest(name, role), 16))
        x = []
        for key in self.keys(role):
            row = 0.2 * rng.random((8, 6)) if left is not None else np.full((8, 6), 0.5)
            marks = (woman(key.subject), key.condition == "bg", key.condition == "cl")
            for place, (there, strength) in enumerate(zip(marks, left or (0, 0, 0), strict=True)):
                row[2 * place : 2 * place + 2] += strength * there
            x.append(row)
        failures = self.failed if name != "untouched" else {}
        return Features(np.array(x, np.float32), self.keys(role), failures, digest(name, role, self.walks))

    def originals(self, role, reads="gei", source="silhouette"):
        return self.rows(role, (0.3, 0.3, 0.3), "untouched")

    def shown(self, cell, role, draw, reads):
        return self.rows(role, self.systems[cell.anonymizer], cell.anonymizer)


@pytest.fixture
def run(tmp_path):
    suite = replace(load_suite("smoke"), resamples=50)
    return RunContext(suite, People(), Store(tmp_path / "store"))


def cells(*pairs):
    return [
        Cell(name, "none", Attack(attacker, "gei-lda", "silhouette", "all-views")) for name, attacker in pairs
    ]


def told(run, views, *pairs):
    rows, left = attribute_rows(run, views, cells_as_outcomes(cells(*pairs)))
    return {(r.anonymizer, r.attacker, r.attribute): r for r in rows}, left


def cells_as_outcomes(made):
    class One:
        def __init__(self, cell):
            self.anonymizer, self.colorizer, self.attack = cell.anonymizer, cell.colorizer, cell.attack

    return [One(cell) for cell in made]


def test_a_planted_leak_of_sex_is_found_and_nothing_else(run):
    # the mark of a woman stays, elsewhere than in untouched gaits: only who learns from the system's gaits sees it
    views = MadeViews(leaky=(-0.3, 0, 0), original=(0.3, 0.3, 0.3))
    found, left = told(
        run, views, ("original", "ignorant"), ("leaky", "ignorant"), ("leaky", "semi-informed")
    )
    assert left == [] and run.log.failures == []
    for attribute in ("sex", "bag", "coat"):
        assert found["original", "ignorant", attribute].after == 100.0
        assert found["leaky", "semi-informed", attribute].before == 100.0
    sex = found["leaky", "semi-informed", "sex"]
    assert sex.after == 100.0 and sex.after_ci_low > 75
    assert (sex.of, sex.n, sex.n_of, sex.people, sex.learnt) == ("female", 96, 48, 16, 20)
    assert found["leaky", "ignorant", "sex"].after <= 55  # looks where there is nothing
    for attribute in ("bag", "coat"):
        row = found["leaky", "semi-informed", attribute]
        assert row.after_ci_low < 50 < row.after_ci_high, row
        assert row.after < 65


def test_a_constant_is_at_chance_exactly_and_the_run_says_so(run):
    views = MadeViews(constant=None, original=(0.3, 0.3, 0.3))
    rows, _ = attribute_rows(
        run, views, cells_as_outcomes(cells(("constant", "ignorant"), ("constant", "semi-informed")))
    )
    assert {(r.attacker, r.attribute) for r in rows} == {
        (a, n) for a in ("ignorant", "semi-informed") for n in ("sex", "bag", "coat")
    }
    assert all(r.after == 50.0 and r.after_ci_low < 50 < r.after_ci_high for r in rows)
    assert [c.passed for c in attribute_check(rows)] == [True]
    off = [replace(r, after=80.0, after_ci_low=70.0, after_ci_high=90.0) for r in rows[:1]]
    assert [c.passed for c in attribute_check(off)] == [False]
    assert attribute_check([]) == []


def test_what_the_data_do_not_say_is_left_out_with_a_word(run):
    silent = replace(run, dataset=People(silent=True))
    views = MadeViews(("nm-01", "nm-02", "cl-01"), model=(0, 0, 0))
    rows, left = attribute_rows(silent, views, cells_as_outcomes(cells(("model", "ignorant"))))
    assert {r.attribute for r in rows} == {"coat"}
    assert {(row.table, row.what) for row in left} == {("attributes", "sex"), ("attributes", "bag")}
    why = {row.what: row.why for row in left}
    assert why["sex"] == "the data set made does not say it"
    assert why["bag"] == "among the people to learn from nobody walks with a bag"


def test_one_woman_is_nobody_to_learn_from(run):
    people = People()
    people.person = lambda subject: Person("female" if subject in ("002", "082", "084") else "male")
    views = MadeViews(model=(0, 0, 0))
    _, left = infer(replace(run, dataset=people), views, cells(("model", "ignorant")))
    assert left == {"sex": "among the people to learn from 1 person is female"}


def test_attackers_who_see_the_same_are_one_row_and_original_has_the_ordinary_one(run):
    views = MadeViews(model=(0, 0, 0), original=(0.3, 0.3, 0.3))
    attackers = ("ignorant", "lazy-informed", "semi-informed", "informed")
    found, _ = told(run, views, *((m, a) for m in ("model", "original") for a in attackers))
    assert {key[:2] for key in found} == {
        ("model", "ignorant"), ("model", "semi-informed"), ("original", "ignorant"),
    }  # fmt: skip


def test_a_probe_that_could_not_be_anonymized_counts_as_told(run):
    views = MadeViews(constant=None)
    first = {str(k): "broken" for k in views.keys("probe") if k.subject in TESTED[:8]}
    views.failed = first
    found, _ = told(run, views, ("constant", "ignorant"))
    row = found["constant", "ignorant", "sex"]
    assert row.n == 96 and row.after == 75.0


def test_a_data_set_that_answers_amiss_is_a_failed_cell_not_a_crash(run):
    people = People()
    people.person = lambda subject: "a woman"
    rows, left = attribute_rows(
        replace(run, dataset=people),
        MadeViews(model=(0, 0, 0)),
        cells_as_outcomes(cells(("model", "ignorant"))),
    )
    assert rows == [] and {row.what for row in left} == {"sex", "bag", "coat"}
    assert "says of person" in run.log.failures[0].message


def test_an_angle_that_was_not_learnt_is_taken_less_the_mean_of_all():
    x = np.random.default_rng(0).random((30, 4, 3)).astype(np.float32)
    angles = np.repeat([54, 90], 15)
    space = GaitSpace().fit(x, angles)
    known, unknown = space.coordinates(x, angles), space.coordinates(x, np.full(30, 126))
    assert known.shape == unknown.shape == (30, 12) and np.isfinite(unknown).all()
    assert np.allclose(known.mean(axis=0), 0, atol=1e-4) and np.allclose(
        known.std(axis=0, ddof=1), 1, atol=1e-3
    )
    assert np.allclose(
        unknown.mean(axis=0), 0, atol=1e-4
    )  # of all together; each angle keeps what is its own
    assert not np.allclose(unknown[:15].mean(axis=0), 0, atol=1e-2)
