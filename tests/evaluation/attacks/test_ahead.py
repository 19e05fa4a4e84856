"""Attacks that are measured ahead, side by side: which belong together, and that the ladder then measures nothing."""

from dataclasses import replace

import numpy as np
import pytest

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks import ahead
from gaitbench.evaluation.attacks.identify import Recognizers
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.plan import plan
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.run.setup import open_run
from gaitbench.suites import load_suite


def standard():
    return plan(load_suite("standard"), rendered=True)


def test_attacks_of_one_training_stay_together():
    groups = ahead._by_training(standard())
    assert sorted(str(c) for g in groups for c in g) == sorted(map(str, standard()))
    place = {str(cell): number for number, group in enumerate(groups) for cell in group}

    def of(anonymizer, attacker, recognizer="robust-vtm"):
        (found,) = {
            place[str(c)]
            for c in standard()
            if (c.anonymizer, c.attack.attacker, c.attack.recognizer) == (anonymizer, attacker, recognizer)
            and c.attack.input == "silhouette"
        }
        return found

    # learnt from untouched people: one training for all systems; learnt from a system's output: one for each
    assert (
        of("model-2", "ignorant")
        == of("deform", "ignorant")
        == of("blur", "lazy-informed")
        == of("blur", "de-anonymize")
    )
    assert of("model-2", "semi-informed") == of("model-2", "informed") != of("deform", "semi-informed")
    assert len({of("model-2", a) for a in ("ignorant", "semi-informed", "joint")}) == 3
    assert of("model-2", "semi-informed", "gei-lda") != of("model-2", "semi-informed")


def test_networks_begin_and_restorers_are_made_once():
    groups = ahead._by_training(standard())
    names = [g[0].attack.recognizer for g in groups]
    networks = [n in ("gait-tcn", "set-cnn") for n in names]
    assert networks == sorted(networks, reverse=True) and networks[0]
    first = ahead._restoring_first(standard())
    places = [(g[0].anonymizer, g[0].attack.recognizer) for g in first]
    assert len(places) == len(set(places)) == 2 * 5  # GEIs and silhouettes of five systems
    assert not {"gait-tcn", "set-cnn"} & {r for _, r in places}


def test_a_worker_forgets_a_system_after_its_last_attack(monkeypatch, tmp_path):
    done = []
    monkeypatch.setattr(Ladder, "outcome", lambda self, cell: done.append(cell.anonymizer))
    monkeypatch.setattr(Views, "forget", lambda self, name: done.append(f"without {name}"))
    cells = [replace(standard()[0], anonymizer=name) for name in ("deform", "blur", "deform")]
    run = open_run("smoke", store=tmp_path, jobs=1)
    ahead._measure(run, {"models": {}}, cells)
    assert done == ["deform", "blur", "without blur", "deform", "without deform"]


def tiny():
    smoke = load_suite("smoke")
    return replace(
        smoke,
        data=replace(smoke.data, angles=(54, 90), frames=10),
        systems=replace(smoke.systems, anonymizers=("deform",), colorizers=()),
        attacks=replace(
            smoke.attacks, recognizers=("gei-lda", "robust-vtm"), inputs=("silhouette",), informed_probes=4,
            attackers=("ignorant", "lazy-informed", "semi-informed", "joint", "informed", "de-anonymize"),
        ),
    )  # fmt: skip


@pytest.mark.slow  # two small runs with worker processes
def test_what_workers_measured_is_all_that_the_ladder_asks_for(tmp_path, monkeypatch):
    alone = Experiment(open_run(tiny(), store=tmp_path / "one", jobs=1))
    expected = alone.outcomes
    run = open_run(tiny(), store=tmp_path / "two", jobs=2)
    fit, measure, fitted = Recognizers._fit, ahead.measure_ahead, []

    def here(self, recognizer, training):
        fitted.append(recognizer)
        return fit(self, recognizer, training)

    def counted(ladder):
        measure(ladder)
        fitted.append("ahead")

    monkeypatch.setattr(Recognizers, "_fit", here)
    monkeypatch.setattr("gaitbench.evaluation.experiment.measure_ahead", counted)
    found = Experiment(run).outcomes
    # once, and then nothing is learnt in this process (before: the one restorer, for which no process is started)
    assert fitted.count("ahead") == 1 and fitted[-1] == "ahead"
    assert len(found) == len(expected) and not run.log.failures
    for one, other in zip(expected, found, strict=True):
        assert (one.anonymizer, one.attack) == (other.anonymizer, other.attack)
        assert np.array_equal(one.after, other.after) and np.array_equal(one.before, other.before)
    # what the workers did stands among the stages
    assert {"train gei-lda", "train robust-vtm", "identify"} <= {
        s.name for s in run.log.stages if not s.cached
    }


@pytest.mark.slow  # a small run
def test_an_attack_that_fails_in_a_worker_is_named_by_the_run(tmp_path, monkeypatch):
    run = open_run(tiny(), store=tmp_path, jobs=2)

    def broken(*anything):
        raise GaitbenchError("nothing can be shared")

    monkeypatch.setattr(ahead, "_measure", lambda *task: [])
    monkeypatch.setattr(Recognizers, "_fit", broken)
    experiment = Experiment(run)
    assert not experiment.outcomes
    assert {f.stage for f in run.log.failures} == {"attack"}
    assert all("nothing can be shared" in f.message for f in run.log.failures)
