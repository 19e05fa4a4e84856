import hashlib
import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save

from recognizer import GeiLda, GeiNearestNeighbor, RobustVTM, TruncatedVTM, load_attacker
from recognizer.serialization import ATTACKERS, ModelFileError, read_card, save_attacker

KINDS = {
    "gei-nn": GeiNearestNeighbor,
    "gei-lda": GeiLda,
    "tsvd-vtm": lambda: TruncatedVTM(n_components=8, ridge=0.02),
    "robust-vtm": lambda: RobustVTM(n_components=8),
}


@pytest.fixture
def saved(tmp_path, training, strangers):
    def make(kind):
        (X, y), named = training.fit_args
        gallery = strangers.pick(strangers.walk == "nm-01")
        attacker = KINDS[kind]().fit(X, y, **named).enroll(gallery.X, gallery.y, angle=gallery.angle)
        return attacker, save_attacker(attacker, tmp_path / f"model.{kind}")

    return make


def test_every_attacker_that_can_be_named_is_tested():
    assert set(KINDS) | {"set-cnn", "gait-tcn", "gait-dynamics", "appearance"} == set(ATTACKERS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_loaded_attacker_answers_with_the_same_bytes(kind, saved, strangers):
    attacker, path = saved(kind)
    # a file gives arrays back row by row, and products of another layout are rounded otherwise on some processors
    assert [k for k, v in attacker._arrays().items() if not v.flags.c_contiguous] == []
    again = load_attacker(path)
    probes = strangers.pick(strangers.walk == "nm-02")
    one, two = (a.distances(probes.X, angle=probes.angle) for a in (attacker, again))
    assert one.tobytes() == two.tobytes()
    assert (
        again.predict(probes.X, angle=probes.angle).tolist()
        == attacker.predict(probes.X, angle=probes.angle).tolist()
    )
    assert again.get_params() == attacker.get_params()
    assert type(again) is type(attacker)


def test_either_file_or_the_bare_name_will_do(saved):
    _, path = saved("gei-nn")
    for name in (path, path.with_suffix(".json"), path.with_suffix("")):
        assert isinstance(load_attacker(name), GeiNearestNeighbor)


def test_two_saves_are_the_same_bytes(saved, tmp_path):
    attacker, path = saved("gei-lda")
    other = save_attacker(attacker, tmp_path / "other")
    assert path.read_bytes() == other.read_bytes()
    assert path.with_suffix(".json").read_bytes() == other.with_suffix(".json").read_bytes()


def edit(path, **changes):
    file = path.with_suffix(".json")
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def test_other_truncated_and_foreign_files_are_refused(saved, tmp_path):
    _, path = saved("gei-lda")
    good, header = path.read_bytes(), path.with_suffix(".json").read_text()
    path.write_bytes(good[:-10])
    with pytest.raises(ModelFileError, match="truncated"):
        load_attacker(path)
    path.write_bytes(good)
    edit(path, format_version=99)
    with pytest.raises(ModelFileError, match="format version 99"):
        load_attacker(path)
    path.with_suffix(".json").write_text(header)
    edit(path, attacker_version=7)
    with pytest.raises(ModelFileError, match="gei-lda version 7"):
        load_attacker(path)
    path.with_suffix(".json").write_text(header)
    edit(path, attacker="face-net")
    with pytest.raises(ModelFileError, match="unknown attacker 'face-net'"):
        load_attacker(path)
    path.with_suffix(".json").write_text(header[: len(header) // 2])
    with pytest.raises(ModelFileError, match="not readable JSON"):
        load_attacker(path)
    path.with_suffix(".json").write_text("[1, 2]")
    with pytest.raises(ModelFileError, match="does not describe"):
        load_attacker(path)
    path.with_suffix(".json").unlink()
    with pytest.raises(ModelFileError, match=r"json is missing"):
        load_attacker(path)
    with pytest.raises(ModelFileError, match="missing"):
        load_attacker(tmp_path / "nothing")


def test_parameters_of_another_kind_are_refused(saved):
    _, path = saved("gei-lda")
    edit(path, parameters={"layers": 3})
    with pytest.raises(ModelFileError, match="do not fit together"):
        load_attacker(path)


def rewrite(path, change):
    """Other arrays in the file, with the hash that fits."""
    arrays = load_file(path)
    change(arrays)
    path.write_bytes(save({k: np.ascontiguousarray(v) for k, v in arrays.items()}))
    edit(path, weights_sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def test_arrays_of_something_else_are_refused(saved):
    _, path = saved("robust-vtm")
    edit(path, labels={})
    rewrite(path, lambda a: (a.clear(), a.update(x=np.zeros(3))))
    with pytest.raises(
        ModelFileError, match=r"no whole robust-vtm model: it lacks angles_, encode_,.*save.*again$"
    ):
        load_attacker(path)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda a: a.pop("latent_"), "it lacks latent_"),
        (lambda a: a.update(predict=np.zeros(3)), "it holds predict, which it should not"),
        (
            lambda a: a.update(encode_=a["encode_"][0]),
            r"encode_ has shape \(176, 8\), not \(K = 4, features = 176,",
        ),
        (
            lambda a: a.update(view_coef_=a["view_coef_"][:-1]),
            r"view_coef_ has shape \(175, 4\), not \(features = 176",
        ),
        (lambda a: a.update(angles_=a["angles_"][:3]), r"has shape \(4, .*not \(K = 3"),
        (lambda a: a.update(vtm_rank_=np.zeros(2)), r"vtm_rank_ has shape \(2,\), not \(\)"),
        (lambda a: a.update(bridge_=a["bridge_"] > 0), "bridge_ holds bool, not numbers"),
        (lambda a: a.pop("gallery_codes_"), "it lacks gallery_codes_"),
        (
            lambda a: a.update(gallery_angle_=a["gallery_angle_"][:-1]),
            r"gallery_angle_ has shape .*not \(m = 80\)",
        ),
    ],
)
def test_arrays_that_lack_or_do_not_fit_are_named(saved, change, fault):
    _, path = saved("robust-vtm")
    rewrite(path, change)
    with pytest.raises(ModelFileError, match=fault) as error:
        load_attacker(path)
    assert "\n" not in str(error.value)


def test_an_attacker_swapped_for_another_is_refused(saved):
    _, path = saved("gei-nn")
    for name, parameters in (("gei-lda", {}), ("appearance", {}), ("robust-vtm", {}), ("set-cnn", {})):
        version = 2 if name in ("robust-vtm", "set-cnn") else 1
        edit(path, attacker=name, attacker_version=version, parameters=parameters)
        with pytest.raises(ModelFileError, match=f"no whole {name} model: it lacks"):
            load_attacker(path)
    _, path = saved("tsvd-vtm")
    edit(path, attacker="robust-vtm")
    with pytest.raises(ModelFileError, match="lacks rpca_iterations_, outlier_share_"):
        load_attacker(path)


@pytest.mark.parametrize(
    ("labels", "fault"),
    [
        ({}, "it lacks gallery_y_"),
        ({"gallery_y_": []}, r"gallery_y_ has shape \(0,\), not \(m = 80\)|gallery_y_ holds float64"),
        ({"gallery_y_": [None] * 80}, r"Expected `str`, got `null` - at `\$\.labels"),
        ({"gallery_y_": "abc"}, "Expected `array`, got `str`"),
        (None, r"Expected `object`, got `null` - at `.\.labels`"),
    ],
)
def test_labels_that_are_none_are_refused(saved, labels, fault):
    _, path = saved("gei-nn")
    edit(path, labels=labels)
    with pytest.raises(ModelFileError, match=fault):
        load_attacker(path)


@pytest.mark.parametrize("features", [None, 0, "9", 7])
def test_features_that_fit_nothing_are_refused(saved, features):
    _, path = saved("gei-nn")
    edit(path, features=features)
    with pytest.raises(ModelFileError, match="features"):
        load_attacker(path)


def test_a_model_without_a_card_or_name_is_refused(saved):
    _, path = saved("gei-nn")
    for card in (None, [1], "good"):
        edit(path, card=card)
        for read in (read_card, load_attacker):
            with pytest.raises(ModelFileError, match=r"at `\$\.card`; save the model again"):
                read(path)
    edit(path, card={}, attacker=["gei-nn"])
    with pytest.raises(ModelFileError, match=r"got `array` - at `\$\.attacker`"):
        load_attacker(path)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_gallery_it_comes_back_without_one(kind, training, tmp_path):
    (X, y), named = training.fit_args
    again = load_attacker(save_attacker(KINDS[kind]().fit(X, y, **named), tmp_path / "bare"))
    assert not any(a.startswith("gallery") for a in vars(again))


def test_an_unfitted_attacker_cannot_be_saved(tmp_path):
    with pytest.raises(ValueError, match="not fitted"):
        save_attacker(GeiLda(), tmp_path / "x")
    assert not list(tmp_path.iterdir())


def test_the_card_travels_along(saved):
    attacker, path = saved("gei-nn")
    save_attacker(attacker, path, card={"seed": 7})
    assert json.loads(path.with_suffix(".json").read_text())["card"] == {"seed": 7}
    assert np.isfinite(load_attacker(path).gallery_codes_).all()


def test_smaller_files_lose_little_and_only_where_asked(saved, strangers, tmp_path):
    attacker, path = saved("robust-vtm")
    small = save_attacker(attacker, tmp_path / "small", basis_rank=60, half=True)
    assert small.stat().st_size < path.stat().st_size  # a small model gains little
    again = load_attacker(small)
    assert all(v.dtype != np.float16 for v in again._arrays().values())
    np.testing.assert_allclose(again.encode_, attacker.encode_, atol=0.02 * np.abs(attacker.encode_).max())
    whole = load_attacker(save_attacker(attacker, tmp_path / "whole", basis_rank=176))
    np.testing.assert_allclose(whole.encode_, attacker.encode_, atol=1e-4 * np.abs(attacker.encode_).max())


def test_a_basis_needs_projections_and_no_more_vectors_than_features(saved, tmp_path):
    attacker, _ = saved("gei-nn")
    with pytest.raises(ValueError, match="no projections"):
        save_attacker(attacker, tmp_path / "x", basis_rank=4)
    attacker, _ = saved("robust-vtm")
    with pytest.raises(ValueError, match=r"basis_rank.*176 features"):
        save_attacker(attacker, tmp_path / "x", basis_rank=177)
