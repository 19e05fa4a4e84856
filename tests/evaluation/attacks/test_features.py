"""Rows for a recognizer: read once, and sets of silhouettes kept small."""

import numpy as np

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.features import Features, join

KEYS = tuple(SequenceKey(f"08{i}", "nm-05", 90) for i in range(3))


def sets(seed=0):
    rng = np.random.default_rng(seed)
    return [rng.random((t, 6, 5)) > 0.5 for t in (1, 4, 7)]


def test_silhouettes_come_back_as_they_were_and_are_kept_as_bits():
    asked = []
    rows = sets()
    features = Features(lambda: asked.append(1) or rows, KEYS, {}, "a")
    for _ in range(2):
        for a, b in zip(features.x, rows, strict=True):
            assert a.dtype == np.bool_ and np.array_equal(a, b)
    assert asked == [1], "the store is read once"
    assert features.x[0] is not features.x[0], "unpacked when they are asked for, not kept"


def test_parts_and_joins_of_them():
    features = Features(sets(), KEYS, {str(KEYS[1]): "broken"}, "a")
    assert [len(x) for x in features.usable().x] == [1, 7]
    both = join([features, features.take([2])], "b")
    assert [len(x) for x in both.x] == [1, 4, 7, 7] and both.keys[-1] == KEYS[2]
    assert np.array_equal(both.x[2], sets()[2])


def test_arrays_stay_arrays():
    images = np.arange(3 * 4, dtype=np.float32).reshape(3, 2, 2)
    features = Features(images, KEYS, {}, "a")
    assert features.x is images and np.array_equal(features.take([True, False, True]).x, images[[0, 2]])
