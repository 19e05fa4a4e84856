import numpy as np
import pytest
from planted_gaits import planted_gaits
from sklearn.base import clone
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from recognizer import ViewTransformationModel
from recognizer.subspaces.vtm import view_matrix


def bilinear(rank=3, walks=20, angles=(0, 36, 90), features=12, seed=0, mean=0.0):
    rng = np.random.default_rng(seed)
    P, v = rng.normal(size=(len(angles), features, rank)), rng.normal(size=(walks, rank))
    offset = mean * rng.normal(size=(len(angles), features))
    X = np.concatenate([v @ P[k].T + offset[k] for k in range(len(angles))])
    y = np.tile([f"{i:03d}" for i in range(walks)], len(angles))
    return P, offset, X, y, np.repeat(angles, walks)


@pytest.mark.parametrize(("center", "mean"), [(False, 0.0), (True, 0.0), (True, 2.0)])
def test_reproduces_a_planted_bilinear_model_for_strangers(center, mean):
    P, offset, X, y, angle = bilinear(mean=mean)
    model = ViewTransformationModel(ridge=0.0, energy=1 - 1e-9, center=center).fit(X, y, angle=angle)
    assert model.rank_ == 3
    v = np.random.default_rng(9).normal(size=(5, 3))
    for j, source in enumerate((0, 36, 90)):
        for i, target in enumerate((0, 36, 90)):
            seen = v @ P[j].T + offset[j]
            np.testing.assert_allclose(
                model.transform(seen, source=source, target=target), v @ P[i].T + offset[i], atol=1e-4
            )


def test_rank_by_energy_and_given():
    _, _, X, y, angle = bilinear(rank=5)
    ranks = [ViewTransformationModel(energy=e).fit(X, y, angle=angle).rank_ for e in (0.3, 0.8, 0.999999)]
    assert ranks == sorted(ranks)
    assert ranks[-1] == 5
    assert ViewTransformationModel(2).fit(X, y, angle=angle).rank_ == 2


def test_factors_equal_the_singular_value_decomposition():
    gaits = planted_gaits(people=12, walks=1, noise=0.05)
    model = ViewTransformationModel(4, center=False, ridge=0).fit(gaits.X, gaits.y, angle=gaits.angle)
    D = view_matrix(gaits.X, gaits.y, angle=gaits.angle).data.astype(np.float64)
    U, s, Vt = np.linalg.svd(D, full_matrices=False)
    product = model.components_.reshape(-1, 4) @ model.coordinates_.T
    np.testing.assert_allclose(product, (U[:, :4] * s[:4]) @ Vt[:4], atol=1e-5)


def test_ridge_shrinks_towards_the_mean_of_the_view():
    _, _, X, y, angle = bilinear(mean=1.0)
    small, large = (ViewTransformationModel(3, ridge=r).fit(X, y, angle=angle) for r in (1e-6, 1e6))
    seen = X[angle == 0]
    np.testing.assert_allclose(
        large.transform(seen, source=0, target=90), np.broadcast_to(large.mean_[2], (20, 12)), atol=1e-3
    )
    np.testing.assert_allclose(small.transform(seen, source=0, target=90), X[angle == 90], atol=1e-3)


def test_missing_views_are_completed():
    P, _, X, y, angle = bilinear(walks=40)
    keep = np.random.default_rng(1).random(len(X)) < 0.85
    model = ViewTransformationModel(3, ridge=0, center=False, max_iter=500).fit(
        X[keep], y[keep], angle=angle[keep]
    )
    v = np.random.default_rng(9).normal(size=(5, 3))
    np.testing.assert_allclose(model.transform(v @ P[0].T, source=0, target=90), v @ P[2].T, atol=0.1)


