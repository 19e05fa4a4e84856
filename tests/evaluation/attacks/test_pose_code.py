"""An attacker who reads by the anonymizer's own encoder: what he borrows, names people by, and refuses."""

import numpy as np
import pytest
from planted_sets import walking_boxes
from sklearn.base import clone

from gaitbench.errors import ConfigError, GaitbenchError
from gaitbench.evaluation.attacks.identify import Recognizers
from gaitbench.evaluation.attacks.pose_code import PoseCode
from gaitbench.evaluation.run.context import RunContext
from gaitbench.store import Store
from gaitbench.suites import load_suite


class Rows:
    """An encoder that reads the width of four bands; it notes which frames and angles it was asked about."""

    def __init__(self):
        self.asked = []

    def pose_codes(self, silhouettes, angle):
        self.asked.append((len(silhouettes), angle, silhouettes.dtype))
        return silhouettes.reshape(len(silhouettes), 4, -1).mean(axis=2)


class Gives:
    def __init__(self, codes):
        self.codes = codes

    def pose_codes(self, silhouettes, angle):
        return self.codes(len(silhouettes))


def borrowing(reader, **settings):
    attacker = PoseCode(**{"followed": 4, "lags": (1, 3), **settings})
    attacker.borrow(reader)
    return attacker


def test_names_people_by_what_the_encoder_reads():
    X, y, angle = walking_boxes(frames=24)
    probes, names, _ = walking_boxes(frames=24, seed=1)
    reader = Rows()
    every = borrowing(reader, statistics=("mean", "spread", "covariance", "lags"))
    attacker = every.fit(X, y, angle=angle).enroll(X, y, angle=angle)
    assert np.mean(attacker.predict(probes, angle=angle) == names) > 0.7
    assert set(reader.asked) == {(24, 0, np.dtype(bool)), (24, 90, np.dtype(bool))}
    assert clone(attacker).get_params() == attacker.get_params()


def test_blank_frames_are_not_shown_to_the_encoder_and_bridged():
    X, y, angle = walking_boxes(frames=24)
    reader = Rows()
    attacker = borrowing(reader).fit(X, y, angle=angle).enroll(X, y, angle=angle)
    holes = X.copy()
    holes[:, 5:8] = False
    reader.asked.clear()
    distances = attacker.distances(holes, angle=angle)
    assert {frames for frames, *_ in reader.asked} == {21} and np.isfinite(distances).all()


def test_an_anonymizer_without_pose_codes_lends_nothing():
    with pytest.raises(ConfigError, match=r"model-2 reads no pose codes .*pose-code cannot attack"):
        PoseCode().borrow(object())


@pytest.mark.parametrize("codes", [
    lambda n: np.zeros((n + 1, 3)), lambda n: np.zeros(n), lambda n: np.full((n, 3), np.nan),
])  # fmt: skip
def test_what_is_no_code_is_refused(codes):
    X, y, angle = walking_boxes(frames=6)
    with pytest.raises(ValueError, match=r"pose_codes of model-2 gave .* for 6 frames"):
        borrowing(Gives(codes)).fit(X, y, angle=angle)


def test_without_encoder_or_angle_it_says_so():
    X, y, angle = walking_boxes(frames=12)
    with pytest.raises(ConfigError, match="has no encoder; call borrow"):
        PoseCode().fit(X, y, angle=angle)
    attacker = borrowing(Rows()).fit(X, y, angle=angle)
    with pytest.raises(ValueError, match="needs the viewing angle"):
        attacker.enroll(X, y)


class Lending:
    """As `Systems` lends."""

    def __init__(self, key, reader):
        self.key, self.reader, self.names = key, reader, []

    def anonymizer_key(self, name):
        self.names.append(name)
        return self.key

    def anonymizer(self, name):
        self.names.append(name)
        return self.reader


def test_a_run_lends_it_the_system_that_it_names_and_another_training_is_another_attack(tmp_path):
    run = RunContext(load_suite("smoke"), dataset=None, store=Store(tmp_path))
    name = 'pose-code[system="mine"]'
    lending = Lending("a", Rows())
    codes = {key: Recognizers(run, Lending(key, Rows()))._code(name) for key in ("a", "b")}
    assert codes["a"] != codes["b"] and Recognizers(run, lending)._code(name) == codes["a"]
    assert set(lending.names) == {"mine"}
    with pytest.raises(GaitbenchError, match="attacks with a part of an anonymizer, and there is none here"):
        Recognizers(run)._code(name)
    assert Recognizers(run)._code("gait-dynamics")
