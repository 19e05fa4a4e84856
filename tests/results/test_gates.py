"""Release gates: what is a gate, what passes, what was not measured."""

import pytest

from gaitbench.errors import ConfigError
from gaitbench.results.gates import FIGURES, parse_gate

HELD = {
    "": {"controls.broken": 0, "failures": 2},
    "model-2": {"worst.rank1": 10.0, "picture.psnr": None},
    "deform": {"worst.rank1": 60.0, "picture.psnr": 30.0},
}


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("worst.rank1 <= 60", True),
        ("worst.rank1 < 60", False),
        ("model-2: worst.rank1<=10", True),
        ("model-2:worst.rank1 > 10", False),
        ("deform: worst.rank1 >= 60.0", True),
        ("picture.psnr >= 1", False),  # not measured of one of them
        ("deform: picture.psnr >= 1", True),
        ("model-3: worst.rank1 <= 100", False),  # nobody was asked
        ("controls.broken <= 0", True),
        ("failures <= 1e0", False),
        ("slides.success >= 0", False),
    ],
)
def test_a_gate_is_held_against_every_system_that_it_means(text, passed):
    assert parse_gate(text).judge(HELD).passed is passed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no gate"), ("worst.rank1", "is no gate"), ("worst.rank1 == 3", "is no gate"),
        ("worst.rank1 <= ten", "is no gate"), ("worst.rank1 <= nan", "is no gate"),
        ("worst.rank1 <= inf", "is no gate"),
        ("1 < worst.rank1 < 3", "is no gate"),
        ("worst.rank <= 3", "did you mean 'worst.rank1'"), ("model-2: failures <= 0", "a figure of the run"),
    ],
)  # fmt: skip
def test_what_is_no_gate_is_refused_with_the_way_out(text, message):
    with pytest.raises(ConfigError, match=message):
        parse_gate(text)


def test_a_figure_that_was_not_measured_is_told():
    assert parse_gate("picture.psnr > 1").judge(HELD).detail == "model-2: not measured; deform: 30"
    assert parse_gate("worst.rank1 < 1").judge({"": {}}).detail == "no such figure in this run"


def test_every_figure_can_be_asked_for():
    for figure in FIGURES:
        assert parse_gate(f"{figure} <= 1").figure == figure
