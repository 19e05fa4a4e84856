"""The bundled model: it loads, is what its card says, and finds people."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from planted_gaits import planted_gaits

from gaitbench.datasets.walkers import RENDER_VERSION, Walkers
from gaitbench.making.bundled_recognizer import Walks, make_pretrained
from recognizer import RobustVTM, load_attacker, load_pretrained, pretrained_card

FILES = files("recognizer.pretrained")


def walks(people, *, seed):
    found = planted_gaits(people=people, seed=seed)
    return Walks(found.X, found.y, found.angle, found.walk)


def make(folder, **more):
    folder.mkdir(exist_ok=True)
    test = walks(12, seed=1)
    first = test.walks == "nm-01"
    gallery, probes = Walks(*(a[first] for a in test)), Walks(*(a[~first] for a in test))
    card = make_pretrained(
        walks(20, seed=0), gallery, probes, folder, data={"planted": True}, basis_rank=40,
        attacker=RobustVTM(n_components=8), **more,
    )  # fmt: skip
    return card, gallery, probes


def test_the_shipped_files_are_small_whole_and_of_this_package():
    weights = FILES.joinpath("robust-vtm.safetensors").read_bytes()
    text = FILES.joinpath("robust-vtm.json").read_bytes()
    assert len(weights) + len(text) < 4_000_000
    assert json.loads(text)["weights_sha256"] == hashlib.sha256(weights).hexdigest()
    card = pretrained_card()
    assert card["training"]["subjects"] == 50
    assert card["test"]["subjects"] == 40
    assert min(card["test"]["rank1_percent"].values()) > 100 / 40  # better than chance in every condition


def test_it_was_trained_on_the_walkers_as_they_are_rendered_now():
    data = pretrained_card()["data"]
    assert data["dataset"] == "walkers"
    assert data["render_version"] == RENDER_VERSION
    assert data["fingerprint"] == Walkers(seed=data["data_seed"]).fingerprint()
    assert data["fingerprint"] == Walkers().fingerprint()


def test_it_comes_fitted_and_without_a_gallery():
    model = load_pretrained()
    assert isinstance(model, RobustVTM)
    assert not hasattr(model, "gallery_codes_")
    assert model.angles_.tolist() == list(range(0, 181, 18))
    X = np.random.default_rng(0).random((4, 64, 44), dtype=np.float32)
    model.enroll(X, list("abcd"), angle=[0, 90, 90, 180])
    assert model.predict(X, angle=[0, 90, 90, 180]).tolist() == list("abcd")


def test_predictions_after_loading_are_those_of_the_card(tmp_path):
    card, gallery, probes = make(tmp_path)
    model = load_attacker(tmp_path / "robust-vtm").enroll(gallery.x, gallery.subjects, angle=gallery.angles)
    right = model.predict(probes.x, angle=probes.angles) == probes.subjects
    assert card["test"]["rank1_percent"] == {"nm": round(100 * right.mean(), 2)}
    assert right.mean() > 0.9
    seen = model.estimate_angles(probes.x) == probes.angles
    assert card["test"]["view_accuracy_percent"] == {"nm": round(100 * seen.mean(), 2)}


def test_making_it_twice_gives_the_same_bytes(tmp_path):
    make(tmp_path / "one")
    make(tmp_path / "two")
    for name in ("robust-vtm.safetensors", "robust-vtm.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.slow
def test_the_command_makes_a_model_that_names_walkers(tmp_path):
    """The command of the docs on the smallest suite; retraining on its data gives the same predictions."""
    from gaitbench.evaluation.experiment import Experiment
    from gaitbench.evaluation.run.setup import open_run
    from gaitbench.making import bundled_recognizer as pretrain

    suite, store = tmp_path / "small.toml", tmp_path / "store"
    suite.write_text(
        "effort = 0.1\n[data]\nangles = [54, 90, 126]\nframes = 28\nsize = [64, 44]\n"
        '[split]\nrecognizer = "001-008"\nmodels = "051-052"\ntest = "081-083"\n'
        '[walks]\nrecognizer = ["nm-01"]\nmodels = ["nm-01"]\ngallery = ["nm-01"]\nprobe = ["nm-05"]\n'
        "[systems]\ncontrols = []\n"
    )
    pretrain.main(
        ["--suite", str(suite), "--out", str(tmp_path), "--store", str(store), "--basis-rank", "100"]
    )
    card = json.loads((tmp_path / "robust-vtm.json").read_text())["card"]
    shipped = load_attacker(tmp_path / "robust-vtm")
    found = Experiment(open_run(str(suite), store=store, device="cpu")).features
    train, gallery, probe = (found[r].usable() for r in ("recognizer", "gallery", "probe"))
    again = RobustVTM().fit(train.x, train.subjects, angle=train.angles, walk=train.walks)
    names = []
    for model in (shipped, again, load_pretrained()):
        model.enroll(gallery.x, gallery.subjects, angle=gallery.angles)
        names.append(model.predict(probe.x, angle=probe.angles))
    right = float(np.mean(names[0] == probe.subjects))
    assert card["test"]["rank1_percent"] == {"nm": round(100 * right, 2)}
    assert right > 0.6
    assert np.mean(names[2] == probe.subjects) > 0.6  # the bundled model, on people it has never seen
    assert np.mean(names[0] == names[1]) > 0.8  # rounding to half precision may move one of nine
    assert Path(tmp_path / "robust-vtm.safetensors").stat().st_size < 4_000_000
