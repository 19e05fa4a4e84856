import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from gaitbench.metrics import d_sys, d_sys_null, genuine_and_impostor


def analytic(shift, omega=1.0):
    """D_sys of N(0, 1) against N(shift, 1) by numerical integration."""

    def integrand(s):
        p, q = omega * norm.pdf(s), norm.pdf(s, shift)
        return norm.pdf(s) * max(0.0, 2 * p / (p + q) - 1) if p > 0 else 0.0

    return quad(integrand, -9, 9, limit=400)[0]


@pytest.mark.parametrize(("shift", "omega"), [(0.5, 1.0), (1.5, 1.0), (4.0, 1.0), (1.5, 0.1)])
def test_two_gaussians(shift, omega):
    rng = np.random.default_rng(0)
    found = d_sys(rng.normal(0, 1, 300_000), rng.normal(shift, 1, 300_000), omega=omega)
    assert found == pytest.approx(analytic(shift, omega), abs=6e-3)


def test_worked_by_hand():
    # bins [0, 1) and [1, 2]: genuine 3/4, 1/4; impostor 1/4, 3/4 -> 3/4 x (3/4 - 1/4) / (3/4 + 1/4)
    assert d_sys([0.0, 0.5, 0.6, 1.5], [0.5, 1.2, 1.4, 2.0], bins=2) == pytest.approx(0.375)


def test_perfect_separation_is_exactly_one_and_direction_does_not_count():
    near, far = np.linspace(0, 1, 200), np.linspace(2, 3, 500)
    assert d_sys(near, far) == 1.0
    assert d_sys(far, near) == 1.0


def test_equal_distributions_are_not_linkable():
    x = np.random.default_rng(1).random(1000)
    assert d_sys(x, x) == 0.0 == d_sys([1.0, 1.0], [1.0])


def by_person(strength, seed, people=20, walks=6):
    """Distances of probes to people: everybody resembles everybody to an own degree, and oneself by `strength`."""
    rng = np.random.default_rng(seed)
    names = np.array([f"{i:02d}" for i in range(people)])
    d = np.repeat(rng.normal(0, 1, (people, people)) - strength * np.eye(people), walks, axis=0)
    return d + rng.normal(0, 0.3, d.shape), np.repeat(names, walks), names


def test_null_covers_a_blind_system_and_not_a_seeing_one():
    inside = 0
    for seed in range(40):
        d, probes, gallery = by_person(0.0, seed)
        null = d_sys_null(d, probes, gallery, rounds=99, seed=seed)
        inside += d_sys(*genuine_and_impostor(d, probes, gallery)) <= null.high
        assert 0 < null.mean < null.high
    assert inside >= 34  # of 40; 38 expected
    d, probes, gallery = by_person(2.0, 1)
    null = d_sys_null(d, probes, gallery, rounds=99)
    assert d_sys(*genuine_and_impostor(d, probes, gallery)) > 1.5 * null.high and null.p_value == 0.01


def test_exchanging_single_pairs_would_be_too_sure():
    """Distances of one person resemble each other: that alone moves D_sys beyond a permutation of pairs."""
    d, probes, gallery = by_person(0.0, 2)
    pooled, rng = d.ravel(), np.random.default_rng(0)
    pairs = []
    for _ in range(50):
        mixed = rng.permutation(pooled)
        pairs.append(d_sys(mixed[: len(probes)], mixed[len(probes) :]))
    assert d_sys_null(d, probes, gallery).mean > 1.5 * np.mean(pairs)


def test_null_is_seeded_and_nobody_keeps_the_own_label():
    d, probes, gallery = by_person(0.0, 3, people=5)
    assert d_sys_null(d, probes, gallery, seed=1) == d_sys_null(d, probes, gallery, seed=1)
    assert d_sys_null(d, probes, gallery, seed=1) != d_sys_null(d, probes, gallery, seed=2)
    perfect = np.where(probes[:, None] == gallery, 0.0, 1.0)
    # all 5 genuine pairs at distance 1, of the 20 others 15: D = (1 - 3/4) / (1 + 3/4)
    assert d_sys_null(perfect, probes, gallery).mean == pytest.approx(1 / 7)


def test_undefined_and_bad_input():
    assert np.isnan(d_sys([], [1.0]))
    assert np.isnan(d_sys_null(np.zeros((2, 2)), ["a", "b"], ["a", "b"]).mean)
    with pytest.raises(ValueError, match="NaN or infinity"):
        d_sys([np.inf], [1.0])
    with pytest.raises(ValueError, match="bins must be"):
        d_sys([1.0], [1.0], bins=0)
