import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

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
    b = boot(subjects, resamples=300, method="percentile")
    drawn = []
    for row in b.weights_:
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


def test_one_subject_gives_no_width():
    assert boot(["a", "a"]).mean([1.0, 2.0]) == (1.5, 1.5, 1.5)


def test_paired_difference_agrees_with_its_mean_and_interval():
    rng = np.random.default_rng(5)
    subjects = [str(i // 3) for i in range(60)]
    b = boot(subjects)
    apart = rng.normal(0.8, 1, 60)
    mean, low, high, _ = b.paired_difference(apart)
    assert mean == b.mean(apart)[0]
    by_subject = apart.reshape(20, 3).mean(axis=1)  # Student's t over the subjects
    found = stats.ttest_1samp(by_subject, 0.0)
    assert (low, high) == pytest.approx(tuple(found.confidence_interval(0.95)))
    assert b.paired_difference(apart)[3] == pytest.approx(found.pvalue)
    assert b.paired_difference(apart)[3] < 0.01
    assert b.paired_difference(apart - apart.mean())[3] > 0.8
    assert b.paired_difference(np.zeros(60)) == (0.0, 0.0, 0.0, 1.0)
    assert b.paired_difference(np.full(60, np.nan)) == (None, None, None, None)
    assert b.paired_difference(-apart)[3] == pytest.approx(b.paired_difference(apart)[3], rel=0.2)


def test_mean_of_means_weighs_groups_alike_and_agrees_with_one_group():
    rng = np.random.default_rng(8)
    subjects = np.repeat([f"{i:02d}" for i in range(15)], 6)
    x, groups = rng.normal(20, 3, 90), np.tile([0, 0, 0, 0, 54, 90], 15)
    b = boot(subjects)
    value, low, high = b.mean_of_means(x, groups)
    assert value == pytest.approx(np.mean([x[groups == g].mean() for g in (0, 54, 90)]))
    assert low < value < high
    assert b.mean_of_means(x, np.zeros(90)) == pytest.approx(b.mean(x))
    assert b.mean_of_means(np.where(groups == 54, np.nan, x), groups)[0] == pytest.approx(
        np.mean([x[groups == g].mean() for g in (0, 90)])
    )
    assert b.mean_of_means(x * np.nan, groups) == (None, None, None)


def test_no_subjects():
    with pytest.raises(ValueError, match="no subjects"):
        boot([])
    with pytest.raises(ValueError, match="a vector of 2 values"):
        boot(["a", "b"]).mean([1.0])
