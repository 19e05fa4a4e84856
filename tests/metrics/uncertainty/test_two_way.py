"""Intervals over people and trainings: they cover where both have an effect, and one over people alone does not."""

import numpy as np
import pytest

from gaitbench.metrics.uncertainty.bootstrap import SubjectBootstrap
from gaitbench.metrics.uncertainty.resampling import two_way

SIMULATIONS = 600


def simulated(rng, people, trainings, *, person=1.0, training=0.4, both=0.2, walks=3, noise=0.5, mean=0.0):
    """Sums (P, S) of walks of people whom each training treats as it treats everybody, and a little differently."""
    effect = rng.normal(0, person, (people, 1, 1)) + rng.normal(0, training, (1, trainings, 1))
    cell = rng.normal(0, both, (people, trainings, 1))
    return (mean + effect + cell + rng.normal(0, noise, (people, trainings, walks))).sum(axis=2)


def coverage(make, truth):
    """Share of simulations whose interval holds the truth, and the median width."""
    held, wide = [], []
    for number in range(SIMULATIONS):
        found = make(np.random.default_rng(number))
        held.append(found[0] <= truth <= found[1])
        wide.append(found[1] - found[0])
    return np.mean(held), np.median(wide)


@pytest.mark.parametrize(
    ("people", "trainings", "person", "training"),
    [
        (40, 5, 1.0, 0.4),
        (40, 3, 1.0, 0.4),
        (40, 5, 0.5, 0.5),
        (12, 3, 1.0, 0.4),
        (40, 5, 1.0, 0.0),
    ],
)
def test_a_mean_is_covered(people, trainings, person, training):
    def make(rng):
        tops = simulated(rng, people, trainings, person=person, training=training)
        found = two_way([tops], np.full(people, 3), resamples=400)
        return found.low, found.high

    share, _ = coverage(make, 0.0)
    assert 0.925 <= share <= 0.99, share


def test_two_trainings_are_too_few():
    """Two that are alike by chance say that trainings are alike: such a difference is never bold."""

    def make(rng):
        found = two_way([simulated(rng, 40, 2, person=0.5, training=0.5)], np.full(40, 3), resamples=400)
        return found.low, found.high

    share, _ = coverage(make, 0.0)
    assert 0.85 <= share <= 0.92, share


@pytest.mark.parametrize(
    ("trainings", "training"), [((5, 5), 0.4), ((5, 3), 0.4), ((5, 1), 0.0), ((5, 5), 0.0)]
)
def test_a_paired_difference_is_covered(trainings, training):
    def make(rng):
        person = rng.normal(0, 1.0, (40, 1))  # both see the same people: a large part of the spread is shared
        tops = [
            3 * person + simulated(rng, 40, n, person=0.3, training=training, mean=m)
            for n, m in zip(trainings, (0.5, 0.0), strict=True)
        ]
        found = two_way(tops, np.full(40, 3), resamples=400)
        return found.low, found.high

    share, wide = coverage(make, 0.5)
    assert 0.925 <= share <= 0.995, share
    assert wide < 2.5, "people are paired: what both share is no part of the difference's spread"


def test_an_interval_over_people_alone_does_not_cover():
    """What the tables had before: five trainings taken for the whole of them."""

    def make(rng):
        tops = simulated(rng, 40, 3, person=0.5, training=0.5)
        names = [f"{i:03d}" for i in range(40)]
        return SubjectBootstrap(names, resamples=400).mean(tops.mean(axis=1) / 3)[1:]

    share, _ = coverage(make, 0.0)
    assert share < 0.6


def test_rejections_are_at_their_level_where_nothing_differs():
    rejected = []
    for number in range(SIMULATIONS):
        rng = np.random.default_rng(number)
        tops = [simulated(rng, 40, 5, person=0.3) for _ in range(2)]
        rejected.append(two_way(tops, np.full(40, 3), resamples=400).p_value < 0.05)
    assert np.mean(rejected) < 0.075


def test_value_and_interval_belong_together():
    rng = np.random.default_rng(4)
    tops, bottom = simulated(rng, 9, 4, mean=2.0), rng.integers(1, 5, 9)
    one = two_way([tops], bottom, resamples=300)
    assert one.value == pytest.approx(tops.mean(axis=1).sum() / bottom.sum())
    assert np.allclose(one.by_training[0], tops.sum(axis=0) / bottom.sum())
    assert two_way([tops], bottom, resamples=300).low == one.low, "equal seeds give equal intervals"
    assert (one.low <= 0 <= one.high) == (one.p_value >= 0.05)
    same = two_way([tops, tops], bottom, resamples=300)
    assert same.value == 0.0 and same.low < 0 < same.high, "other trainings of the same system would differ"


def test_without_anything_to_spread_there_is_no_width():
    flat = two_way([np.full((5, 3), 2.0)], np.ones(5), resamples=50)
    assert (flat.value, flat.low, flat.high) == (2.0, 2.0, 2.0)
    assert np.isnan(two_way([np.ones((1, 3))], [1], resamples=50).low)
    assert np.isnan(two_way([np.zeros((3, 2))], np.zeros(3), resamples=50).value)
    aside = two_way([np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]])], [1, 1, 0], resamples=300)
    assert aside.value == 2.5, "who was not measured counts for nothing"


@pytest.mark.parametrize(
    ("tops", "bottom"),
    [
        ([], [1]),
        ([[[1.0]]] * 3, [1]),
        ([[1.0, 2.0]], [1, 1]),
        ([[[np.nan]]], [1]),
        ([[[1.0]]], [-1]),
        ([[[1.0]]], [1, 1]),
    ],
)
def test_what_does_not_fit_is_refused(tops, bottom):
    with pytest.raises(ValueError, match=r"give one|expected|finite"):
        two_way(tops, bottom)
