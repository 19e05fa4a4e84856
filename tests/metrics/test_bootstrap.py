import numpy as np
import pytest
from scipy import stats

from gaitbench.metrics import SubjectBootstrap

SUBJECTS, SEQUENCES, CELLS = 40, 6, 2000
NAMES = [f"{i:03d}" for i in range(SUBJECTS)]


def boot(**more):
    return SubjectBootstrap(NAMES, **{"resamples": 2000, "confidence": 0.95, "seed": 4, **more})


def correlated(p, strength, rng):
    """Hits of each subject: people differ (beta), and so the sequences of one resemble each other."""
    own = rng.beta(p * strength, (1 - p) * strength, (SUBJECTS, CELLS))
    return rng.binomial(SEQUENCES, own).astype(float)


def wilson(hits, n):
    """Wilson's interval, which takes all sequences as independent."""
    q, z = hits / n, 1.96
    centre = (q + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(q * (1 - q) / n + z * z / (4 * n * n))
    return centre - half, centre + half


def covered(low, high, truth):
    return float(np.mean((low <= truth + 1e-12) & (truth - 1e-12 <= high)))


@pytest.mark.parametrize(("p", "strength"), [(0.85, 1.5), (0.5, 1.5), (0.93, 5.0)])
def test_covers_with_correlated_sequences_where_wilson_does_not(p, strength):
    """2,000 studies of 40 people, 6 sequences each: every study is one cell."""
    hits = correlated(p, strength, np.random.default_rng(11))
    rate = boot().ratios(hits, np.full_like(hits, SEQUENCES))
    assert 0.93 <= covered(rate.low, rate.high, p) <= 0.97
    assert covered(*wilson(hits.sum(axis=0), SUBJECTS * SEQUENCES), p) < 0.90


def test_covers_a_success_rate_whose_denominator_varies():
    rng = np.random.default_rng(12)
    named = rng.binomial(SEQUENCES, rng.beta(3, 1, (SUBJECTS, CELLS)))
    fooled = rng.binomial(named, rng.beta(0.85 * 5, 0.15 * 5, (SUBJECTS, CELLS)))
    rate = boot().ratios(fooled, named)
    assert 0.93 <= covered(rate.low, rate.high, 0.85) <= 0.97
    assert covered(*wilson(fooled.sum(axis=0), named.sum(axis=0)), 0.85) < 0.90


def test_plain_percentiles_are_too_narrow_where_rates_are_high():
    hits = correlated(0.93, 1.5, np.random.default_rng(13))
    bottom = np.full_like(hits, SEQUENCES)
    plain, corrected = boot(method="percentile").ratios(hits, bottom), boot().ratios(hits, bottom)
    assert covered(plain.low, plain.high, 0.93) < 0.925 < covered(corrected.low, corrected.high, 0.93)


def test_p_values_of_no_difference_are_uniform_and_agree_with_the_interval():
    rng = np.random.default_rng(14)
    a, b = rng.normal(size=(2, SUBJECTS, CELLS)) + rng.normal(size=(SUBJECTS, CELLS))
    one = np.ones((SUBJECTS, CELLS))
    found = boot().differences(a, one, b, one)
    np.testing.assert_allclose(found.value, (a - b).mean(axis=0), atol=1e-12)
    for level in (0.01, 0.05, 0.1, 0.5):
        assert np.mean(found.p_value < level) == pytest.approx(level, abs=4 * np.sqrt(level / CELLS))
    outside = (found.low > 0) | (found.high < 0)
    assert np.mean((found.p_value < 0.05) == outside) > 0.99
    assert np.corrcoef(found.p_value, stats.ttest_rel(a, b).pvalue)[0, 1] > 0.99


def test_pairing_takes_out_what_two_systems_share():
    rng = np.random.default_rng(15)
    person = rng.normal(0, 5, (SUBJECTS, 1))
    a, b = person + rng.normal(0.5, 0.2, (SUBJECTS, 1)), person + rng.normal(0, 0.2, (SUBJECTS, 1))
    one = np.ones((SUBJECTS, 1))
    single, paired = boot().ratios(a, one), boot().differences(a, one, b, one)
    assert paired.high[0] - paired.low[0] < 0.1 * (single.high[0] - single.low[0])
    assert paired.p_value[0] < 0.01


def test_equals_the_bootstrap_of_one_cell():
    rng = np.random.default_rng(3)
    who = np.repeat(NAMES[:12], 5)
    before, after = rng.random(60) < 0.8, rng.random(60) < 0.3
    one = SubjectBootstrap(who, resamples=500, confidence=0.9, seed=3)
    many = SubjectBootstrap(who, resamples=500, confidence=0.9, seed=3)
    rate = many.ratios(many.sums(who, before & ~after), many.sums(who, before))
    np.testing.assert_allclose(
        one.ratio(before & ~after, before), [100 * v[0] for v in (rate.value, rate.low, rate.high)]
    )
    everything = many.sums(who, np.ones(60))
    gap = many.differences(many.sums(who, before), everything, many.sums(who, after), everything)
    np.testing.assert_allclose(
        one.paired_difference(before.astype(float) - after),
        [v[0] for v in (gap.value, gap.low, gap.high, gap.p_value)],
    )


def test_cells_do_not_depend_on_how_they_are_grouped():
    rng = np.random.default_rng(6)
    top, bottom = rng.random((2, SUBJECTS, 260))
    together = boot(resamples=3000).ratios(top, bottom)
    alone = boot(resamples=3000).ratios(top[:, 200:201], bottom[:, 200:201])
    np.testing.assert_allclose(together.low[200], alone.low[0])
    np.testing.assert_allclose(together.high[200], alone.high[0])


def test_empty_cells_and_constant_cells():
    bottom = np.zeros((SUBJECTS, 2))
    bottom[:, 1] = 3.0
    rate = boot().ratios(bottom, bottom)
    assert np.isnan([rate.value[0], rate.low[0], rate.high[0]]).all()
    assert rate.value[1] == rate.low[1] == rate.high[1] == 1.0
    assert boot().differences(bottom, bottom, bottom, bottom).p_value[1] == 1.0


def test_a_cell_of_a_few_subjects_leaves_out_draws_without_them():
    bottom = np.zeros((SUBJECTS, 1))
    bottom[0] = 2.0
    rate = boot().ratios(bottom / 2, bottom)
    assert rate.value[0] == rate.low[0] == rate.high[0] == 0.5


def test_bad_input():
    with pytest.raises(ValueError, match="no subjects"):
        SubjectBootstrap([])
    with pytest.raises(ValueError, match="'x' is not among"):
        boot().sums(["x"], [1.0])
    with pytest.raises(ValueError, match="1 observations"):
        boot().sums(["000"], [1.0, 2.0])
    with pytest.raises(ValueError, match="one row a subject"):
        boot().ratios(np.ones((3, 1)), np.ones((3, 1)))
    with pytest.raises(ValueError, match="a has 1 cells"):
        boot().differences(*[np.ones((SUBJECTS, 1))] * 2, *[np.ones((SUBJECTS, 2))] * 2)
