import numpy as np
import pytest
from sklearn.cross_decomposition import PLSRegression

from recognizer import PlsProjection
from recognizer.subspaces.pls import class_indicator, pls_kernel


def classes_and_features(n=120, k=40, classes=6, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % classes)
    X = rng.normal(size=(n, k)) @ rng.normal(size=(k, k)) + 3 * rng.normal(size=(classes, k))[y]
    _, Y = class_indicator(y)
    return X - X.mean(axis=0), Y - Y.mean(axis=0), y


@pytest.mark.parametrize(("n", "k", "classes"), [(120, 40, 6), (40, 120, 50 // 2), (60, 5, 9), (500, 30, 2)])
def test_agrees_with_ikpls(n, k, classes):
    ikpls = pytest.importorskip("ikpls.numpy")
    X, Y, _ = classes_and_features(n, k, classes)
    count = min(4, k)
    ours = pls_kernel(X, Y, count)
    theirs = ikpls.PLS(algorithm=1, center_X=False, center_Y=False, scale_X=False, scale_Y=False)
    theirs.fit(X, Y, count)
    np.testing.assert_allclose(ours.coefficients(), theirs.B[count - 1], atol=1e-8)
    np.testing.assert_allclose(np.abs(ours.rotations), np.abs(theirs.R), atol=1e-8)


def test_agrees_with_scikit_learn_at_tight_tolerance():
    X, Y, _ = classes_and_features()
    theirs = PLSRegression(5, scale=False, tol=1e-15, max_iter=100_000).fit(X, Y)
    np.testing.assert_allclose(pls_kernel(X, Y, 5).coefficients(), theirs.coef_.T, atol=1e-7)


def test_a_single_response_is_pls1():
    X, Y, _ = classes_and_features()
    theirs = PLSRegression(4, scale=False).fit(X, Y[:, :1])
    np.testing.assert_allclose(pls_kernel(X, Y[:, :1], 4).coefficients(), theirs.coef_.T, atol=1e-8)


def test_scores_are_orthogonal_and_weights_orthonormal():
    X, Y, _ = classes_and_features()
    found = pls_kernel(X, Y, 8)
    scores = X @ found.rotations
    np.testing.assert_allclose(scores.T @ scores, np.diag(found.score_squares), atol=1e-6)
    np.testing.assert_allclose(found.weights.T @ found.weights, np.eye(8), atol=1e-9)


def test_all_components_are_least_squares():
    X, Y, _ = classes_and_features(k=6, classes=8)
    np.testing.assert_allclose(
        pls_kernel(X, Y, 6).coefficients(), np.linalg.lstsq(X, Y, rcond=None)[0], atol=1e-9
    )


def test_stops_when_nothing_is_left():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2)) @ rng.normal(size=(2, 9))
    X -= X.mean(axis=0)
    _, Y = class_indicator(np.arange(30) % 3)
    assert pls_kernel(X, Y - Y.mean(axis=0), 6).rotations.shape == (9, 2)


def test_projection_is_the_scores_and_separates():
    X, Y, y = classes_and_features()
    names = np.array(list("abcdef"))[y]
    projection = PlsProjection(5).fit(X + 7, names)
    np.testing.assert_allclose(projection.transform(X + 7), X @ pls_kernel(X, Y, 5).rotations, atol=1e-8)
    assert projection.classes_.tolist() == list("abcdef")
    assert projection.get_feature_names_out().tolist() == [f"plsprojection{i}" for i in range(5)]


def test_scaling_takes_units_away():
    X, _, y = classes_and_features()
    units = np.geomspace(1e-3, 1e3, X.shape[1])
    a, b = (
        PlsProjection(3, scale=True).fit_transform(X, y),
        PlsProjection(3, scale=True).fit_transform(X * units, y),
    )
    np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8)


def test_bad_input():
    X, _, y = classes_and_features()
    with pytest.raises(ValueError, match="one class only"):
        PlsProjection().fit(X, np.zeros(len(X), int))
    with pytest.raises(ValueError, match="n_components must be a whole number from 1 to 40"):
        PlsProjection(41).fit(X, y)
