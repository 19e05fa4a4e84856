"""An attack that goes block by block finds what one finds whose distances are held."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from benchmarks.studies.ou_mvlp import suite_of, write_people
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.blocks import recognizers as bounded
from gaitbench.evaluation.attacks.blocks.entries import Entries
from gaitbench.evaluation.attacks.blocks.searching import search
from gaitbench.evaluation.attacks.blocks.size import bytes_of, too_many, too_many_each
from gaitbench.evaluation.attacks.blocks.widening import WideningCounts
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.plan import plan
from gaitbench.evaluation.attacks.recognizers.asking import by_entries
from gaitbench.evaluation.attacks.verification import verification_of
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.record import record_of
from gaitbench.evaluation.run.setup import open_run
from gaitbench.suites import load_suite

#: What is counted on a grid, and what is rounded another way in another order of sums.
NEARLY = {"eer": 0.5, "d_sys": 0.05, "d_sys_null": 0.05, "map": 1e-4}


VIEWS = (0, 90)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("blocks")
    write_people(root / "people", 12, VIEWS, frames=8)
    (root / "suite.toml").write_text(suite_of(12, "gei-nn", taught=2, views=VIEWS, distances_mb=1000))
    return root


def suite_at(place, **changes):
    suite = load_suite(str(place / "suite.toml"))
    attacks = replace(suite.attacks, recognizers=("gei-nn",), informed_probes=4, **changes)
    return replace(suite, resamples=100, attacks=attacks, extras=replace(suite.extras, matrices=True))


def opened(place, suite):
    return open_run(suite, data=place / "people", data_format="opengait", store=place / "store", jobs=1)


@pytest.mark.parametrize("gallery", ["all-views", "cross-view"])
def test_tables_are_those_of_held_distances(place, gallery, monkeypatch):
    # blocks of three probes: every group of a gallery angle is put together from several
    monkeypatch.setattr(bounded, "block_rows", lambda *sizes: 3)
    rungs = ("ignorant",) if gallery == "cross-view" else ("ignorant", "lazy-informed", "informed")
    suite = suite_at(place, attackers=rungs)
    suite = replace(suite, systems=replace(suite.systems, gallery=gallery))
    whole = record_of(Experiment(opened(place, suite)), pictures=False)
    # the four probes of `informed` are held, and joined with what is left of all of them untouched
    monkeypatch.setattr(bounded, "too_many", lambda suite, probes, gallery: len(probes.keys) > 4)
    run = opened(place, suite)
    ahead = {key for task in plan_of(run).tasks if task.kind == "attack" for key in task.makes}
    blocks = record_of(Experiment(run), pictures=False)
    assert all(run.store.has(*key) for key in ahead), "the plan has other keys than the run"
    assert not whole.failures and not blocks.failures
    for name in ("success_rate", "competence", "cmc", "gallery_size", "subject_tail", "recognition"):
        assert whole.tables[name] and blocks.tables[name] == whole.tables[name], name
    for name in ("identification", "galleries"):
        assert len(whole.tables[name]) == len(blocks.tables[name]) > 0
        for one, two in zip(map(asdict, whole.tables[name]), map(asdict, blocks.tables[name]), strict=True):
            for column, near in NEARLY.items():
                mine, other = one.pop(column), two.pop(column)
                if two["attacker"] != "informed":  # not verified: nobody counted what was held
                    assert mine == (None if other is None else pytest.approx(other, abs=near)), column
            assert one == two
    told = [row for row in blocks.tables["left_out"] if "distances.parquet" in row.what]
    count = len(whole.tables["identification"])
    assert f"{count} of {count} attacks" in told[0].what
    assert not [row for row in whole.tables["left_out"] if "distances.parquet" in row.what]
    assert blocks.distances is None and not blocks.tables["pooled"] and whole.tables["pooled"]


def test_many_galleries_of_their_own_are_refused(place):
    run = opened(place, suite_at(place, attackers=("ignorant", "informed"), distances_mb=0))
    ladder = Experiment(run).ladder
    cell = next(c for c in plan(run.suite, rendered=False) if c.attack.attacker == "informed")
    with pytest.raises(GaitbenchError, match=r"give a sample in attacks\.informed_probes"):
        ladder.outcome(cell)


class Given:
    """A recognizer that has measured before: a probe is its row."""

    def __init__(self, distances):
        self.all = distances

    def distances(self, x, *, angle):
        return self.all[np.asarray(x)[:, 0].astype(int)]


@pytest.mark.parametrize("walks", [("nm-01",), ("nm-01", "nm-02")])
def test_entries_are_read_as_they_are_at_once(walks):
    people, views = ["a", "b", "c", "d", "e"], (0, 54, 90)
    rng = np.random.default_rng(len(walks))
    keys = [SequenceKey(p, w, v) for p in people for w in walks for v in views]
    gone = {keys[4], keys[-1]}  # two people without an entry, or with one fewer, at a view
    gallery = Features(np.zeros((len(keys) - 2, 1)), tuple(k for k in keys if k not in gone), {}, "")
    names = ["a", "a", "b", "c", "c", "d", "e", "z", "e", "b"]
    shown = tuple(SequenceKey(p, f"bg-{i:02d}", 54) for i, p in enumerate(names))
    probes = Features(np.arange(10.0)[:, None], shown, {}, "")
    # whole numbers: ties between people, between views, and within a person
    model = Given(rng.integers(0, 6, (10, len(gallery.keys))).astype(np.float32))
    asked = (np.array(views), np.array(people))
    exact = by_entries(model, "x", gallery, probes, *asked)
    found = Entries(gallery, *asked).measure(model, "x", probes)
    np.testing.assert_array_equal(found[0], exact[0])
    np.testing.assert_allclose(found[1], exact[1], rtol=1e-6)


def test_counts_widen_to_what_comes():
    rng = np.random.default_rng(0)
    people, angles = np.array(list("abcdefgh")), np.repeat([0, 90], 40)
    own = rng.integers(-1, 8, 80)
    distances = rng.gamma(3.0, 1.0, (80, 8)).astype(np.float32) + (angles[:, None] == 90) * 5
    distances[np.arange(80), own] -= 1.0 * (own >= 0)
    distances[79] *= 40
    distances[70] -= 30
    counts = WideningCounts(angles, 8, 3)
    for start in range(0, 80, 16):
        some = slice(start, start + 16)
        counts.add(distances[some], own[some], angles[some])
    found = counts.verification()
    subjects = np.where(own < 0, "z", people[own])
    exact = verification_of(distances, subjects, angles, people, np.zeros(80, bool), seed=3)
    assert found.eer == pytest.approx(exact.eer, abs=0.2)
    assert found.d_sys == pytest.approx(exact.d_sys, abs=0.02)


def test_what_is_held_is_stated_in_bytes():
    # many views: a probe and an entry; one view of many people: the null of the linkability
    assert bytes_of(50_000, 70_000, 14, 2000) == 4 * 50_000 * 70_000
    assert bytes_of(2000, 2000, 1, 2000) == 800 * 2000**2


def test_a_search_of_nobody_finds_nothing():
    nobody = Features(np.zeros((0, 4, 4), np.float32), (), {}, "nobody")
    people = np.array(["a", "b", "c"])
    found = search(lambda some: 1 / 0, nobody, np.array([0, 90]), people, 16, gallery="all-views", seed=0)
    assert {len(one.rows) for one in found.under.values()} == {0}


def test_probes_with_galleries_of_their_own_are_few_however_many_people_there_are():
    """The null of the linkability, the square of the people, is counted of none of them."""

    def rows(people, walks):
        keys = tuple(SequenceKey(f"{p:04d}", f"nm-{w:02d}", 0) for p in range(people) for w in range(walks))
        return Features(np.zeros((0,)), keys, {}, "")

    suite, gallery = load_suite("quick"), rows(1200, 1)
    assert too_many(suite, rows(4, 1), gallery) and not too_many_each(suite, rows(4, 1), gallery)
    few = replace(suite, attacks=replace(suite.attacks, distances_mb=1))
    assert too_many_each(few, rows(100, 3), gallery)
