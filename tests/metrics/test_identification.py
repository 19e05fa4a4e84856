import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm
from sklearn.metrics import average_precision_score, roc_curve

from gaitbench.metrics import (
    average_precisions,
    chance_corrected,
    cmc,
    equal_error_rate,
    from_ranking,
    genuine_and_impostor,
    nearer_subjects,
    subject_distances,
    subject_tail,
    true_ranks,
)

# Two probes of a, one of b, one of c; the gallery holds a twice, b twice, c once.
GALLERY = np.array(["a", "b", "a", "c", "b"])
PROBES = np.array(["a", "a", "b", "c"])
DISTANCES = np.array(
    [
        [0.1, 0.5, 0.4, 0.6, 0.9],  # a: 1st and 2nd -> precision 1, 1
        [0.5, 0.1, 0.4, 0.6, 0.9],  # a: 2nd and 3rd -> 1/2, 2/3; person 2
        [0.2, 0.3, 0.1, 0.4, 0.9],  # b: 3rd and 5th -> 1/3, 2/5; person 2
        [0.1, 0.2, 0.4, 0.9, 0.3],  # c: 5th -> 1/5; person 3
    ]
)


def scores(seed, decimals=6, people=9):
    rng = np.random.default_rng(seed)
    probes = np.repeat([f"{i:02d}" for i in range(people)], 3)
    gallery = np.repeat([f"{i:02d}" for i in rng.permutation(people)], 4)
    own = probes[:, None] == gallery
    return np.round(rng.normal(0, 1, own.shape) - own, decimals), probes, gallery


def test_worked_by_hand():
    ranks = true_ranks(DISTANCES, PROBES, GALLERY)
    assert ranks.tolist() == [1, 2, 2, 3]
    np.testing.assert_allclose(cmc(ranks, 5), [0.25, 0.75, 1, 1, 1])
    np.testing.assert_allclose(
        average_precisions(DISTANCES, PROBES, GALLERY),
        [1, (1 / 2 + 2 / 3) / 2, (1 / 3 + 2 / 5) / 2, 1 / 5],
    )
    assert nearer_subjects(DISTANCES, PROBES, GALLERY).tolist() == [
        [False, False, False], [False, True, False], [True, False, False], [True, True, False],
    ]  # fmt: skip


def test_average_precision_agrees_with_scikit_learn():
    d, probes, gallery = scores(1)
    expected = [average_precision_score(gallery == p, -row) for p, row in zip(probes, d, strict=True)]
    np.testing.assert_allclose(average_precisions(d, probes, gallery), expected)


def test_average_precision_by_person_is_the_reciprocal_rank():
    d, probes, gallery = scores(2)
    names, nearest = subject_distances(d, gallery)
    np.testing.assert_allclose(average_precisions(nearest, probes, names), 1 / true_ranks(d, probes, gallery))


def test_distances_come_back_from_a_ranking():
    d, probes, gallery = scores(3)
    names, nearest = subject_distances(d, gallery)
    order = np.argsort(nearest, axis=1)
    sorted_names, again = from_ranking(names[order], np.take_along_axis(nearest, order, axis=1))
    assert (np.diff(sorted_names.astype(int)) > 0).all()
    np.testing.assert_array_equal(again, nearest[:, np.argsort(names)])
    np.testing.assert_array_equal(true_ranks(again, probes, sorted_names), true_ranks(d, probes, gallery))
    with pytest.raises(ValueError, match="same people"):
        from_ranking([["a", "b"], ["a", "c"]], np.zeros((2, 2)))


def test_a_probe_of_a_stranger_is_never_found():
    d, probes, gallery = scores(4)
    ranks = true_ranks(d, np.where(probes == "00", "??", probes), gallery)
    assert (ranks[probes == "00"] == 10).all() and (ranks[probes != "00"] <= 9).all()
    # A mean over probes would count a stranger as a bad ranking: strangers are for measures of an open set.
    with pytest.raises(ValueError, match="'??' of a probe is not in the gallery".replace("?", "[?]")):
        average_precisions(d, np.where(probes == "00", "??", probes), gallery)


