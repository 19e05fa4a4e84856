"""Only what compares is ranked, and who cannot be told apart shares a letter."""

import math

import msgspec
import pytest
from submissions import PROTOCOL, submission

from gaitbench.results.board.ranking import LeftOut, groups, rank
from gaitbench.results.board.submission import Rate


def test_who_is_named_least_stands_first_and_the_rest_is_named_with_the_reason():
    other = {**PROTOCOL, "split": "d" * 64}
    board = rank(
        [
            ("one", submission("worse", 60.0)),
            ("two", submission("better", 10.0)),
            ("three", submission("elsewhere", 1.0, protocol=other)),
            ("four", submission("broken", 1.0, controls_broken=["constant is at chance", "x"])),
            ("five", submission("better", 10.0)),
        ],
        [LeftOut("six", "cannot be read: damaged")],
    )
    assert [row.submission.system for row in board.rows] == ["better", "worse"]
    assert [(one.name, one.why) for one in board.left_out] == [
        ("six", "cannot be read: damaged"),
        ("elsewhere of three", "another protocol than one: split"),
        (
            "broken of four",
            "a control broke (constant is at chance and 1 more): no figure of that run is to be trusted",
        ),
        ("better of five", "the same as in two"),
    ]  # fmt: skip


def test_a_run_whose_controls_broke_does_not_decide_the_protocol():
    other = {**PROTOCOL, "split": "d" * 64}
    board = rank([("a", submission("x", controls_broken=["c"], protocol=other)), ("b", submission("y"))])
    assert [row.submission.system for row in board.rows] == ["y"]


@pytest.mark.parametrize(
    ("figures", "letters"),
    [
        ([(10, 3), (12, 3), (60, 3)], ["a", "a", "b"]),
        ([(10, 4), (15, 4), (20, 4)], ["a", "ab", "b"]),  # a middle one that is told from neither
        ([(10, 3)], ["a"]),
        ([(10, 3), (50, 3), (90, 3)], ["a", "b", "c"]),
        ([(10, 30), (50, 30), (60, 30)], ["a", "a", "a"]),
        ([], []),
    ],
)
def test_letters(figures, letters):
    assert (
        groups([submission(str(i), float(named), float(half)) for i, (named, half) in enumerate(figures)])
        == letters
    )


def test_two_are_told_apart_where_the_interval_of_their_difference_leaves_out_zero():
    """Half-widths of 3 and 4 make one of 5."""
    for gap, letters in ((4.9, ["a", "a"]), (5.1, ["a", "b"])):
        assert math.hypot(3, 4) == 5
        assert groups([submission("a", 20.0, 3.0), submission("b", 20.0 + gap, 4.0)]) == letters


def test_many_pairs_are_corrected():
    """What two alone would be told apart by is not enough among twenty."""
    two = [submission("a", 20.0, 3.0), submission("b", 25.1, 4.0)]
    rest = [submission(str(i), 40.0, 3.0) for i in range(18)]
    letters = groups([*two, *rest])
    assert set(letters[0]) & set(letters[1])


def test_without_an_interval_nothing_can_be_told():
    held = [submission("a", 1.0), submission("b", 99.0)]
    held = [msgspec.structs.replace(one, named=Rate(value=one.named.value)) for one in held]
    assert groups(held) == ["a", "a"]
