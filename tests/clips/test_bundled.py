"""The weights that come with the package, and the command that makes them."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file

from gaitbench.clips.bundled import FOLDER, bundled_names, open_anonymizer, open_colorizer
from gaitbench.making.bundled_anonymizer import SEED, make_weights
from gaitbench.training import load_system


def test_the_bundle_is_small_and_every_system_has_a_card():
    assert bundled_names() == ["model-1", "model-2", "proposed"]
    assert sum(p.stat().st_size for p in FOLDER.rglob("*") if p.is_file()) < 12_000_000
    for name in bundled_names():
        card = json.loads((FOLDER / name / "card.json").read_text())
        assert card["training"]["made_by"].endswith("bundled_anonymizer")
        assert card["training"]["data"]["seed"] == SEED and card["training"]["data"]["size"] == [128, 88]


def test_another_strength_needs_no_other_weights():
    weak, strong = (open_anonymizer("model-2", s) for s in (0.2, 1.0))
    assert (weak.settings.strength, strong.settings.strength) == (0.2, 1.0)
    assert open_colorizer("proposed").name == "proposed"
    for name, value in weak.state().items():
        np.testing.assert_array_equal(value, strong.state()[name])


def test_the_command_makes_systems_that_load(tmp_path):
    make_weights(
        tmp_path, people=2, frames=10, size=(64, 44), effort=0.005, colorizer_steps=2, jobs=1, angles=(90,),
        walks=("nm-01",),
    )  # fmt: skip
    for name in bundled_names():
        assert load_system(tmp_path / name).name == name
        made, kept = (load_file(p / name / "weights.safetensors") for p in (tmp_path, FOLDER))
        assert set(made) == set(kept)


@pytest.mark.slow  # trains twice
def test_the_same_seed_makes_the_same_weights(tmp_path):
    for place in ("a", "b"):
        make_weights(
            tmp_path / place, people=2, frames=10, size=(64, 44), effort=0.005, colorizer_steps=2, jobs=1,
            angles=(90,), walks=("nm-01",),
        )  # fmt: skip
    for name in bundled_names():
        a, b = ((tmp_path / place / name / "weights.safetensors").read_bytes() for place in ("a", "b"))
        assert a == b
