"""Rates of two groups of different people: intervals cover, p belongs to the interval, the ends hold."""

import numpy as np
import pytest

from gaitbench.metrics.uncertainty.rates import difference_of_groups, mean_of_groups


def group(rng, rate, people, trials, cells):
    """Hits and trials of people whose own rates scatter (correlation 0.2 within a person)."""
    own = rng.beta(4 * rate, 4 * (1 - rate), (people, cells))
    return rng.binomial(trials, own).astype(float), np.full((people, cells), float(trials))


@pytest.mark.parametrize(
    ("a", "b", "people"),
    [(0.05, 0.05, (20, 20)), (0.3, 0.3, (27, 13)), (0.9, 0.6, (27, 13)), (0.02, 0.3, (27, 13))],
)
def test_intervals_cover_and_no_gap_is_seldom_found(a, b, people):
    rng = np.random.default_rng(7)
    one, two = group(rng, a, people[0], 33, 1500), group(rng, b, people[1], 33, 1500)
    difference, mean = difference_of_groups(one, two), mean_of_groups(one, two)
    for found, truth in ((difference, a - b), (mean, (a + b) / 2)):
        covered = ((found.low <= truth) & (truth <= found.high)).mean()
        assert 0.93 <= covered <= 0.985, covered
    told = difference.p_value < 0.05
    assert np.array_equal(told, (difference.low > 0) | (difference.high < 0))
    if a == b:
        assert told.mean() < 0.06


def test_known_answers_and_ends():
    ten = np.full((20, 1), 10.0)
    none, all_ = (np.zeros((20, 1)), ten), (ten, ten)
    same = difference_of_groups(none, none)
    assert same.value[0] == 0 and same.low[0] < -0.005 and same.high[0] > 0.005 and same.p_value[0] == 1
    whole = difference_of_groups(all_, none)
    assert whole.value[0] == 1 and whole.high[0] == 1 and whole.low[0] > 0.85 and whole.p_value[0] < 1e-8
    assert mean_of_groups(all_, none).value[0] == 0.5
    assert difference_of_groups(none, all_).low[0] == -1


def test_one_person_says_nothing_and_nobody_is_undefined():
    ten = np.full((20, 1), 10.0)
    alone = difference_of_groups((np.full((1, 1), 10.0), np.full((1, 1), 10.0)), (np.zeros((20, 1)), ten))
    assert alone.low[0] <= 0.01 and alone.p_value[0] > 0.5
    nobody = difference_of_groups((np.zeros((1, 1)), np.zeros((1, 1))), (np.zeros((20, 1)), ten))
    assert np.isnan([nobody.value[0], nobody.low[0], nobody.high[0], nobody.p_value[0]]).all()
    assert np.isnan(mean_of_groups((np.zeros((1, 1)), np.zeros((1, 1))), (ten, ten)).value[0])
