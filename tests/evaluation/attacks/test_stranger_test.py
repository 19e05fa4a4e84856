"""An attack that names the owner of the noise is caught; one that names people is not. On gaits of known make."""

from dataclasses import replace

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.features import Features
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.rungs.semi_informed import SemiInformed
from gaitbench.evaluation.attacks.strangers import Strangers
from gaitbench.evaluation.rows.identification_rows import identification_rows
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.protocol import GALLERIES
from gaitbench.registry import RUNGS
from gaitbench.results.schema_attacks import Attack, worst_cases
from gaitbench.store import Store, digest
from gaitbench.suites import load_suite

PEOPLE = [f"{n:03d}" for n in range(81, 101)]
WALKS = {"gallery": ("nm-01",), "probe": ("nm-05", "bg-01"), "recognizer": ("nm-01",)}


def pattern(*what):
    return np.random.default_rng(int(digest(*what), 16)).random((8, 8))


class MadeViews:
    """Gaits that are a person's pattern, a walk's, and the noise's, in known shares."""

    def __init__(self, run, person, noise):
        self.run, self.systems, self.person, self.noise = run, None, person, noise

    def keys(self, role):
        who = PEOPLE if role != "recognizer" else [f"{n:03d}" for n in range(1, 9)]
        return [SequenceKey(p, w, a) for p in who for w in sorted(WALKS[role]) for a in (54, 90)]

    def rows(self, keys, noises, name):
        x = [
            self.person * pattern("person", k.subject)
            + self.noise * n.random((8, 8))
            + 0.05 * pattern(str(k))
            for k, n in zip(keys, noises, strict=True)
        ]
        return Features(np.array(x, np.float32) / 3, tuple(keys), {}, digest(name, self.person, self.noise))

    def originals(self, role, reads="gei", source="silhouette"):
        keys = self.keys(role)
        x = np.array([pattern("person", k.subject) + 0.05 * pattern(str(k)) for k in keys], np.float32) / 3
        return Features(x, tuple(keys), {}, digest("untouched", role))

    def shown(self, cell, role, draw, reads):
        keys = self.keys(role)
        return self.rows(keys, [draw_noise(0, "made", k, draw) for k in keys], f"{role} {draw}")

    def enrolled_under(self, cell, reads, noises):
        found = []
        for noise in noises:
            keys = [k for k in self.keys("gallery") if k.angle == noise.angle]
            found.append(self.rows(keys, [draw_noise(0, "made", noise) for _ in keys], f"under {noise}"))
        return found

    def owners(self, cell):
        """The old leak: each enrolled person under the noise of that person's own probes."""
        keys = self.keys("gallery")
        noises = [draw_noise(0, "made", replace(k, walk="nm-05")) for k in keys]
        return self.rows(keys, noises, "owners")

    def redraws(self, cell):
        return True

    def release(self):
        pass


class Leaky(SemiInformed):
    name = "leaky"

    def gallery(self, views, cell, reads, ordinary):
        return views.owners(cell)


@pytest.fixture
def ladder_of(tmp_path, monkeypatch):
    def make(rung, *, person, noise):
        monkeypatch.setitem(RUNGS._builtin, "leaky", f"{__name__}:Leaky")
        run = RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path / f"{rung}{person}{noise}"))
        return Ladder(run, MadeViews(run, person, noise))

    return make


@pytest.fixture
def attacked(ladder_of):
    def attack(rung, *, person, noise):
        ladder = ladder_of(rung, person=person, noise=noise)
        outcome = ladder.outcome(Cell("model-2", "none", Attack(rung, "gei-nn", "silhouette", "all-views")))
        return identification_rows(ladder.run, [outcome])[0]

    return attack


def test_the_owner_of_the_noise_is_not_the_person_and_the_test_sees_it(attacked):
    row = attacked("leaky", person=0.0, noise=1.0)  # a system that leaves nothing of anybody
    assert row.rank1 > 45 and row.strangers > 45  # half of the probes bear the noise that leaked
    assert row.strangers_passed is False
    assert worst_cases([row]) == {}  # no headline is made of it


def test_the_stranger_test_is_made_under_every_gallery(ladder_of):
    found = ladder_of("leaky", person=0.0, noise=1.0).under(
        Cell("model-2", "none", Attack("leaky", "gei-nn", "silhouette", "all-views")), GALLERIES
    )
    assert [one.attack.gallery for one in found] == list(GALLERIES)
    # the noise that leaked is of the probe's own view: across views there is nothing of it
    assert [one.strangers.passed for one in found] == [False, False, True]
    assert [len(one.strangers.named) for one in found] == [80, 80, 80]  # across views: one other angle of two


def test_who_enrols_the_probes_own_view_alone_has_nothing_across_views(ladder_of):
    ladder = ladder_of("informed", person=1.0, noise=0.0)
    cell = Cell("model-2", "none", Attack("informed", "gei-nn", "silhouette", "all-views"))
    found = ladder.under(cell, GALLERIES)
    assert [one.attack.gallery for one in found] == ["all-views", "same-view"]
    assert np.array_equal(found[0].after, found[1].after) and len(found[1].keys) == 80
    across = replace(cell, attack=replace(cell.attack, gallery="cross-view"))
    with pytest.raises(
        GaitbenchError, match=r"informed enrols no gallery .* under cross-view; choose all-views or same-view"
    ):
        ladder.outcome(across)


def test_an_attacker_who_knows_the_noise_names_nobody_where_nothing_of_anybody_is_left(attacked):
    row = attacked("informed", person=0.0, noise=1.0)
    assert row.rank1 < 15 and row.strangers_passed and row.strangers < 15
    assert row.strangers_n == 80 and abs(row.strangers_chance - 100 / 19) < 1e-9


@pytest.mark.parametrize("rung", ["ignorant", "lazy-informed", "semi-informed", "informed"])
def test_an_attack_on_people_names_them_and_no_strangers(attacked, rung):
    row = attacked(rung, person=1.0, noise=0.0)
    assert row.rank1 == 100 and row.strangers_passed and row.strangers < 20


def test_knowing_the_noise_helps_where_a_person_is_left_under_it(attacked):
    knows, guesses = (attacked(rung, person=0.5, noise=1.5) for rung in ("informed", "semi-informed"))
    assert knows.rank1 == 100 > guesses.rank1 + 50
    assert knows.strangers_passed and guesses.strangers_passed


def test_a_sample_of_the_probes_can_be_attacked(tmp_path):
    suite = load_suite("smoke")
    run = RunContext(
        replace(suite, attacks=replace(suite.attacks, informed_probes=30)),
        dataset=None,
        store=Store(tmp_path),
    )
    cell = Cell("model-2", "none", Attack("informed", "gei-nn", "silhouette", "all-views"))
    outcome = Ladder(run, MadeViews(run, 1.0, 1.0)).outcome(cell)
    row = identification_rows(run, [outcome])[0]
    assert row.n == 30 and row.rank1 == 100 and row.strangers_n == 30


@pytest.mark.parametrize(("named", "passed"), [(0.05, True), (0.06, True), (0.12, False), (0.9, False)])
def test_the_alarm_is_above_chance_alone(named, passed):
    subjects = np.repeat([f"{n:03d}" for n in range(50)], 20)
    found = np.arange(1000) * 7 % 100 < round(100 * named)
    assert Strangers(subjects, found, 0.05, True).passed is passed
    assert Strangers(subjects, np.zeros(1000, bool), 0.05, True).passed
