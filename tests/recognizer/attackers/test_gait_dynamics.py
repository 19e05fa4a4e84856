"""The attacker who reads the order of frames: what it names people by, and what it refuses."""

import numpy as np
import pytest
from planted_sets import turning_blocks, walking_boxes
from sklearn.base import clone

from recognizer import GaitDynamics, load_attacker, save_attacker
from recognizer.serialization import ModelFileError

SETS = ("mean", "spread", "covariance")
SMALL = {"components": 20, "followed": 8, "lags": (1, 3)}


@pytest.fixture(scope="module")
def boxes():
    return walking_boxes(frames=24)


@pytest.fixture(scope="module")
def fitted(boxes):
    X, y, angle = boxes
    return GaitDynamics(**SMALL).fit(X, y, angle=angle)


@pytest.fixture
def enrolled(fitted, boxes):
    X, y, angle = boxes
    return fitted.enroll(X[::4], y[::4], angle=angle[::4])


def test_learns_and_names(enrolled):
    probes, y, angle = walking_boxes(frames=24, seed=1)
    assert np.mean(enrolled.predict(probes, angle=angle) == y) > 0.9
    np.testing.assert_array_equal(enrolled.parts_ > 0, True)


def test_order_alone_tells_two_walkers_apart_and_no_set_does():
    def right(statistics, shuffled=False):
        X, y = turning_blocks(2, 0, shuffled=shuffled)
        probes, names = turning_blocks(2, 1, shuffled=shuffled)
        attacker = (
            GaitDynamics(**{**SMALL, "statistics": statistics}).fit(X, y, angle=90).enroll(X, y, angle=90)
        )
        return np.mean(attacker.predict(probes, angle=90) == names)

    assert right(("turns",)) == right(("lags",)) == 1
    assert right(SETS) <= 0.75  # eight probes, chance 0.5
    assert right(("turns",), shuffled=True) <= 0.75


@pytest.mark.parametrize("statistics", [("turns",), ("lags",), ("timing",), SETS])
def test_shuffled_frames_are_other_codes_where_order_is_read(boxes, statistics):
    X, y, angle = boxes
    attacker = GaitDynamics(**{**SMALL, "statistics": statistics}).fit(X, y, angle=angle)
    attacker.enroll(X, y, angle=angle)
    shuffled = X[:, np.random.default_rng(0).permutation(X.shape[1])]
    change = np.abs(attacker.distances(shuffled) - attacker.distances(X)).max()
    assert change < 0.02 if statistics == SETS else change > 0.2


def test_one_gait_for_all_is_named_at_chance(enrolled, boxes):
    X, y, angle = boxes
    same = np.repeat(X[:1], len(X), axis=0)
    named = enrolled.predict(same, angle=angle)
    assert len(set(named)) == 1 and np.mean(named == y) == 1 / 6
    assert (
        np.unique(enrolled._encode_gallery(list(same * np.uint8(255)), angle), axis=0).shape[0] == 1
    )  # not a bit of a person in it
    crowd = enrolled.enroll(same, y, angle=angle)  # all at one distance
    assert np.mean(crowd.predict(same, angle=angle) == y) < 0.35


def test_a_code_does_not_depend_on_its_company(enrolled, boxes):
    X = list(boxes[0] * np.uint8(255))
    alone = np.concatenate([enrolled._encode_gallery([x], boxes[2][:1]) for x in X])
    assert enrolled._encode_gallery(X, boxes[2]).tobytes() == alone.tobytes()


def test_sequences_of_any_length_and_blank_frames(enrolled, boxes):
    X = boxes[0][:3]
    holes = X.copy()
    holes[:, 5:7] = False
    whole, bridged = enrolled.distances(X), enrolled.distances(holes)
    assert np.abs(whole - bridged).max() < 0.35 and not np.array_equal(whole, bridged)
    assert np.isfinite(enrolled.distances([X[0], X[1][:9], X[2][:1]])).all()


def test_a_statistic_in_which_all_are_alike_says_nothing(boxes):
    X, y, angle = boxes
    still = np.repeat(X[:, :1], 12, axis=1)
    attacker = GaitDynamics(**SMALL).fit(still, y, angle=angle)
    assert attacker.parts_[0] > 0 and not attacker.parts_[1:].any()
    attacker.enroll(still, y, angle=angle)
    assert np.isfinite(attacker.distances(X)).all()
    with pytest.raises(ValueError, match="all training samples are alike in lags; there is nothing to learn"):
        GaitDynamics(**{**SMALL, "statistics": ("lags",)}).fit(still, y, angle=angle)
    with pytest.raises(ValueError, match="all training samples are alike"):
        GaitDynamics(**SMALL).fit(np.repeat(X[:1], len(X), axis=0)[:, :1], y, angle=angle)


def test_two_fits_give_the_same_bytes_and_a_copy_its_parameters(fitted, boxes):
    X, y, angle = boxes
    again = clone(fitted).fit(X, y, angle=angle)
    assert again.projection_.tobytes() == fitted.projection_.tobytes()
    assert again.get_params() == fitted.get_params()


def test_a_loaded_one_answers_with_the_same_bytes(enrolled, boxes, tmp_path):
    X, _, angle = boxes
    path = save_attacker(enrolled, tmp_path / "model")
    again = load_attacker(path)
    assert again.distances(X, angle=angle).tobytes() == enrolled.distances(X, angle=angle).tobytes()
    assert isinstance(again, GaitDynamics)
    text = path.with_suffix(".json").read_text()
    path.with_suffix(".json").write_text(text.replace('"mean",', "", 1))
    with pytest.raises(ModelFileError, match=r"parts_ has shape \(6,\), not \(statistics = 5\)"):
        load_attacker(path)


@pytest.mark.parametrize(("wrong", "line"), [
    ({"statistics": ("mean", "order")}, "statistics holds 'order', which is none; known: mean, spread"),
    ({"statistics": ()}, "at least one of mean"),
    ({"statistics": "lags"}, "must be a sequence"),
    ({"statistics": ("lags", "lags")}, "names one twice"),
    ({"lags": (0,)}, "every entry of lags must be a whole number from 1"),
    ({"lags": ()}, "lags must be a sequence of at least one"),
    ({"lags": "12"}, "lags must be a sequence"),
    ({"followed": 1}, "followed must be a whole number from 2"),
    ({"components": 0}, "components must be a whole number from 1"),
    ({"energy": 1.5}, "energy must lie"),
    ({"shrinkage": -0.1}, "shrinkage must lie"),
    ({"fps": 0}, "fps must be a number above 0"),
])  # fmt: skip
def test_settings_that_cannot_be_are_refused(boxes, wrong, line):
    X, y, angle = boxes
    with pytest.raises(ValueError, match=line):
        GaitDynamics(**{**SMALL, **wrong}).fit(X, y, angle=angle)
