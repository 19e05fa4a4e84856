"""Which frames of a walk are measured."""

import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.run.needs import Need

KEY = SequenceKey("081", "nm-05", 90)


@pytest.mark.parametrize(
    ("pictures", "count", "frames"),
    [
        (2, 60, [29, 30]),  # one pair: neither the first step into the picture nor the last out of it
        (3, 60, [29, 30]),
        (2, 3, [0, 1]),
        (4, 60, [0, 1, 58, 59]),
        (6, 61, [0, 1, 30, 31, 59, 60]),
        (2, 2, [0, 1]),
        (4, 3, [0, 1, 2]),
        (1, 60, [0]),
    ],
)
def test_pairs_are_neighbours_spread_over_the_walk(pictures, count, frames):
    assert Need(KEY, pictures, pairs=True).frames(count).tolist() == frames
