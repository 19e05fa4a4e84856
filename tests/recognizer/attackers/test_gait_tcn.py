"""The network over time: it names people by the order of frames alone, and refuses what it cannot read."""

import json

import numpy as np
import pytest
from planted_sets import turning_blocks, walking_boxes
from sklearn.base import clone

from recognizer import GaitTcn, load_attacker, save_attacker
from recognizer.serialization import ModelFileError

TINY = {
    "steps": 40, "people": 4, "samples": 3, "components": 10, "frames": 16, "channels": 8, "dilations": (1, 2),
    "code": 8, "learning_rate": 1e-2,
}  # fmt: skip


@pytest.fixture(scope="module")
def boxes():
    return walking_boxes(frames=24)


@pytest.fixture(scope="module")
def fitted(boxes):
    X, y, angle = boxes
    return GaitTcn(**TINY).fit(X, y, angle=angle)


@pytest.fixture
def enrolled(fitted, boxes):
    X, y, angle = boxes
    return fitted.enroll(X[::4], y[::4], angle=angle[::4])


def test_learns_and_names():
    X, y, angle = walking_boxes(frames=24)
    # trunks stand still in these boxes: the mean pose tells them, the movement does not
    attacker = GaitTcn(**{**TINY, "centred": False}).fit(X, y, angle=angle).enroll(X, y, angle=angle)
    probes, names, views = walking_boxes(frames=24, seed=1)
    assert np.mean(attacker.predict(probes, angle=views) == names) > 0.8
    assert attacker.loss_[-5:].mean() < 0.85 * attacker.loss_[:5].mean()


def test_people_who_differ_in_the_order_alone_are_told_apart_and_their_shuffled_frames_are_not():
    X, y = turning_blocks(2, 0)
    attacker = GaitTcn(**TINY).fit(X, y, angle=90).enroll(X, y, angle=90)
    right = [
        np.mean(attacker.predict(probes, angle=90) == names)
        for probes, names in (
            turning_blocks(2, seed, shuffled=mixed) for seed, mixed in ((1, False), (1, True))
        )
    ]
    assert right[0] == 1 and right[1] <= 0.75, "eight probes, chance 0.5"
    # who never saw an order has nothing to learn from
    X, y = turning_blocks(2, 0, shuffled=True)
    blind = GaitTcn(**TINY).fit(X, y, angle=90).enroll(X, y, angle=90)
    probes, names = turning_blocks(2, 1, shuffled=True)
    assert np.mean(blind.predict(probes, angle=90) == names) <= 0.75


def test_centred_it_does_not_see_where_the_pose_is(boxes):
    X, y, angle = boxes
    still = np.repeat(X[:, :1], 12, axis=1)
    attacker = GaitTcn(**TINY).fit(X, y, angle=angle).enroll(still, y, angle=angle)
    assert np.ptp(attacker.distances(still)) < 1e-3
    seeing = GaitTcn(**{**TINY, "centred": False}).fit(X, y, angle=angle).enroll(still, y, angle=angle)
    assert np.ptp(seeing.distances(still)) > 0.1


def test_a_code_does_not_depend_on_its_company(enrolled, boxes):
    X = list(boxes[0] * np.uint8(255))
    alone = np.concatenate([enrolled._encode_gallery([x], boxes[2][:1]) for x in X])
    assert enrolled._encode_gallery(X, boxes[2]).tobytes() == alone.tobytes()


def test_sequences_of_any_length_and_blank_frames(enrolled, boxes):
    X, y, angle = boxes
    holes = X[:3].copy()
    holes[:, 5:7] = False
    assert not np.array_equal(enrolled.distances(X[:3]), enrolled.distances(holes))
    assert np.isfinite(enrolled.distances([X[0], X[1][:9], X[2][:1]])).all()
    short = [x[: 5 + i % 7] for i, x in enumerate(X)]
    assert np.isfinite(GaitTcn(**{**TINY, "steps": 3}).fit(short, y, angle=angle).loss_).all()


def test_same_seed_same_bytes_and_another_seed_another_network(fitted, boxes):
    X, y, angle = boxes
    short = {**TINY, "steps": 4}
    one, two, other = (GaitTcn(**{**short, "seed": s}).fit(X, y, angle=angle) for s in (0, 0, 1))
    assert all(one.weights_[k].tobytes() == two.weights_[k].tobytes() for k in one.weights_)
    assert any(one.weights_[k].tobytes() != other.weights_[k].tobytes() for k in one.weights_)
    assert clone(fitted).get_params() == fitted.get_params()


def test_a_loaded_one_answers_with_the_same_bytes(enrolled, boxes, tmp_path):
    X, _, angle = boxes
    path = save_attacker(enrolled, tmp_path / "model")
    again = load_attacker(path)
    assert again.distances(X, angle=angle).tobytes() == enrolled.distances(X, angle=angle).tobytes()
    file = path.with_suffix(".json")
    header = json.loads(file.read_text())
    for change, fault in (
        ({"channels": 16}, r"weights_/project has shape \(2, 16, 8\), not \(2, 32, 8\)"),
        ({"dilations": [1, 2, 4]}, "lacks weights_/scales.2"),
        ({"dilations": []}, "do not fit together"),
        ({"code": None}, "do not fit together"),
    ):
        file.write_text(json.dumps({**header, "parameters": {**header["parameters"], **change}}))
        with pytest.raises(ModelFileError, match=fault):
            load_attacker(path)


@pytest.mark.parametrize(("wrong", "line"), [
    ({"dilations": ()}, "dilations must hold at least one whole number"),
    ({"dilations": 4}, "dilations must be a sequence"),
    ({"components": 0}, "components must be a whole number from 1"),
    ({"frames": 1}, "frames must be a whole number from 2"),
    ({"channels": 0}, "channels must be a whole number from 1"),
    ({"centred": "yes"}, "centred must be true or false, got 'yes'"),
    ({"samples": 1}, "samples must be a whole number from 2"),
    ({"device": "tpu"}, "device must be cpu, cuda or cuda:N, got 'tpu'"),
    ({"shrinkage": -0.1}, "shrinkage must lie"),
    ({"threads": 0}, "threads must be a whole number from 1"),
    ({"learning_rate": 1e30}, "diverged .* lower learning_rate"),
])  # fmt: skip
def test_settings_that_cannot_be_are_refused(boxes, wrong, line):
    X, y, angle = boxes
    with pytest.raises(ValueError, match=line):
        GaitTcn(**{**TINY, **wrong}).fit(X, y, angle=angle)


def test_what_it_cannot_read_is_refused(fitted, boxes):
    X, y, angle = boxes
    with pytest.raises(ValueError, match="all training samples are alike"):
        GaitTcn(**TINY).fit(np.repeat(X[:1, :1], len(X), axis=0), y, angle=angle)
    with pytest.raises(ValueError, match=r"shape \(n, frames, height, width\)"):
        GaitTcn(**TINY).fit(X[:, 0], y, angle=angle)
    with pytest.raises(ValueError, match=r"fitted with \(32, 24\)"):
        fitted.enroll(X[..., :20], y, angle=angle)
    with pytest.raises(ValueError, match=r"sample 1 holds no foreground"):
        fitted.enroll([X[0], X[1] & False], y[:2])
