"""Frechet distance: the plain formula, covariances that are singular, and what remains of two real halves."""

import numpy as np
import pytest
from scipy import linalg

from gaitbench.metrics.frechet import (
    LEAST_PEOPLE,
    frechet_distance,
    frechet_gaussians,
    frechet_infinity,
)


def plain(x, y):
    """The formula as it is written, by scipy's square root of a general matrix."""
    a, b = np.cov(x.T), np.cov(y.T)
    root = linalg.sqrtm(a @ b)
    return np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(a) + np.trace(b) - 2 * np.trace(np.real(root))


def walks(rng, people=40, each=12, numbers=6, own=1.0):
    """Embeddings of walks that resemble each other within a person."""
    who = np.repeat([f"{i:03d}" for i in range(people)], each)
    level = np.repeat(rng.normal(0, own, (people, numbers)), each, axis=0)
    return level + rng.normal(0, 0.5, (len(who), numbers)), who


def test_it_is_the_plain_formula_to_1e_8():
    rng = np.random.default_rng(0)
    for numbers in (1, 5, 40):
        mix = rng.normal(size=(numbers, numbers))
        x, y = rng.normal(size=(200, numbers)) @ mix, rng.normal(0.3, 2.0, size=(150, numbers))
        if numbers > 1:
            assert frechet_distance(x, y) == pytest.approx(plain(x, y), abs=1e-8, rel=1e-8)
        assert frechet_distance(x, y) == pytest.approx(frechet_distance(y, x), rel=1e-10)
        assert frechet_distance(x, x) == pytest.approx(0.0, abs=1e-9 * np.trace(np.atleast_2d(np.cov(x.T))))


def test_known_gaussians_and_one_number_have_the_formula_of_a_schoolbook():
    x, y = np.random.default_rng(1).normal(2, 3, 500), np.random.default_rng(2).normal(0, 1, 400)
    expected = (x.mean() - y.mean()) ** 2 + (x.std(ddof=1) - y.std(ddof=1)) ** 2
    assert frechet_distance(x[:, None], y[:, None]) == pytest.approx(expected)
    assert frechet_gaussians([0, 0], np.diag([1, 9]), [1, 2], np.diag([4, 1])) == pytest.approx(1 + 4 + 1 + 4)


def test_singular_covariances_are_no_trouble():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(5, 30)), rng.normal(size=(4, 30))  # fewer rows than numbers
    x[:, 0] = y[:, 0] = 7.0
    assert frechet_distance(x, y) > 0 and frechet_distance(x, x) == pytest.approx(0.0, abs=1e-8)
    flat = np.zeros((3, 3))
    assert frechet_gaussians(np.zeros(3), flat, np.ones(3), flat) == pytest.approx(3.0)


def test_two_halves_of_real_walks_are_0_where_the_plain_distance_is_biased():
    found = [frechet_infinity(*[walks(np.random.default_rng(s))[0]] * 2, walks(np.random.default_rng(s))[1])
             for s in range(12)]  # fmt: skip
    mean, plainly = np.mean([f.value for f in found]), np.mean([f.plain for f in found])
    assert plainly > 0.8 and abs(mean) < 0.2 * plainly
    assert np.mean([f.low < 0 < f.high for f in found]) >= 0.8


def test_a_shift_is_found_with_its_size_and_more_is_further():
    x, who = walks(np.random.default_rng(5), people=60)
    values = [frechet_infinity(x, x + step, who).value for step in (0.0, 0.5, 1.0)]
    assert values == sorted(values)
    assert values[2] - values[0] == pytest.approx(6 * 1.0, rel=0.25)  # numbers times step squared
    collapsed = frechet_infinity(x, np.tile(x[:1] * 0, (len(x), 1)), who)
    assert collapsed.low > frechet_infinity(x, x, who).high, (
        "one gait for everybody is no distribution of gaits"
    )


def test_it_is_the_same_again_and_wherever_the_origin_lies():
    x, who = walks(np.random.default_rng(6))
    first = frechet_infinity(x, x + 1, who)
    assert first == frechet_infinity(x, x + 1, who)
    assert frechet_infinity(x + 1e5, x + 1e5 + 1, who).value == pytest.approx(first.value, rel=1e-4)


@pytest.mark.parametrize(
    ("people", "each", "numbers", "message"),
    [(LEAST_PEOPLE - 1, 12, 6, "people"), (LEAST_PEOPLE, 1, 6, "fewer sequences than the embedding")],
)
def test_too_few_are_refused_in_one_line(people, each, numbers, message):
    x, who = walks(np.random.default_rng(7), people=people, each=each, numbers=numbers)
    with pytest.raises(ValueError, match=message) as refused:
        frechet_infinity(x, x, who)
    assert "\n" not in str(refused.value)


def test_what_is_no_embedding_and_no_covariance_is_refused():
    good = np.ones((4, 3))
    with pytest.raises(ValueError, match="finite"):
        frechet_distance(np.full((4, 3), np.nan), good)
    with pytest.raises(ValueError, match="numbers"):
        frechet_distance(good, np.ones((4, 2)))
    with pytest.raises(ValueError, match="shape"):
        frechet_distance(good[0], good)
    with pytest.raises(ValueError, match="symmetric"):
        frechet_gaussians([0, 0], [[1, 2], [0, 1]], [0, 0], np.eye(2))
    with pytest.raises(ValueError, match="negative"):
        frechet_gaussians([0, 0], [[1, 2], [2, 1]], [0, 0], np.eye(2))
    with pytest.raises(ValueError, match="same sequences"):
        frechet_infinity(good, good[:3], list("abcd"))