def test_a_failed_probe_counts_as_found():
    d, probes, gallery = scores(5, decimals=0)
    d[0, gallery == probes[0]] = -np.inf
    assert true_ranks(d, probes, gallery)[0] == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0, 1, 6]), st.floats(0, 2))
def test_equal_error_rate_agrees_with_the_curve_of_scikit_learn(seed, decimals, shift):
    rng = np.random.default_rng(seed)
    genuine, impostor = rng.normal(0, 1, 60).round(decimals), rng.normal(shift, 1, 200).round(decimals)
    labels = np.repeat([1, 0], [60, 200])
    fmr, tpr, _ = roc_curve(labels, -np.concatenate([genuine, impostor]), drop_intermediate=False)
    expected = brentq(lambda x: 1 - x - np.interp(x, fmr, tpr), 0, 1)
    # where the curve runs along a vertical line np.interp takes its end, so allow one impostor
    assert equal_error_rate(genuine, impostor) == pytest.approx(expected, abs=1 / 200)


def test_equal_error_rate_of_known_distributions():
    rng = np.random.default_rng(7)
    for distance in (0.0, 1.0, 3.0):
        found = equal_error_rate(rng.normal(0, 1, 100_000), rng.normal(distance, 1, 400_000))
        assert found == pytest.approx(norm.cdf(-distance / 2), abs=3e-3)


def test_equal_error_rate_at_its_ends():
    assert equal_error_rate([0, 1], [2, 3]) == 0.0
    assert equal_error_rate([2, 3], [0, 1]) == 1.0
    assert equal_error_rate([1, 1, 1], [1, 1]) == 0.5
    assert equal_error_rate([-np.inf, 1], [2, 3]) == 0.0
    assert np.isnan(equal_error_rate([], [1.0]))


def test_genuine_and_impostor_are_all_pairs_once():
    d, probes, gallery = scores(8)
    genuine, impostor = genuine_and_impostor(d, probes, gallery)
    assert len(genuine) == 27 * 4 and len(impostor) == 27 * 32
    np.testing.assert_allclose(np.sort(np.concatenate([genuine, impostor])), np.sort(d.ravel()))
    assert genuine.mean() == pytest.approx(d[probes[:, None] == gallery].mean())


def test_chance_correction_worked_by_hand():
    # 40 people: chance 1/40; 22 of 40 probes found: (0.55 - 0.025) / 0.975
    assert chance_corrected(22 / 40, 1 / 40) == pytest.approx(0.525 / 0.975)
    assert chance_corrected(1 / 40, 1 / 40) == 0.0
    assert chance_corrected(1.0, 1 / 40) == 1.0
    assert chance_corrected(0.0, 0.5) == -1.0
    assert np.isnan(chance_corrected(1.0, 1.0))
    with pytest.raises(ValueError, match="divide percent"):
        chance_corrected(55.0, 0.025)


def test_the_tail_names_who_is_found_most_often():
    subjects = ["a"] * 4 + ["b"] * 2 + ["c"] * 4 + ["d"] * 2
    correct = [1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0, 1]
    assert subject_tail(correct, subjects, count=3) == [("c", 4, 1.0), ("b", 2, 1.0), ("a", 4, 0.5)]
    assert len(subject_tail(correct, subjects)) == 4
    assert subject_tail([], []) == []


def test_bad_input():
    with pytest.raises(ValueError, match="probe_y must hold one label"):
        true_ranks(DISTANCES, PROBES[:2], GALLERY)
    with pytest.raises(ValueError, match="NaN"):
        average_precisions(np.full((4, 5), np.nan), PROBES, GALLERY)
    with pytest.raises(ValueError, match="gallery_y must hold one label"):
        subject_distances(DISTANCES, GALLERY[:2])
    with pytest.raises(ValueError, match="counted from 1"):
        cmc([0, 1])
    with pytest.raises(ValueError, match="one label for each"):
        subject_tail([True], [])
