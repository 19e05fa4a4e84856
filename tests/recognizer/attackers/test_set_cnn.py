"""The convolutional attacker: learns, repeats itself to the byte, takes sets of any length in any order."""

import copy
import json

import numpy as np
import pytest
from planted_sets import walking_boxes
from sklearn.base import clone

from recognizer import SetCnn, load_attacker, save_attacker
from recognizer.serialization import ModelFileError

torch = pytest.importorskip("torch")

TINY = {
    "steps": 100, "people": 4, "samples": 3, "frames": 3, "channels": (4, 8, 8), "strips": (1, 2), "code": 8,
    "learning_rate": 1e-2, "threads": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def boxes():
    return walking_boxes()


@pytest.fixture(scope="module")
def fitted(boxes):
    X, y, angle = boxes
    return SetCnn(**TINY).fit(X, y, angle=angle)


@pytest.fixture
def enrolled(fitted, boxes):
    X, y, angle = boxes
    return fitted.enroll(X[::4], y[::4], angle=angle[::4])


def test_learns_and_names(enrolled):
    probes, y, angle = walking_boxes(seed=1)
    assert np.mean(enrolled.predict(probes, angle=angle) == y) > 0.8
    assert enrolled.loss_[-5:].mean() < 0.85 * enrolled.loss_[:5].mean()


def test_frames_are_a_set(enrolled, boxes):
    X = boxes[0][:4]
    shuffled = X[:, np.random.default_rng(0).permutation(X.shape[1])]
    np.testing.assert_allclose(enrolled.distances(shuffled), enrolled.distances(X), atol=1e-3)
    # lists of sets of any length; all frames twice are the same set (some frames twice have another mean)
    doubled = [np.concatenate([x, x]) for x in X]
    np.testing.assert_allclose(enrolled.distances(doubled), enrolled.distances(X), atol=1e-3)
    assert enrolled.distances([X[0], X[1][:2], X[2][:1]]).shape == (3, 6)


def test_only_evenly_spread_frames_are_looked_at(fitted, boxes):
    X, y, angle = boxes
    few = copy.copy(fitted).set_params(looks=2).enroll(X[::4], y[::4], angle=angle[::4])
    ends = few.distances([x[[0, -1]] for x in X[:4]])
    np.testing.assert_array_equal(few.distances(X[:4]), ends)
    assert not np.array_equal(fitted.enroll(X[::4], y[::4], angle=angle[::4]).distances(X[:4]), ends)


def test_kinds_of_silhouettes_are_the_same(enrolled, boxes):
    X = boxes[0][:3]
    expected = enrolled.distances(X)
    for same in (X.astype(np.uint8), X.astype(np.uint8) * 255, X.astype(np.float32), X.astype(int)):
        np.testing.assert_array_equal(enrolled.distances(same), expected)


def test_a_code_does_not_depend_on_its_company(enrolled, boxes):
    X = boxes[0]
    np.testing.assert_allclose(enrolled.distances(X)[5:6], enrolled.distances(X[5:6]), atol=1e-3)


def test_same_seed_same_bytes_and_another_seed_another_network(fitted, boxes):
    X, y, angle = boxes
    short = {**TINY, "steps": 4}
    one, two, other = (SetCnn(**{**short, "seed": s}).fit(X, y, angle=angle) for s in (0, 0, 1))
    assert all(one.weights_[k].tobytes() == two.weights_[k].tobytes() for k in one.weights_)
    assert any(one.weights_[k].tobytes() != other.weights_[k].tobytes() for k in one.weights_)


def test_threads_and_the_global_generator_are_put_back(boxes):
    X, y, angle = boxes
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        state = torch.random.get_rng_state()
        SetCnn(**{**TINY, "steps": 1}).fit(X, y, angle=angle)
        assert torch.get_num_threads() == 2
        assert torch.equal(torch.random.get_rng_state(), state)
        with pytest.raises(ValueError, match="diverged"):
            SetCnn(**{**TINY, "learning_rate": 1e30}).fit(X, y, angle=angle)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_saved_and_loaded_it_answers_with_the_same_bytes(enrolled, boxes, tmp_path):
    again = load_attacker(save_attacker(enrolled, tmp_path / "cnn"))
    assert again.distances(boxes[0]).tobytes() == enrolled.distances(boxes[0]).tobytes()
    assert clone(again).fit(*boxes[:2], angle=boxes[2]).weights_.keys() == enrolled.weights_.keys()


def test_a_saved_network_of_other_sizes_is_refused(enrolled, tmp_path):
    path = save_attacker(enrolled, tmp_path / "cnn")
    file = path.with_suffix(".json")
    header = json.loads(file.read_text())
    for change, fault in (
        ({"strips": [1, 4]}, r"weights_/project has shape \(3, 8, 8\), not \(5, 8, 8\)"),
        ({"channels": [4, 8, 16]}, r"weights_/project has shape \(3, 8, 8\), not \(3, 16, 8\)"),
        ({"channels": [4, 8]}, "channels must hold 3 whole numbers"),
        ({"code": None}, "do not fit together"),
    ):
        file.write_text(json.dumps({**header, "parameters": {**header["parameters"], **change}}))
        with pytest.raises(ModelFileError, match=fault):
            load_attacker(path)


class TestBadInput:
    def test_shapes_and_values(self, fitted, boxes):
        X, y, angle = boxes
        with pytest.raises(ValueError, match=r"shape \(n, frames, height, width\)"):
            SetCnn(**TINY).fit(X[:, 0], y, angle=angle)
        with pytest.raises(ValueError, match=r"sample 3.*NaN"):
            bad = X.astype(float)
            bad[3, 0, 0, 0] = np.nan
            SetCnn(**TINY).fit(bad, y, angle=angle)
        with pytest.raises(ValueError, match="outside"):
            SetCnn(**TINY).fit(X * 3.0, y, angle=angle)
        with pytest.raises(ValueError, match=r"sample 1 holds no foreground.*drop"):
            fitted.enroll([X[0], X[1] & False], y[:2])
        with pytest.raises(ValueError, match="at least one frame"):
            fitted.enroll([X[0], X[1][:0]], y[:2])

    def test_mixed_sizes(self, fitted, boxes):
        X, y, angle = boxes
        with pytest.raises(ValueError, match=r"sample 1 has pictures of \(32, 20\).*align"):
            SetCnn(**TINY).fit([X[0], X[1][..., :20]], y[:2], angle=angle[:2])
        with pytest.raises(ValueError, match=r"fitted with \(32, 24\)"):
            fitted.enroll(X[..., :20], y, angle=angle)

    def test_people_and_gallery(self, fitted, boxes):
        X, y, angle = boxes
        with pytest.raises(ValueError, match="at least two subjects"):
            SetCnn(**TINY).fit(X, np.full(len(y), "007"), angle=angle)
        with pytest.raises(ValueError, match="gallery is empty"):
            fitted.enroll([], [], angle=[])

    def test_parameters(self, boxes):
        X, y, angle = boxes
        with pytest.raises(ValueError, match="too small for 8 strips"):
            SetCnn(**{**TINY, "strips": (1, 8)}).fit(X, y, angle=angle)
        with pytest.raises(ValueError, match="samples must be a whole number from 2"):
            SetCnn(**{**TINY, "samples": 1}).fit(X, y, angle=angle)

    @pytest.mark.parametrize(
        ("wrong", "line"),
        [
            ({"strips": ()}, r"strips must hold at least one whole number, got \(\)"),
            ({"strips": 4}, "strips must be a sequence of at least one whole number, got 4"),
            ({"strips": (1, 0)}, "every entry of strips must be a whole number from 1"),
            ({"channels": (4, 8)}, r"channels must hold 3 whole numbers, got \(4, 8\)"),
            ({"channels": (4, 8, 2.5)}, "every entry of channels must be a whole number from 1"),
            ({"channels": "abc"}, "channels must be a sequence of 3 whole numbers"),
        ],
    )
    def test_sizes_of_the_network(self, boxes, wrong, line):
        X, y, angle = boxes
        with pytest.raises(ValueError, match=line):
            SetCnn(**{**TINY, **wrong}).fit(X, y, angle=angle)

    def test_the_probes_are_many(self, fitted, boxes):
        X, y, angle = boxes
        fitted.enroll(X[::4], y[::4], angle=angle[::4])
        with pytest.raises(ValueError, match="the probes hold no samples"):
            fitted.predict([])
