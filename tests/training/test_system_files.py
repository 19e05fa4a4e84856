"""Trained systems on disk: the same system comes back, anything else is refused in one line."""

import json
from dataclasses import replace

import numpy as np
import pytest
from stick_people import crowd, walk

from gaitbench.anonymizers.model2.adversarial import AdversarialSettings
from gaitbench.anonymizers.model2.anonymizer import Model2, Model2Settings
from gaitbench.colorizers.learned.baseline import Baseline, BaselineSettings
from gaitbench.errors import ConfigError, GaitbenchError, ModelError
from gaitbench.training.weights import load_system, save_system


@pytest.fixture(scope="module")
def people():
    return crowd(subjects=range(1, 4), frames=8)


@pytest.fixture
def saved(people, tmp_path):
    painter = Baseline(BaselineSettings(width=4, steps=2, batch=3, threads=1)).fit(people, seed=0)
    return painter, save_system(painter, "colorizer", tmp_path / "painter", {"training": {"seed": 0}})


def test_a_colorizer_comes_back(saved, people):
    painter, folder = saved
    assert sorted(p.name for p in folder.iterdir()) == ["card.json", "weights.safetensors"]
    own = people[0]
    wanted = painter.colorize(own.rgb, own.silhouettes, people[1].silhouettes)
    for path in (folder, folder / "card.json", str(folder / "weights.safetensors")):
        again = load_system(path)
        assert again.settings == painter.settings
        assert np.array_equal(again.colorize(own.rgb, own.silhouettes, people[1].silhouettes), wanted)
    assert json.loads((folder / "card.json").read_text())["training"] == {"seed": 0}


def test_an_anonymizer_with_settings_in_settings_comes_back(people, tmp_path):
    training = AdversarialSettings(steps=2, encoder_steps=2, clips=3, windows=4)
    model = Model2(Model2Settings(width=4, code=4, style=4, threads=1, training=training)).fit(people, seed=0)
    again = load_system(save_system(model, "anonymizer", tmp_path / "m"))
    assert again.settings == model.settings
    one, two = (m.anonymize(walk(9, frames=5), np.random.default_rng(0)) for m in (model, again))
    assert np.array_equal(one, two)


def edit(**changes):
    def change(folder):
        card = json.loads((folder / "card.json").read_text())
        (folder / "card.json").write_text(json.dumps({**card, **changes}))

    return change


def drop_setting(folder):
    card = json.loads((folder / "card.json").read_text())
    del card["settings"]["width"]
    (folder / "card.json").write_text(json.dumps(card))


def widen(folder):
    card = json.loads((folder / "card.json").read_text())
    card["settings"]["width"] = 8
    (folder / "card.json").write_text(json.dumps(card))


def cut(folder):
    raw = (folder / "weights.safetensors").read_bytes()
    (folder / "weights.safetensors").write_bytes(raw[:-5])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: (f / "card.json").unlink(), "card.json is missing"),
        (lambda f: (f / "weights.safetensors").unlink(), "weights.safetensors is missing"),
        (lambda f: (f / "card.json").write_text("{"), "not readable JSON"),
        (lambda f: (f / "card.json").write_bytes(b"\xff\xfe\x00"), "not readable JSON"),
        (lambda f: (f / "card.json").write_text("[1]"), "describes no system of gaitbench"),
        (cut, "truncated or belongs to another card"),
        (edit(format="other"), "describes no system of gaitbench"),
        (edit(format_version=2), "has format version 2"),
        (edit(kind="recognizer"), "kind is 'recognizer', which is unknown"),
        (edit(name="proposd"), "did you mean 'proposed'"),
        (edit(name="nearest"), "nearest"),
        (edit(settings=3), "settings is 3, not an object"),
        (drop_setting, "settings differ: width"),
        (widen, "train again"),
    ],
)
def test_what_is_damaged_or_foreign_is_refused(saved, damage, message):
    folder = saved[1]
    damage(folder)
    with pytest.raises(GaitbenchError, match=message) as error:
        load_system(folder)
    assert isinstance(error.value, (ModelError, ConfigError)) and "\n" not in str(error.value)


def test_a_place_that_cannot_be_written(saved, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        save_system(saved[0], "colorizer", tmp_path / "file" / "x")


def test_a_system_is_loaded_onto_the_device_asked_for(saved, monkeypatch):
    seen = []
    real = Baseline.load_state
    monkeypatch.setattr(
        Baseline, "load_state", lambda self, state, *, device="cpu": seen.append(device) or real(self, state)
    )
    load_system(saved[1], device="cuda")
    assert seen == ["cuda"]
    # systems that know no device are loaded all the same
    from gaitbench.anonymizers.controls import Constant
    from gaitbench.training import restore_state

    state = Constant().fit([replace(walk(1))], seed=0).state()
    assert restore_state(Constant(), state, "cuda").walks_.any()
