import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.metrics import SubjectBootstrap, success_rate


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_success_rate_equals_the_definition(pairs):
    before, after = [p[0] for p in pairs], [p[1] for p in pairs]
    s = [i for i, b in enumerate(before) if b]
    m = [i for i in s if not after[i]]
    got = success_rate(before, after)
    assert got[:2] == (len(m), len(s))
    assert got[2] is None if not s else got[2] == pytest.approx(100 * len(m) / len(s))


def test_success_of_doing_nothing_is_zero():
    named = np.array([True, False, True])
    assert success_rate(named, named) == (0, 2, 0.0)


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one length"):
        success_rate([True], [True, False])


def boot(subjects, **more):
    return SubjectBootstrap(subjects, **{"resamples": 500, "confidence": 0.95, "seed": 0, **more})


def test_agrees_with_a_naive_resampling_of_subjects():
    rng = np.random.default_rng(3)
    subjects = np.repeat([f"{i:03d}" for i in range(12)], 5)
    x = rng.random(60)
    b = boot(subjects, resamples=300)
    drawn = []
    for row in b.weights:
        chosen = np.concatenate(
            [np.tile(x[subjects == s], int(k)) for s, k in zip(np.unique(subjects), row, strict=True) if k]
        )
        drawn.append(chosen.mean())
    value, low, high = b.mean(x)
    assert value == pytest.approx(x.mean())
    np.testing.assert_allclose([low, high], np.percentile(drawn, [2.5, 97.5]))


def test_infinite_values_are_left_out():
    assert boot(["a", "b", "b"]).mean([1.0, np.inf, 3.0])[0] == 2.0
    assert boot(["a"]).mean([np.inf]) == (None, None, None)


def test_ratio_and_its_undefined_case():
    b = boot(["a", "a", "b"])
    assert b.ratio([1, 0, 1], [1, 1, 1])[0] == pytest.approx(200 / 3)
    assert b.ratio([0, 0, 0], [0, 0, 0]) == (None, None, None)


def test_mean_of_ratios_is_unrounded_and_by_group():
    b = boot(["a", "a", "b", "b"])
    assert b.mean_of_ratios([1, 0, 0, 1], [1, 1, 0, 1], [0, 0, 90, 90])[0] == pytest.approx(75.0)


def test_same_seed_same_interval_other_seed_another():
    x = np.random.default_rng(0).random(40)
    subjects = [str(i // 4) for i in range(40)]
    assert boot(subjects).mean(x) == boot(subjects).mean(x)
    assert boot(subjects).mean(x) != boot(subjects, seed=1).mean(x)


@pytest.mark.slow
def test_covers_with_correlated_sequences_where_wilson_does_not():
    """95 % intervals of a rate, 40 subjects x 6 sequences, strong differences between people."""
    rng = np.random.default_rng(11)
    subjects = np.repeat(np.arange(40).astype(str), 6)
    p, hits, wilson = 0.85, 0, 0
    rounds = 400
    for i in range(rounds):
        own = rng.beta(p * 1.5, (1 - p) * 1.5, 40)
        x = rng.random(240) < np.repeat(own, 6)
        _, low, high = boot(subjects, seed=i).ratio(x, np.ones(240))
        hits += low <= 100 * p <= high
        n, q, z = 240, x.mean(), 1.96
        centre = (q + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * np.sqrt(q * (1 - q) / n + z * z / (4 * n * n))
        wilson += centre - half <= p <= centre + half
    assert 0.91 <= hits / rounds <= 0.98
    assert wilson / rounds < 0.90


def test_no_subjects():
    with pytest.raises(ValueError, match="no subjects"):
        boot([])
    with pytest.raises(ValueError, match="expected 2 values"):
        boot(["a", "b"]).mean([1.0])
