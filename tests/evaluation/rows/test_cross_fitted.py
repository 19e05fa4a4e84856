"""The worst case by halves is not biased by looking at many attacks; the plain maximum is."""

from __future__ import annotations

import numpy as np
import pytest

from gaitbench.evaluation.rows.cross_fitted import cross_fitted
from gaitbench.metrics.uncertainty.resampling import subject_weights

PEOPLE, ATTACKS, PROBES = 40, 20, 4


def test_twenty_equal_attacks_are_not_worse_than_one() -> None:
    rng, weights, true = np.random.default_rng(3), subject_weights(PEOPLE, 200, 1), 0.3
    trials = np.full((PEOPLE, ATTACKS), float(PROBES))
    naive, rates, covered = [], [], 0
    for seed in range(150):
        found = cross_fitted(
            rng.binomial(PROBES, true, trials.shape).astype(float), trials, weights=weights, seed=seed
        )
        assert found is not None
        naive.append(found.naive)
        rates.append(found.rate)
        covered += found.low <= true <= found.high
    assert np.mean(naive) > true + 0.04
    assert abs(np.mean(rates) - true) < 0.008
    assert covered >= 0.91 * 150


def test_one_strong_attack_is_chosen_by_every_half() -> None:
    hits = np.zeros((PEOPLE, 3))
    hits[:, 1] = np.arange(PEOPLE) % 2 + 1
    found = cross_fitted(hits, np.full(hits.shape, 2.0), weights=subject_weights(PEOPLE, 100, 1), seed=0)
    assert found is not None
    assert found.chosen == {1: 40}
    assert found.rate == pytest.approx(found.naive) == pytest.approx(0.75)


def test_nobody_named_is_no_certainty() -> None:
    hits = np.zeros((10, 2))
    found = cross_fitted(hits, np.ones(hits.shape), weights=subject_weights(10, 50, 1), seed=0)
    assert found is not None
    assert (found.rate, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(0.3085, abs=1e-3)


def test_three_people_have_no_halves() -> None:
    assert cross_fitted(np.ones((3, 2)), np.ones((3, 2)), weights=np.ones((5, 3)), seed=0) is None


@pytest.mark.parametrize("right", [0, 3, 10])
def test_an_interval_without_spread_holds_the_figure(right):
    """Everybody is named equally often: the exact bound of as many trials as people, not a point."""
    hits, trials = np.full((10, 2), float(right)), np.full((10, 2), 10.0)
    found = cross_fitted(hits, trials, weights=subject_weights(10, 50, 0), seed=0)
    assert found.low <= found.rate <= found.high and found.high - found.low > 0.2
