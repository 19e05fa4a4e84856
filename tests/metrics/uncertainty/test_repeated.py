"""Figures over runs drawn anew, and where the variance of answers lies: known answers and a simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from gaitbench.metrics.uncertainty.repeated import nested_shares, over_draws


def test_mean_and_intervals_are_students():
    values = [40.0, 44.0, 51.0, 45.0]
    found = over_draws(values)
    low, high = stats.t.interval(0.95, 3, loc=np.mean(values), scale=stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.next_high - found.mean == pytest.approx((high - found.mean) * math.sqrt(5))
    assert math.isnan(found.between_sd)


def test_what_runs_are_unsure_of_is_no_difference_between_them():
    assert over_draws([40.0, 41.0, 42.0], [3.0, 3.0, 3.0]).between_sd == 0
    found = over_draws([10.0, 50.0, 90.0], [3.0, 3.0, 3.0])
    assert found.between_sd == pytest.approx(math.sqrt(40**2 - 9))
    assert math.isnan(over_draws([1.0, 2.0], [1.0, math.nan]).between_sd)


def test_next_run_lies_in_its_interval_as_often_as_it_says():
    rng = np.random.default_rng(0)
    drawn = rng.normal(50, 5, size=(2000, 5))
    held = 0
    for row in drawn:
        found = over_draws(row[:4])
        held += found.next_low <= row[4] <= found.next_high
    assert 0.93 < held / len(drawn) < 0.97


@pytest.mark.parametrize(("values", "errors"), [([1.0], None), ([1.0, math.nan], None), ([1.0, 2.0], [1.0])])
def test_what_cannot_be_compared_is_refused(values, errors):
    with pytest.raises(ValueError, match=r"runs|values"):
        over_draws(values, errors)


def _answers(rng, of_people, of_walks, people=400, walks=6, cameras=11):
    p = 0.5 + rng.choice([-1, 1], size=(people, 1, 1)) * of_people
    p = p + rng.choice([-1, 1], size=(people, walks, 1)) * of_walks
    flags = rng.random((people, walks, cameras)) < p
    person, walk, _ = (a.ravel() for a in np.indices(flags.shape))
    return flags.ravel(), person, walk


def test_shares_are_those_of_the_simulation():
    flags, person, walk = _answers(np.random.default_rng(1), 0.2, 0.15)
    found = nested_shares(flags, person, walk)
    # variances: people 0.04, walks 0.0225, the rest to 0.25
    assert found.person == pytest.approx(0.04 / 0.25, abs=0.02)
    assert found.walk == pytest.approx(0.0225 / 0.25, abs=0.015)
    assert found.person + found.walk + found.rest == pytest.approx(1)


def test_unequal_groups_give_the_same_and_order_does_not_matter():
    rng = np.random.default_rng(2)
    flags, person, walk = _answers(rng, 0.2, 0.15)
    kept = rng.permutation(np.flatnonzero(rng.random(len(flags)) < 0.6))
    found = nested_shares(flags[kept], person[kept], walk[kept])
    assert found.person == pytest.approx(0.16, abs=0.03) and found.walk == pytest.approx(0.09, abs=0.03)


def test_answers_that_nothing_decides_lie_in_the_rest():
    found = nested_shares(*_answers(np.random.default_rng(3), 0.0, 0.0))
    assert found.rest > 0.97


def test_all_alike_has_no_variance_and_too_little_is_refused():
    flags, person, walk = _answers(np.random.default_rng(4), 0.0, 0.0, people=3)
    assert nested_shares(np.ones_like(flags), person, walk).rest == 0
    with pytest.raises(ValueError, match="two people"):
        nested_shares([True, False], ["a", "b"], ["1", "1"])
