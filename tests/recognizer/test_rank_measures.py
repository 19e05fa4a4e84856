"""CMC and mAP beside loops that sort, by hand, and beside scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from recognizer import cumulative_match, mean_average_precision
from recognizer.matching import rank_subjects
from recognizer.rank_measures import cmc, ranks_of_own, true_ranks


def test_cmc_by_hand():
    distances = [
        [0.1, 0.9, 0.5, 0.4],  # a, b(0.4), b ... : a first
        [0.2, 0.1, 0.9, 0.9],  # b, a, c: a second
        [0.3, 0.1, 0.2, 0.8],  # b, c, a: a third
        [0.1, 0.2, 0.3, 0.4],  # z is not in the gallery
    ]
    curve = cumulative_match(distances, ["a", "a", "a", "z"], ["a", "b", "c", "b"], ranks=4)
    assert curve.tolist() == [0.25, 0.5, 0.75, 0.75]
    # Nobody of the probes in the gallery is a mistake in the labels, not a curve of zeros.
    with pytest.raises(ValueError, match="no probe's subject is in the gallery"):
        cumulative_match(distances[3:], ["z"], ["a", "b", "c", "b"], ranks=2)


def test_ranks_counted_to_an_end_are_those_counted_whole():
    distances = np.random.default_rng(3).random((50, 90)).round(2)
    probes, gallery = np.arange(50) % 35, np.arange(90) % 30  # five of the probes' people are strangers
    whole = true_ranks(distances, probes, gallery)
    assert (whole[probes >= 30] == 31).all() and whole[probes < 30].max() <= 30
    for most in (1, 4, 30, 100):
        np.testing.assert_array_equal(
            np.minimum(true_ranks(distances, probes, gallery, most=most), min(most, 30) + 1),
            np.minimum(whole, min(most, 30) + 1),
        )
        if most <= 30:  # beyond the people there are, a whole rank of 31 would count a stranger as found
            curve = cumulative_match(distances, probes, gallery, ranks=most)
            np.testing.assert_allclose(cmc(whole, most), curve, atol=1e-15)


def test_average_precision_by_hand():
    distances = [[0.1, 0.2, 0.3, 0.4, 0.5], [0.5, 0.4, 0.3, 0.2, 0.1]]
    gallery_y = ["a", "b", "a", "b", "a"]
    # a at ranks 1, 3, 5: (1/1 + 2/3 + 3/5) / 3; b at ranks 2, 4: (1/2 + 2/4) / 2
    expected = ((1 + 2 / 3 + 3 / 5) / 3 + 0.5) / 2
    assert mean_average_precision(distances, ["a", "b"], gallery_y) == pytest.approx(expected, abs=1e-15)
    assert [r.tolist() for r in ranks_of_own(distances, ["a", "b"], gallery_y)] == [[0, 2, 4], [1, 3]]


def sorting_ranks(distances, probe_y, gallery_y):
    orders = np.argsort(distances, axis=1, kind="stable")
    return [np.flatnonzero(gallery_y[o] == name).tolist() for o, name in zip(orders, probe_y, strict=True)]


@pytest.mark.parametrize("good", [False, True])  # many or few entries nearer than the own ones
@pytest.mark.parametrize("mixed", [False, True])  # own entries apart, or side by side
@pytest.mark.parametrize("levels", [3, 50, None])  # with ties
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_way_of_ranking_agrees_with_sorting(good, mixed, levels, dtype):
    rng = np.random.default_rng(0)
    gallery_y = np.repeat(np.arange(130), rng.integers(1, 40, 130)).astype(str)
    if mixed:
        rng.shuffle(gallery_y)
    probe_y = rng.choice(gallery_y, 90)
    distances = rng.random((90, len(gallery_y)))
    if good:
        distances[probe_y[:, None] == gallery_y] *= 0.02
    if levels:
        distances = np.ceil(distances * levels)
    distances = distances.astype(dtype)
    found = [r.tolist() for r in ranks_of_own(distances, probe_y, gallery_y)]
    assert found == sorting_ranks(distances, probe_y, gallery_y)
    subjects, _ = rank_subjects(distances, gallery_y)
    place = np.argmax(subjects == probe_y[:, None], axis=1)
    curve = [(place < r).mean() for r in range(1, 21)]
    np.testing.assert_allclose(cumulative_match(distances, probe_y, gallery_y, ranks=20), curve)


def naive_cmc(distances, probe_y, gallery_y, ranks):
    hits = np.zeros(ranks)
    for row, name in zip(distances, probe_y, strict=True):
        seen = []
        for column in np.argsort(row, kind="stable"):
            if gallery_y[column] not in seen:
                seen.append(gallery_y[column])
        if name in seen and seen.index(name) < ranks:
            hits[seen.index(name) :] += 1
    return hits / len(probe_y)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 30), st.booleans())
def test_cmc_and_map_agree_with_the_loop(seed, people, entries, coarse):
    rng = np.random.default_rng(seed)
    gallery_y = np.concatenate([np.arange(people), rng.integers(0, people, entries)]).astype(str)
    probe_y = rng.integers(0, people, 9).astype(str)
    distances = rng.random((9, len(gallery_y)))
    if coarse:  # with ties
        distances = np.round(distances * 4)
    if not coarse:
        np.testing.assert_allclose(
            cumulative_match(distances, probe_y, gallery_y, ranks=5),
            naive_cmc(distances, probe_y, gallery_y, 5),
        )
    precisions = []
    for row, name in zip(distances, probe_y, strict=True):
        hit = (gallery_y == name)[np.argsort(row, kind="stable")]
        precisions.append(np.mean(np.cumsum(hit)[hit] / (np.flatnonzero(hit) + 1)))
    assert mean_average_precision(distances, probe_y, gallery_y) == pytest.approx(
        np.mean(precisions), abs=1e-12
    )


def test_map_agrees_with_scikit_learn():
    rng = np.random.default_rng(2)
    gallery_y, probe_y = rng.integers(0, 5, 80).astype(str), rng.integers(0, 5, 30).astype(str)
    distances = rng.random((30, 80))
    theirs = [
        average_precision_score(gallery_y == n, -row) for n, row in zip(probe_y, distances, strict=True)
    ]
    assert mean_average_precision(distances, probe_y, gallery_y) == pytest.approx(np.mean(theirs), abs=1e-12)


def test_whole_numbers_are_distances_too():
    assert mean_average_precision([[1, 2, 3]], ["b"], ["a", "b", "b"]) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert cumulative_match([[1, 2, 3]], ["b"], ["a", "b", "b"], ranks=2).tolist() == [0, 1]


def test_bad_rankings():
    with pytest.raises(ValueError, match="'z' of a probe is not in the gallery"):
        mean_average_precision(np.ones((2, 2)), ["a", "z"], ["a", "b"])
    for measure in (mean_average_precision, cumulative_match):
        with pytest.raises(ValueError, match="NaN"):
            measure(np.array([[np.nan, 1]]), ["a"], ["a", "b"])
        with pytest.raises(ValueError, match="gallery_y must hold one label"):
            measure(np.ones((1, 2)), ["a"], ["a"])
        with pytest.raises(ValueError, match="one gallery label per column"):
            measure(np.ones((0, 2)), [], ["a", "b"])
    with pytest.raises(ValueError, match="ranks must be a whole number from 1"):
        cumulative_match(np.ones((1, 1)), ["a"], ["a"], ranks=0)
