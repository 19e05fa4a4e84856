import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from recognizer import euclidean_distances, nearest_neighbors, squared_distances
from recognizer.matching import rank_subjects


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "m", "d"), [(1, 1, 1), (7, 3, 5), (700, 2500, 20), (300, 1024, 8)])
def test_nearest_neighbors_agree_with_scikit_learn(n, m, d, dtype):
    rng = np.random.default_rng(0)
    p, g = rng.normal(size=(n, d)).astype(dtype), rng.normal(size=(m, d)).astype(dtype)
    index, distance = nearest_neighbors(p, g)
    theirs, found = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(g).kneighbors(p)
    np.testing.assert_allclose(distance, theirs[:, 0], atol=2e-3 if dtype == np.float32 else 1e-7)
    assert np.mean(index == found[:, 0]) > (0.999 if dtype == np.float32 else 1 - 1e-9)
    assert distance.dtype == dtype


def test_squared_distances_equal_the_definition():
    rng = np.random.default_rng(1)
    p, g = rng.normal(size=(300, 9)), rng.normal(size=(40, 9))
    np.testing.assert_allclose(squared_distances(p, g), ((p[:, None] - g) ** 2).sum(axis=2), atol=1e-11)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_euclidean_distances_are_the_roots_to_the_bit(dtype):
    rng = np.random.default_rng(2)
    p, g = rng.normal(size=(700, 9)).astype(dtype), rng.normal(size=(40, 9)).astype(dtype)
    p[3] = g[5]  # no root of a number below 0, however it was rounded
    found = euclidean_distances(p, g)
    assert found.dtype == dtype and np.array_equal(found, np.sqrt(squared_distances(p, g)))
    assert found[3].argmin() == 5


def test_the_lower_index_wins_a_tie_even_across_blocks():
    g = np.zeros((3000, 2))
    g[1500] = g[2500] = [1, 0]
    index, distance = nearest_neighbors(np.array([[1.0, 0.0], [-1.0, 0.0]]), g)
    assert index.tolist() == [1500, 0]
    np.testing.assert_allclose(distance, [0, 1])


def test_rank_subjects_by_hand():
    distances = np.array([[3.0, 1.0, 2.0, 2.5], [1.0, 5.0, 1.0, 9.0]])
    subjects, nearest = rank_subjects(distances, ["b", "a", "c", "b"])
    assert subjects.tolist() == [["a", "c", "b"], ["b", "c", "a"]]
    np.testing.assert_array_equal(nearest, [[1, 2, 2.5], [1, 1, 5]])


def test_bad_input():
    with pytest.raises(ValueError, match="gallery is empty"):
        nearest_neighbors(np.ones((2, 3)), np.ones((0, 3)))
    with pytest.raises(ValueError, match="one d"):
        nearest_neighbors(np.ones((2, 3)), np.ones((2, 4)))
    with pytest.raises(ValueError, match="gallery_y lacks the labels of 1 of 2 samples"):
        rank_subjects(np.ones((1, 2)), ["a", None])


@pytest.mark.parametrize("match", [nearest_neighbors, squared_distances, euclidean_distances])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_has_no_neighbour(match, bad):
    good, spoiled = np.ones((4, 3), np.float32), np.ones((4, 3), np.float32)
    spoiled[2, 1] = bad
    with pytest.raises(ValueError, match="the probes hold NaN or infinity, first in row 2; drop"):
        match(spoiled, good)
    with pytest.raises(ValueError, match="the gallery holds NaN or infinity, first in row 2; drop"):
        match(good, spoiled)
