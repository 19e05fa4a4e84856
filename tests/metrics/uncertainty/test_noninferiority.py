"""Claims of non-inferiority against the textbook test, and simulated error rates."""

import numpy as np
import pytest
from scipy import stats

from gaitbench.metrics.uncertainty.noninferiority import judge, non_inferiority


def study(rng, people, pictures, difference, spread=0.5):
    """Values of two systems on the same pictures, which differ by person as well."""
    who = np.repeat([f"{i:03d}" for i in range(people)], pictures)
    second = rng.normal(20.0, 2.0, len(who))
    own = np.repeat(rng.normal(difference, spread, people), pictures)
    return second + own + rng.normal(0.0, 0.3, len(who)), second, who


def test_one_value_a_person_is_the_one_sided_paired_t_test_of_scipy():
    a, b, who = study(np.random.default_rng(0), 25, 1, -0.2)
    found = non_inferiority(a, b, who, 0.5)
    plain = stats.ttest_1samp(a - b, -0.5, alternative="greater")
    assert found.p_value == pytest.approx(plain.pvalue, abs=1e-12)
    assert found.low == pytest.approx(plain.confidence_interval(0.95).low + 0.0, abs=1e-12)
    assert found.high - found.difference == pytest.approx(found.difference - found.low)


def test_equally_many_pictures_a_person_are_the_test_over_the_people_s_means():
    a, b, who = study(np.random.default_rng(1), 12, 7, 0.1)
    means = (a - b).reshape(12, 7).mean(axis=1)
    plain = stats.ttest_1samp(means, -0.3, alternative="greater")
    assert non_inferiority(a, b, who, 0.3).p_value == pytest.approx(plain.pvalue, abs=1e-12)


def test_at_the_margin_one_claim_in_twenty_holds_and_the_smallest_margin_is_shown_four_times_in_five():
    rng, at_margin, equal = np.random.default_rng(2), 0, 0
    smallest = []
    for _ in range(1500):
        a, b, who = study(rng, 20, 3, -0.5)
        at_margin += non_inferiority(a, b, who, 0.5).low > -0.5
        a, b, who = study(rng, 20, 3, 0.0)
        smallest.append(non_inferiority(a, b, who, 0.5).smallest)
    margin = float(np.median(smallest))
    for _ in range(1500):
        a, b, who = study(rng, 20, 3, 0.0)
        equal += non_inferiority(a, b, who, margin).low > -margin
    assert at_margin / 1500 == pytest.approx(0.05, abs=0.017)
    assert equal / 1500 == pytest.approx(0.80, abs=0.04)


def test_bounds_and_p_agree_and_no_spread_has_no_width():
    for margin in (0.05, 0.2, 0.6):
        a, b, who = study(np.random.default_rng(3), 15, 2, -0.15)
        found = non_inferiority(a, b, who, margin)
        assert (found.low > -margin) == (found.p_value < 0.05)
    same = non_inferiority([1.0, 2.0], [1.1, 2.1], ["a", "b"], 0.2)
    assert same.low == same.high == pytest.approx(-0.1) and same.p_value == 0.0 and same.smallest == 0.0


def test_pairs_without_a_number_are_left_out_and_one_person_tells_nothing():
    found = non_inferiority([1.0, np.inf, np.nan, 3.0], [1.0, 1.0, 1.0, 2.0], ["a", "a", "b", "c"], 1.0)
    assert found.difference == 0.5
    assert np.isnan(non_inferiority([1.0, 2.0], [1.0, 1.0], ["a", "a"], 1.0).low)
    with pytest.raises(ValueError, match="no pair"):
        non_inferiority([np.inf], [1.0], ["a"], 1.0)


@pytest.mark.parametrize("margin", [0.0, -0.5, float("nan"), float("inf")])
def test_a_margin_that_is_none_is_refused(margin):
    with pytest.raises(ValueError, match="positive"):
        judge(0.0, 0.1, 10.0, margin)


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match="one length"):
        non_inferiority([1.0, 2.0], [1.0], ["a", "b"], 0.1)
