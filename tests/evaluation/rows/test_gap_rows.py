"""Who is hidden less: a planted gap is found, none is not, and what the data do not know is left out."""

from dataclasses import replace

import numpy as np
import pytest

from gaitbench.datasets.attributes import Person
from gaitbench.evaluation.rows.gap_rows import gap_rows
from gaitbench.evaluation.rows.worst_case_rows import Candidate
from gaitbench.evaluation.run.context import RunContext
from gaitbench.results.schema_attacks import Attack
from gaitbench.store import Store
from gaitbench.suites import load_suite

PEOPLE = np.array([f"{n:03d}" for n in range(81, 121)])
WOMEN = np.array([int(p) % 2 == 0 for p in PEOPLE])
TRIALS = 33


class People:
    name, rendered = "made", False

    def __init__(self, person=None):
        if person is not None:
            self.person = person


def person(subject):
    """Height has nothing to do with sex here."""
    return Person("female" if int(subject) % 2 == 0 else "male", 1.5 + 0.01 * ((int(subject) // 2) % 20))


def attack(
    name, share, *, women=None, attacker="semi-informed", recognizer="gei-lda", gallery="all-views", **more
):
    rng = np.random.default_rng(len(name) + round(1000 * share))
    rate = np.where(WOMEN, share if women is None else women, share)
    hits = rng.binomial(TRIALS, rate).astype(float)
    full = np.full(len(PEOPLE), float(TRIALS))
    values = {"known": full, "lost": full - hits, "eligible": True, "colorizer": "none"} | more
    a = Attack(attacker, recognizer, "silhouette", gallery)
    return Candidate(name, values["colorizer"], a, PEOPLE, hits, full, values["known"], values["lost"],
                     values["eligible"])  # fmt: skip


def untouched():
    return attack("original", 0.9, attacker="ignorant", recognizer="robust-vtm", eligible=False)


@pytest.fixture
def run(tmp_path):
    return RunContext(load_suite("quick"), People(person), Store(tmp_path / "store"))


def test_a_planted_gap_is_found_among_women_and_not_among_the_tall(run):
    rows, left = gap_rows(run, [attack("model-2", 0.05, women=0.35), untouched()])
    assert left == []
    found = {(r.anonymizer, r.first): r for r in rows}
    assert set(found) == {(a, g) for a in ("model-2", "original") for g in ("women", "tall")}
    women = found["model-2", "women"]
    assert (women.first_people, women.second_people, women.first_n) == (20, 20, 20 * TRIALS)
    assert women.difference == pytest.approx(women.first_rank1 - women.second_rank1)
    assert 20 < women.ci_low < women.difference < women.ci_high and women.p_value < 1e-5
    assert women.p_value <= women.p_holm < 1e-4
    assert women.first_success == pytest.approx(100 - women.first_rank1)
    for other in (found["model-2", "tall"], found["original", "women"], found["original", "tall"]):
        assert other.ci_low < 0 < other.ci_high and other.p_holm > 0.05, other
    assert {r.anonymizer: r.role for r in rows} == {"model-2": "worst case", "original": "untouched"}


def test_the_worst_case_of_every_gallery_and_the_slides_cell_stand_there(run):
    slides = attack("model-2", 0.03, attacker="ignorant", recognizer="robust-vtm")
    candidates = [
        slides, attack("model-2", 0.2), attack("model-2", 0.4, gallery="same-view"),
        attack("model-2", 0.9, eligible=False),  # fails its stranger test
        attack("blur", 0.5), attack("model-2", 0.1, colorizer="nearest"), untouched(),
    ]  # fmt: skip
    rows, _ = gap_rows(run, candidates)
    assert [(r.role, r.anonymizer, r.gallery, r.attacker) for r in rows if r.first == "women"] == [
        ("worst case", "model-2", "same-view", "semi-informed"),
        ("worst case", "blur", "all-views", "semi-informed"),
        ("slides' cell", "model-2", "all-views", "ignorant"),
        ("untouched", "original", "all-views", "ignorant"),
    ]


def test_nobody_named_in_both_groups_has_an_interval_all_the_same(run):
    rows, _ = gap_rows(run, [attack("model-2", 0.0)])
    assert all(r.difference == 0 and r.ci_low < -0.1 and r.ci_high > 0.1 and r.p_value == 1 for r in rows)


def test_what_the_data_do_not_know_is_left_out_with_a_word(run):
    rows, left = gap_rows(replace(run, dataset=People()), [attack("model-2", 0.2)])
    assert rows == []
    assert {(o.table, o.what, o.why) for o in left} == {
        ("gaps", "sex", "the data set made does not say it"), ("gaps", "height", "the data set made does not say it"),
    }  # fmt: skip
    few = People(lambda s: Person("female" if s == "082" else "male"))
    rows, left = gap_rows(replace(run, dataset=few), [attack("model-2", 0.2)])
    assert rows == [] and left[0].why == "1 of the tested people is women"


def test_a_data_set_that_breaks_is_a_failed_cell(run):
    def broken(subject):
        raise RuntimeError("no card index")

    rows, left = gap_rows(replace(run, dataset=People(broken)), [attack("model-2", 0.2)])
    assert rows == [] and len(left) == 2
    assert "data set made: RuntimeError: no card index" in run.log.failures[0].message