def test_view_matrix_puts_walks_in_columns_and_views_in_blocks():
    gaits = planted_gaits(people=2, walks=2, angles=(0, 90))
    order = np.random.default_rng(0).permutation(len(gaits.y))[:-1]
    left_out = np.setdiff1d(np.arange(len(gaits.y)), order)[0]
    some = gaits.pick(order)
    matrix = view_matrix(some.X, some.y, angle=some.angle, walk=some.walk)
    assert matrix.angles.tolist() == [0, 90]
    assert matrix.seen.sum() == 7
    assert matrix.mask.shape == matrix.data.shape == (2 * 176, 4)
    for m, (subject, walk) in enumerate(zip(matrix.subjects, matrix.walks, strict=True)):
        for k, a in enumerate(matrix.angles):
            sample = (gaits.y == subject) & (gaits.walk == walk) & (gaits.angle == a)
            block = matrix.data[k * 176 : (k + 1) * 176, m]
            expected = np.zeros(176) if sample[left_out] else gaits.X[sample].ravel()
            np.testing.assert_array_equal(block, expected)


def test_stands_in_a_pipeline():
    _, _, X, y, angle = bilinear()
    model = ViewTransformationModel(3, ridge=0.0, center=False, source=0, target=90)
    steps = make_pipeline(model, KNeighborsClassifier(1)).fit(X, y, viewtransformationmodel__angle=angle)
    seen = X[angle == 0]
    assert steps.score(seen + 1e-3, y[:20]) == 1
    assert steps.set_params(viewtransformationmodel__source=36).score(X[angle == 36], y[:20]) == 1
    moved = steps[0].set_params(source=0).transform(seen)
    np.testing.assert_allclose(moved, X[angle == 90], atol=1e-4)
    np.testing.assert_allclose(steps[0].transform(seen, target=36), X[angle == 36], atol=1e-4)
    assert clone(model).get_params() == model.get_params()


def test_fitted_samples_come_from_their_own_angles():
    _, _, X, y, angle = bilinear()
    order = np.random.default_rng(0).permutation(len(X))
    model = ViewTransformationModel(3, ridge=0.0, center=False, target=90)
    moved = model.fit_transform(X[order], y[order], angle=angle[order])
    np.testing.assert_allclose(moved, np.tile(X[angle == 90], (3, 1))[order], atol=1e-4)


def test_an_angle_given_nowhere_is_asked_for():
    _, _, X, y, angle = bilinear()
    model = ViewTransformationModel(3).fit(X, y, angle=angle)
    with pytest.raises(ValueError, match=r"source is not known; give source=\.\.\. in degrees"):
        model.transform(X, target=0)
    with pytest.raises(ValueError, match=r"target is not known"):
        model.transform(X, source=0)
    with pytest.raises(ValueError, match=r"target is not known"):
        model.fit_transform(X, y, angle=angle)


def test_samples_that_are_all_alike_teach_nothing():
    _, _, X, y, angle = bilinear()
    alike = np.full_like(X, 0.1)
    with pytest.raises(ValueError, match="all training samples of a view are alike, in every view"):
        ViewTransformationModel().fit(alike, y, angle=angle)
    with pytest.raises(ValueError, match="X holds zeros only"):
        ViewTransformationModel(center=False).fit(0 * X, y, angle=angle)
    # Without centring a picture that all share is a factor; and one view that differs is enough.
    assert ViewTransformationModel(center=False).fit(alike, y, angle=angle).rank_ == 1
    alike[angle == 90] = X[angle == 90]
    ViewTransformationModel().fit(alike, y, angle=angle)


def test_bad_input():
    _, _, X, y, angle = bilinear()
    with pytest.raises(ValueError, match="at least two angles"):
        ViewTransformationModel().fit(X[:20], y[:20], angle=0)
    with pytest.raises(ValueError, match="angle 54 was never trained; known angles: 0, 36, 90"):
        ViewTransformationModel(3).fit(X, y, angle=angle).transform(X, source=54, target=0)
    with pytest.raises(ValueError, match="rank must be a whole number from 1 to 12"):
        ViewTransformationModel(13).fit(X, y, angle=angle)
    with pytest.raises(ValueError, match="energy"):
        ViewTransformationModel(energy=0).fit(X, y, angle=angle)
    with pytest.raises(ValueError, match="ridge"):
        ViewTransformationModel(ridge=-1).fit(X, y, angle=angle)
    with pytest.raises(ValueError, match=r"12 features|11 features"):
        ViewTransformationModel(3).fit(X, y, angle=angle).transform(X[:, :11], source=0, target=36)
