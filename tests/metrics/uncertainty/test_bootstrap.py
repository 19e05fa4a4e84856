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


@pytest.mark.parametrize(
    ("p", "strength"),
    [(0.005, 3.0), (0.02, 1.5), (0.05, 3.0), (0.5, 1.5), (0.85, 1.5), (0.93, 5.0), (0.98, 1.5), (0.995, 3.0)],
)
def test_rates_cover_with_correlated_sequences_where_wilson_does_not(p, strength):
    """2,000 studies of 40 people, 6 sequences each: every study is one cell. More in benchmarks/studies/coverage.py."""
    hits = correlated(p, strength, np.random.default_rng(11))
    rate = boot().rates(hits, np.full_like(hits, SEQUENCES))
    assert 0.925 <= covered(rate.low, rate.high, p) <= 0.987
    if 0.05 < p < 0.95:
        assert covered(*wilson(hits.sum(axis=0), SUBJECTS * SEQUENCES), p) < 0.90


@pytest.mark.parametrize("p", [0.01, 0.1, 0.85, 0.98])
def test_covers_a_success_rate_whose_denominator_varies(p):
    rng = np.random.default_rng(12)
    named = rng.binomial(SEQUENCES, rng.beta(3, 1, (SUBJECTS, CELLS)))
    fooled = rng.binomial(named, rng.beta(p * 4, (1 - p) * 4, (SUBJECTS, CELLS)))
    rate = boot().rates(fooled, named)
    assert 0.93 <= covered(rate.low, rate.high, p) <= 0.987


def test_nobody_and_everybody_have_intervals_too():
    """Where no one of 40 people is found, a rate of 1 % is not excluded, and 10 % is; a bootstrap says 0 to 0."""
    none, bottom = np.zeros((SUBJECTS, 1)), np.full((SUBJECTS, 1), float(SEQUENCES))
    rate, drawn = boot().rates(none, bottom), boot().means(none, bottom)
    assert rate.value[0] == rate.low[0] == 0.0 and 0.01 < rate.high[0] < 0.05
    assert drawn.low[0] == drawn.high[0] == 0.0
    rate = boot().rates(bottom, bottom)
    assert rate.value[0] == rate.high[0] == 1.0 and 0.95 < rate.low[0] < 0.99
    # and the two ends mirror each other
    hits = correlated(0.02, 1.5, np.random.default_rng(5))
    one, other = (
        boot().rates(hits, hits * 0 + SEQUENCES),
        boot().rates(SEQUENCES - hits, hits * 0 + SEQUENCES),
    )
    np.testing.assert_allclose(one.low, 1 - other.high, atol=1e-12)


def test_more_people_and_independent_sequences_say_more():
    hits = np.tile([[6.0], [0.0]], (20, 1))  # everybody always or never: as good as 40 sequences
    spread = np.full((40, 1), 3.0)  # the same rate, everybody half: as good as 240
    bottom = np.full((40, 1), 6.0)
    alike, apart = boot().rates(spread, bottom), boot().rates(hits, bottom)
    assert alike.high[0] - alike.low[0] < 0.6 * (apart.high[0] - apart.low[0])
    with pytest.raises(ValueError, match="between 0 and its trials"):
        boot().rates(bottom + 1, bottom)


def test_p_values_of_no_difference_are_uniform_and_agree_with_the_interval():
    rng = np.random.default_rng(14)
    a, b = rng.normal(size=(2, SUBJECTS, CELLS)) + rng.normal(size=(SUBJECTS, CELLS))
    one = np.ones((SUBJECTS, CELLS))
    found = boot().differences(a, one, b, one)
    np.testing.assert_allclose(found.value, (a - b).mean(axis=0), atol=1e-12)
    for level in (0.01, 0.05, 0.1, 0.5):
        assert np.mean(found.p_value < level) == pytest.approx(level, abs=4 * np.sqrt(level / CELLS))
    outside = (found.low > 0) | (found.high < 0)
    np.testing.assert_array_equal(found.p_value < 0.05, outside)
    np.testing.assert_allclose(found.p_value, stats.ttest_rel(a, b).pvalue, rtol=1e-9)


