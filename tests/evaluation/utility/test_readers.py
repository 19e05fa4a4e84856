"""Readers of direction and pose: they tell what they learnt, and a gait that is not there tells less."""

import numpy as np
import pytest

from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.datasets.truth import GaitTruth
from gaitbench.evaluation.utility.readers import DirectionReader, PoseReader


def _sequence(subject, angle, rng, count=24):
    """A figure as wide as its direction says, whose lean is its pose."""
    frames, joints = np.zeros((count, 64, 44), bool), np.zeros((count, 2, 2))
    for t in range(count):
        lean = 6 * np.sin(2 * np.pi * t / 12 + rng.random() * 0.1)
        for row in range(64):
            middle = 22 + lean * (32 - row) / 32
            frames[t, row, round(middle - 3 - angle / 30) : round(middle + 3 + angle / 30)] = True
        joints[t, 1] = lean / 32, -0.5
    key = SequenceKey.parse(f"{subject}-nm-01-{angle:03d}")
    numbers = np.arange(1, count + 1, dtype=np.int32)
    return GaitSequence(key, frames, None, numbers, count), GaitTruth(joints, 12.0)


@pytest.fixture(scope="module")
def walks():
    rng = np.random.default_rng(1)
    return [_sequence(f"{n:03d}", angle, rng) for n in range(1, 7) for angle in (0, 90, 180)]


def test_direction_is_told_of_other_people_and_one_direction_teaches_nothing(walks):
    reader = DirectionReader.fit([s for s, _ in walks[:15]])
    assert [reader.value(s.silhouettes, s.key.angle) for s, _ in walks[15:]] == [100.0] * 3
    assert reader.value(walks[15][0].silhouettes, 90) == 0.0
    assert DirectionReader.fit([walks[0][0]]) is None


def test_joints_are_told_and_one_still_figure_tells_less(walks):
    reader = PoseReader.fit(walks[:15], seed=0)
    sequence, truth = walks[16]
    near = reader.value(sequence.silhouettes, truth, sequence.key.angle)
    still = np.repeat(sequence.silhouettes[:1], len(sequence.silhouettes), axis=0)
    assert near < 1.0 < 3 * near + 1 < reader.value(still, truth, sequence.key.angle)
    assert np.isnan(reader.value(sequence.silhouettes, truth, 54)), "a direction that nobody taught"
    assert PoseReader.fit([], seed=0) is None
