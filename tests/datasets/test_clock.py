"""25 frames a second whatever a clip was filmed at, and the stretch in which the person is there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.datasets.clock import check_rate, frames_at, said_of, stretch
from gaitbench.errors import ConfigError


@pytest.mark.parametrize(
    ("rate", "count", "said"),
    [
        (25, 100, ""), (24.9, 100, ""), (50, 50, "50 frames a second, taken at 25"), (75, 34, "taken at 25"),
        (30, 84, "30 frames a second, taken at 25"), (59.94, 43, "59.94"), (12.5, 100, "fewer than 25: taken whole"),
    ],
)  # fmt: skip
def test_every_rate_becomes_25(rate, count, said):
    times = np.arange(100) / rate
    taken = frames_at(times)
    assert abs(len(taken) - count) <= 1 and said in said_of(times) and bool(said) == bool(said_of(times))
    if rate > 26:  # each instant of the usual clock has the frame nearest to it
        wanted = np.arange(len(taken)) / 25
        assert np.abs(times[taken] - wanted).max() <= 0.51 / rate


def test_a_doubled_clip_is_the_clip():
    assert frames_at(np.arange(60) / 50).tolist() == list(range(0, 60, 2))
    assert frames_at(np.arange(60) / 75).tolist() == list(range(0, 60, 3))


def test_a_varying_rate_is_read_by_its_clock():
    times = np.cumsum([0, *([1 / 50] * 40), *([1 / 25] * 20)])
    taken = frames_at(times)
    assert "varying" in said_of(times) and np.abs(np.diff(times[taken]) - 1 / 25).max() < 1e-9
    assert "without a clock" in said_of(np.zeros(20)) and frames_at(np.zeros(2)).tolist() == [0, 1]


@given(st.lists(st.floats(0.001, 0.2), min_size=2, max_size=60))
def test_frames_are_in_order_and_each_taken_once(steps):
    taken = frames_at(np.cumsum(steps))
    assert (np.diff(taken) > 0).all() and taken[0] == 0


@pytest.mark.parametrize("rate", [0, -25, float("nan"), 5000])
def test_impossible_rates_are_refused(rate):
    with pytest.raises(ConfigError, match="frames a second"):
        check_rate(rate)


def seen(text):
    return np.array([c == "x" for c in text])


@pytest.mark.parametrize(
    ("there", "frames", "taken"),
    [
        ("......xxxxxxxx", 4, "......xxxx...."),  # the person enters late
        ("xx......xxxxxx", 4, "........xxxx.."),  # a speck of time before is no stretch
        ("xx.xxx", 4, "xx.xx."),  # a frame lost does not end one
        ("xxx......xx", 4, "xxx........"),  # the longest, if none is long enough
        ("x.x.x", None, "x.x.x"),
        ("....", 2, "...."),
    ],
)
def test_the_stretch_in_which_the_person_is_there(there, frames, taken):
    assert stretch(seen(there), frames).tolist() == seen(taken).tolist()