def test_a_large_difference_has_a_p_value_as_small_as_it_is():
    """A bootstrap of 500 draws cannot say less than 0.001, whatever t is (t = -26 was printed as 0.0019)."""
    rng = np.random.default_rng(15)
    a = rng.normal(-26 / np.sqrt(SUBJECTS), 1.0, (SUBJECTS, 1))
    one = np.ones_like(a)
    assert boot(resamples=500).differences(a, one, 0 * a, one).p_value[0] < 1e-15


def test_pairing_takes_out_what_two_systems_share():
    rng = np.random.default_rng(15)
    person = rng.normal(0, 5, (SUBJECTS, 1))
    a, b = person + rng.normal(0.5, 0.2, (SUBJECTS, 1)), person + rng.normal(0, 0.2, (SUBJECTS, 1))
    one = np.ones((SUBJECTS, 1))
    single, paired = boot().means(a, one), boot().differences(a, one, b, one)
    assert paired.high[0] - paired.low[0] < 0.1 * (single.high[0] - single.low[0])
    assert paired.p_value[0] < 0.01


def test_one_cell_is_a_cell_of_many():
    rng = np.random.default_rng(3)
    who = np.repeat(NAMES[:12], 5)
    before, after = rng.random(60) < 0.8, rng.random(60) < 0.3
    boot = SubjectBootstrap(who, resamples=500, confidence=0.9, seed=3)
    rate = boot.rates(boot.sums(who, before & ~after), boot.sums(who, before))
    np.testing.assert_allclose(
        boot.ratio(before & ~after, before), [100 * v[0] for v in (rate.value, rate.low, rate.high)]
    )
    np.testing.assert_allclose(
        boot.mean_of_ratios(before & ~after, before, np.zeros(60)), boot.ratio(before & ~after, before)
    )
    everything = boot.sums(who, np.ones(60))
    gap = boot.differences(boot.sums(who, before), everything, boot.sums(who, after), everything)
    np.testing.assert_allclose(
        boot.paired_difference(before.astype(float) - after),
        [v[0] for v in (gap.value, gap.low, gap.high, gap.p_value)],
    )


def test_cells_do_not_depend_on_how_they_are_grouped():
    rng = np.random.default_rng(6)
    top, bottom = rng.random((2, SUBJECTS, 260))
    together = boot(resamples=3000).means(top, bottom)
    alone = boot(resamples=3000).means(top[:, 200:201], bottom[:, 200:201])
    np.testing.assert_allclose(together.low[200], alone.low[0])
    np.testing.assert_allclose(together.high[200], alone.high[0])


def test_empty_cells_and_constant_cells():
    bottom = np.zeros((SUBJECTS, 2))
    bottom[:, 1] = 3.0
    rate = boot().means(bottom, bottom)
    assert np.isnan([rate.value[0], rate.low[0], rate.high[0]]).all()
    assert rate.value[1] == rate.low[1] == rate.high[1] == 1.0
    assert boot().differences(bottom, bottom, bottom, bottom).p_value[1] == 1.0


def test_a_cell_of_a_few_subjects_leaves_out_draws_without_them():
    bottom = np.zeros((SUBJECTS, 1))
    bottom[0] = 2.0
    rate = boot().means(bottom / 2, bottom)
    assert rate.value[0] == rate.low[0] == rate.high[0] == 0.5


def test_bad_input():
    with pytest.raises(ValueError, match="no subjects"):
        SubjectBootstrap([])
    with pytest.raises(ValueError, match="'x' is not among"):
        boot().sums(["x"], [1.0])
    with pytest.raises(ValueError, match="1 observations"):
        boot().sums(["000"], [1.0, 2.0])
    with pytest.raises(ValueError, match="one row a subject"):
        boot().means(np.ones((3, 1)), np.ones((3, 1)))
    with pytest.raises(ValueError, match="a has 1 cells"):
        boot().differences(*[np.ones((SUBJECTS, 1))] * 2, *[np.ones((SUBJECTS, 2))] * 2)
