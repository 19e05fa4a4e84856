"""Frames before and after meet by number, or by time."""

import numpy as np

from gaitbench.clips.pairs.matching import match_frames


def clock(frames, rate):
    return np.arange(frames) / rate


def test_as_many_frames_meet_one_by_one_at_any_rate():
    plain = match_frames([2, 3, 7], clock(10, 25), clock(10, 25))
    assert plain.other.tolist() == [2, 3, 7] and plain.said == ""
    faster = match_frames([2, 3, 7], clock(10, 25), clock(10, 30))
    assert faster.other.tolist() == [2, 3, 7] and "frame by frame" in faster.said


def test_another_rate_is_matched_by_time_and_no_frame_is_used_twice():
    doubled = match_frames(range(1, 11), clock(10, 25), clock(20, 50))
    assert doubled.numbers.tolist() == list(range(1, 11))
    assert doubled.other.tolist() == list(range(1, 20, 2))
    halved = match_frames(range(1, 11), clock(10, 25), clock(5, 12.5))
    assert halved.numbers.tolist() == [1, 3, 5, 7, 9] and halved.other.tolist() == [1, 2, 3, 4, 5]
    assert "matched by time, 5 of 10" in halved.said


def test_what_lies_beyond_the_end_is_left_out():
    shorter = match_frames(range(1, 11), clock(10, 25), clock(6, 25))
    assert shorter.numbers.tolist() == shorter.other.tolist() == [1, 2, 3, 4, 5, 6]
    assert "6 frames in 0.24 s for 10 in 0.4 s" in shorter.said
