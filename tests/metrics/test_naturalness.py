"""Naturalness: known answers, and what is not defined is NaN."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gaitbench.metrics.naturalness import (
    NearestReal,
    relative_smoothness,
    smoothness,
    unbroken,
)

MASKS = arrays.arrays(bool, st.tuples(st.integers(0, 4), st.integers(2, 9), st.integers(2, 9)))


def boxes(*columns, size=(10, 12)):
    """Frames with a 4-wide, 6-high box that begins at the given columns."""
    out = np.zeros((len(columns), *size), bool)
    for frame, column in zip(out, columns, strict=True):
        frame[2:8, column : column + 4] = True
    return out


def test_unbroken_counts_frames_by_their_largest_component():
    frames = boxes(1, 1, 1, 1)
    frames[1, 9, 11] = True  # 1 pixel of 25: 96 %
    frames[2, 8, 5] = True  # touches by its corner
    frames[3] = False
    assert unbroken(frames) == 0.5
    assert unbroken(frames, share=0.96) == 0.75
    assert np.isnan(unbroken(frames[:0]))


def test_unbroken_at_the_threshold():
    frame = np.zeros((1, 10, 12), bool)
    frame[0, 0:7, 0:7] = True  # 49 pixels
    frame[0, 9, 11] = True  # 49 of 50 = 0.98
    assert unbroken(frame) == 1.0
    frame[0, 0, 0] = False
    assert unbroken(frame) == 0.0


def test_smoothness_is_the_overlap_of_neighbours():
    assert smoothness(boxes(3, 3, 3)) == 1.0
    assert smoothness(boxes(3, 4)) == pytest.approx(3 / 5)
    assert smoothness(boxes(0, 8)) == 0.0
    empty = np.zeros((3, 10, 12), bool)
    assert np.isnan(smoothness(empty)) and np.isnan(smoothness(boxes(3)))
    assert smoothness(np.concatenate([boxes(3, 3), empty])) == pytest.approx(0.5)


def test_relative_smoothness_tells_jitter_from_stiffness():
    original = boxes(3, 4, 5)
    assert relative_smoothness(original, original) == pytest.approx(1.0)
    assert relative_smoothness(boxes(3, 5, 3), original) > 1.0
    assert relative_smoothness(boxes(3, 3, 3), original) == 0.0
    assert np.isnan(relative_smoothness(original, boxes(3, 3, 3)))


def test_nearest_real_against_the_distance_among_people():
    bank = boxes(1, 2, 5)
    real = NearestReal.fit(bank, np.array(["a", "b", "c"]))
    near = 1 - 3 / 5  # columns 1 and 2 overlap in three of five
    far = 1 - 1 / 7  # 2 and 5 in one of seven
    assert real.typical == pytest.approx((near + near + far) / 3)
    assert real.ratio(boxes(1, 5)) == 0.0
    assert real.ratio(boxes(6)) == pytest.approx(near / real.typical)
    assert real.ratio(np.zeros((1, 10, 12), bool)) == pytest.approx(1.0 / real.typical)
    assert np.isnan(real.ratio(bank[:0]))


def test_a_persons_own_frames_are_not_real_people_to_compare_with():
    bank, owner = boxes(1, 1, 5, 5), np.array(["a", "a", "b", "b"])
    assert NearestReal.fit(bank, owner).typical == 1.0


def test_copies_and_bad_banks():
    twins = NearestReal.fit(boxes(1, 1), np.array(["a", "b"]))
    assert twins.ratio(boxes(1)) == 0.0 and twins.ratio(boxes(2)) == float("inf")
    for bank, owner in (
        (boxes(1, 2), ["a", "a"]),
        (boxes(1, 2), ["a"]),
        (np.zeros((2, 4, 4), bool), ["a", "b"]),
    ):
        with pytest.raises(ValueError, match=r"bank|owner"):
            NearestReal.fit(bank, np.array(owner))
    with pytest.raises(ValueError, match="fit a bank"):
        twins.ratio(np.ones((1, 4, 4), bool))
    with pytest.raises(ValueError, match="bool"):
        unbroken(np.ones((1, 4, 4)))


@settings(max_examples=50, deadline=None)
@given(MASKS)
def test_shares_stay_in_their_range(silhouettes):
    for value in (unbroken(silhouettes), smoothness(silhouettes)):
        assert np.isnan(value) or 0.0 <= value <= 1.0
