"""Keys come from name and settings; what plays no part in training shares its weights."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.identify import Recognizers, reads_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.registry import ANONYMIZERS, RECOGNIZERS
from gaitbench.store import Store
from gaitbench.suites import load_suite
from gaitbench.system_value import SystemValue

TRAINED, SEEDS = [], []


class Learner:
    """Keeps its seed and width; `loudness` is for later."""

    name, trainable, applied = "learner", True, ("loudness",)

    def __init__(self, width=1, loudness=0.0):
        self.width, self.loudness = width, loudness

    def fit(self, sequences, *, seed, device="cpu", effort=1.0, progress=None):
        TRAINED.append((self.width, self.loudness))
        SEEDS.append(seed)
        return self

    def state(self):
        return {"width": np.array([self.width])}

    def load_state(self, state):
        assert int(state["width"][0]) == self.width
        return self


class Named:
    def __init__(self, length=1, *, seed=0):
        self.length, self.seed = length, seed


@pytest.fixture
def run(tmp_path, monkeypatch):
    TRAINED.clear()
    SEEDS.clear()
    monkeypatch.setattr(ANONYMIZERS, "_builtin", ANONYMIZERS._builtin | {"learner": f"{__name__}:Learner"})
    monkeypatch.setattr(RECOGNIZERS, "_builtin", RECOGNIZERS._builtin | {"named": f"{__name__}:Named"})
    dataset = SimpleNamespace(rendered=False)
    return RunContext(load_suite("smoke"), dataset, Store(tmp_path / "store"))


def test_weights_are_shared_where_training_is_the_same(run):
    systems = Systems(run, {})
    quiet, loud, wide = "learner", "learner[loudness=2.0]", "learner[loudness=2.0,width=3]"
    keys = {name: systems.anonymizer_key(name) for name in (quiet, loud, wide, "learner[width=3]")}
    assert len(set(keys.values())) == 4
    assert systems.weights_key("anonymizer", loud) == keys[quiet]
    assert systems.weights_key("anonymizer", wide) == keys["learner[width=3]"]
    made = {name: systems.anonymizer(name) for name in (loud, quiet, wide)}
    assert TRAINED == [(1, 0.0), (3, 0.0)]
    assert (made[loud].loudness, made[loud].width, made[quiet].loudness, made[wide].width) == (2.0, 1, 0.0, 3)
    assert f"models/{keys[quiet]}" in run.store.used, "weights in use are not pruned"


def test_the_slides_models_share_weights_over_their_strengths(run):
    systems = Systems(run, {})
    for name in ("model-1", "model-2"):
        assert systems.weights_key("anonymizer", f"{name}[strength=0.1]") == systems.anonymizer_key(name)
        assert systems.anonymizer_key(f"{name}[strength=0.1]") != systems.anonymizer_key(name)
    assert systems.weights_key("anonymizer", "model-2[style=8]") != systems.anonymizer_key("model-2")


def test_systems_that_differ_in_settings_alone_see_the_same_noise():
    key = SequenceKey("081", "nm-05", 90)
    draws = {name: draw_noise(0, name, key).random() for name in ("deform", "deform[strength=0.5]", "blur")}
    assert draws["deform"] == draws["deform[strength=0.5]"] != draws["blur"]


def test_recognizers_have_settings_and_the_suites_seed(run):
    from gaitbench.evaluation.attacks.identify import _new

    assert _new("named[length=3]", 7).__dict__ == {"length": 3, "seed": 7}
    assert _new("named[seed=2]", 7).seed == 2
    assert reads_of("set-cnn[steps=3]") == "silhouettes"
    assert Recognizers(run)._code("named") == Recognizers(run)._code("named[length=3]"), (
        "the text is in the key"
    )


def test_a_text_that_is_no_system_is_a_named_failure(run):
    with pytest.raises(GaitbenchError, match="is no system"):
        Systems(run, {}).anonymizer("model-2[strength")
    with pytest.raises(GaitbenchError, match="unknown anonymizer"):
        Systems(run, {}).anonymizer("modle-2[strength=1.0]")


def test_each_training_has_weights_and_noise_of_its_seed(run):
    value = SystemValue("learner", {"width": 2}, seeds=(4, 5))
    suite = replace(run.suite, systems=replace(run.suite.systems, anonymizers=(value, SystemValue("deform"))))
    run = replace(run, suite=suite)
    systems = Systems(run, {})
    texts = systems.trainings("anonymizer", "learner[width=2]")
    assert texts == ("learner[width=2]", "learner[seed=5,width=2]")
    assert systems.seeds("anonymizer", "deform") == () and systems.trainings("anonymizer", "deform") == (
        "deform",
    )
    assert systems.seeds("anonymizer", "learner") == (run.suite.seed,), "other settings are another system"
    for text in texts:
        systems.anonymizer(text)
    assert SEEDS == [4, 5] and len({systems.anonymizer_key(text) for text in texts}) == 2
    assert systems.anonymizer_key("learner[seed=4,width=2]") == systems.anonymizer_key(texts[0])
    everything = Systems(replace(run, suite=replace(run.suite, seeds=(7, 8))), {})
    assert everything.seeds("anonymizer", "learner") == (7, 8)
    assert everything.seeds("anonymizer", "learner[width=2]") == (4, 5), "a system's own seeds win"
    assert everything.seeds("colorizer", "nearest") == ()
