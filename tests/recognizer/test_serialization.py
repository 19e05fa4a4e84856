import json

import numpy as np
import pytest

from recognizer import GeiLda, GeiNearestNeighbor, RobustVTM, TruncatedVTM, load_attacker
from recognizer.serialization import ATTACKERS, ModelFileError, save_attacker

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
        return attacker, attacker.save(tmp_path / f"model.{kind}")

    return make


def test_every_attacker_that_can_be_named_is_tested():
    assert set(KINDS) | {"set-cnn", "appearance"} == set(ATTACKERS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_loaded_attacker_answers_with_the_same_bytes(kind, saved, strangers):
    attacker, path = saved(kind)
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
    other = attacker.save(tmp_path / "other")
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


def test_an_unfitted_attacker_cannot_be_saved(tmp_path):
    with pytest.raises(ValueError, match="not fitted"):
        GeiLda().save(tmp_path / "x")
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
