"""The view classifier, and attackers that are not told the angle."""

import numpy as np
import pytest
from planted_gaits import planted_gaits
from sklearn.utils.estimator_checks import parametrize_with_checks

from recognizer import GeiLda, GeiNearestNeighbor, RobustVTM, ViewAngleClassifier


@parametrize_with_checks([ViewAngleClassifier()])
def test_scikit_learn_contract(estimator, check):
    check(estimator)


def test_names_the_views_of_strangers(training, strangers):
    views = ViewAngleClassifier().fit(training.X, training.angle)
    assert np.mean(views.predict(strangers.X) == strangers.angle) > 0.95
    chances = views.predict_proba(strangers.X)
    assert chances.shape == (len(strangers.y), 4)
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    np.testing.assert_array_equal(views.classes_[chances.argmax(axis=1)], views.predict(strangers.X))


def test_probabilities_of_two_gaussians_are_those_of_bayes():
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(0, 1, (4000, 1)), rng.normal(2, 1, (4000, 1))])
    views = ViewAngleClassifier(shrinkage=1e-9).fit(X, np.repeat([0, 90], 4000))
    points = np.array([[0.0], [1.0], [1.5]])
    expected = 1 / (1 + np.exp(-(2 * points[:, 0] - 2)))  # unit variance, means 0 and 2
    np.testing.assert_allclose(views.predict_proba(points)[:, 1], expected, atol=0.03)


def test_one_angle_only_is_refused(training):
    with pytest.raises(ValueError, match="at least two angles"):
        ViewAngleClassifier().fit(training.X, np.full(len(training.y), 90))


def test_bad_parameters_are_refused(training):
    with pytest.raises(ValueError, match="n_components"):
        ViewAngleClassifier(n_components=0).fit(training.X, training.angle)
    with pytest.raises(ValueError, match="shrinkage"):
        ViewAngleClassifier(shrinkage=0).fit(training.X, training.angle)


def test_robust_vtm_finds_people_whose_angle_it_is_not_told(training, strangers):
    (X, y), named = training.fit_args
    attacker = RobustVTM(n_components=8).fit(X, y, **named)
    gallery = strangers.pick(strangers.walk == "nm-01")
    probes = strangers.pick(strangers.walk == "nm-02")
    attacker.enroll(gallery.X, gallery.y)  # the gallery's angles are not known either
    assert np.mean(attacker.gallery_angle_ == gallery.angle) > 0.9
    told = attacker.predict(probes.X, angle=probes.angle)
    found = attacker.predict(probes.X)
    assert np.mean(found == probes.y) > 0.9
    assert np.mean(told == found) > 0.9
    np.testing.assert_array_equal(attacker.rank(probes.X).subjects[:, 0], found)
    assert np.mean(attacker.estimate_angles(probes.X) == probes.angle) > 0.9


def test_views_between_trained_ones_go_to_a_neighbour():
    training = planted_gaits(people=30, seed=0)
    between = training.X[training.angle == 0] * 0.8 + training.X[training.angle == 54] * 0.2
    (X, y), named = training.fit_args
    attacker = RobustVTM(n_components=8).fit(X, y, **named)
    assert set(attacker.estimate_angles(between)) <= {0, 54}


@pytest.mark.parametrize("make", [GeiLda, GeiNearestNeighbor])
def test_attackers_that_use_no_angle_need_none(make, training, strangers):
    (X, y), named = training.fit_args
    attacker = make().fit(X, y, **named)
    gallery = strangers.pick(strangers.walk == "nm-01")
    with_angle = attacker.enroll(gallery.X, gallery.y, angle=gallery.angle).predict(
        strangers.X, angle=strangers.angle
    )
    without = attacker.enroll(gallery.X, gallery.y).predict(strangers.X)
    np.testing.assert_array_equal(with_angle, without)
    assert set(attacker.gallery_angle_) == {-1}
