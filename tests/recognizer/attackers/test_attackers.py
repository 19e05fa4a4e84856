"""All attackers behind one interface: they find people, and refuse what they cannot use in one clear line."""

import numpy as np
import pandas as pd
import pytest
from planted_gaits import planted_gaits
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from recognizer import GeiLda, GeiNearestNeighbor, RobustVTM, TruncatedVTM, ViewTransformationModel
from recognizer.subspaces.vtm import view_matrix

SMALL = {"n_components": 8}
ATTACKERS = {
    "gei-nn": lambda: GeiNearestNeighbor(),
    "gei-lda": lambda: GeiLda(),
    "tsvd-vtm": lambda: TruncatedVTM(**SMALL),
    "robust-vtm": lambda: RobustVTM(**SMALL),
}
every = pytest.mark.parametrize("make", ATTACKERS.values(), ids=ATTACKERS.keys())
view_based = pytest.mark.parametrize("make", [ATTACKERS["tsvd-vtm"], ATTACKERS["robust-vtm"]])


def fitted(make, training):
    (X, y), named = training.fit_args
    return make().fit(X, y, **named)


def enrolled(make, training, people):
    gallery = people.pick(people.walk == "nm-01")
    return fitted(make, training).enroll(gallery.X, gallery.y, angle=gallery.angle)


@every
def test_finds_strangers_in_an_all_views_gallery(make, training, strangers):
    attacker = enrolled(make, training, strangers)
    probes = strangers.pick(strangers.walk == "nm-02")
    assert np.mean(attacker.predict(probes.X, angle=probes.angle) == probes.y) > 0.95


@view_based
def test_finds_strangers_across_views_only(make, training, strangers):
    gallery = strangers.pick((strangers.walk == "nm-01") & (strangers.angle == 90))
    probes = strangers.pick((strangers.walk == "nm-02") & (strangers.angle == 0))
    attacker = fitted(make, training).enroll(gallery.X, gallery.y, angle=90)
    blind = GeiNearestNeighbor().fit(training.X, training.y, angle=training.angle)
    blind.enroll(gallery.X, gallery.y, angle=90)
    right = np.mean(attacker.predict(probes.X, angle=0) == probes.y)
    assert right >= 0.8
    assert right > np.mean(blind.predict(probes.X, angle=0) == probes.y) + 0.3


@every
def test_rank_distances_and_predict_agree(make, training, strangers):
    attacker = enrolled(make, training, strangers)
    probes = strangers.pick(strangers.walk == "nm-03")
    ranking = attacker.rank(probes.X, angle=probes.angle)
    distances = attacker.distances(probes.X, angle=probes.angle)
    assert ranking.subjects.shape == ranking.distances.shape == (len(probes.y), 20)
    np.testing.assert_array_equal(ranking.subjects[:, 0], attacker.predict(probes.X, angle=probes.angle))
    np.testing.assert_array_equal(ranking.distances[:, 0], distances.min(axis=1))
    assert (np.diff(ranking.distances, axis=1) >= 0).all()
    assert all(sorted(row) == sorted(set(strangers.y)) for row in ranking.subjects.tolist())


@every
def test_a_gallery_picture_is_found_at_distance_zero(make, training, strangers):
    attacker = enrolled(make, training, strangers)
    gallery = strangers.pick(strangers.walk == "nm-01")
    distances = attacker.distances(gallery.X, angle=gallery.angle)
    np.testing.assert_allclose(np.diag(distances), 0, atol=2e-2)  # float32 cancels


@every
def test_flat_features_and_order_of_probes_do_not_matter(make, training, strangers):
    attacker = enrolled(make, training, strangers)
    probes = strangers.pick(strangers.walk == "nm-02")
    whole = attacker.distances(probes.X, angle=probes.angle)
    order = np.random.default_rng(0).permutation(len(probes.y))
    shuffled = attacker.distances(probes.X[order].reshape(len(order), -1), angle=probes.angle[order])
    # Pictures in [0, 1] lie near each other for their length: float32 sums of another order move d^2, not d.
    np.testing.assert_allclose(shuffled**2, whole[order] ** 2, atol=1e-4)


@every
def test_two_fits_give_the_same_bytes(make, training, strangers):
    probes = strangers.pick(strangers.walk == "nm-02")
    first, second = (
        enrolled(make, training, strangers).distances(probes.X, angle=probes.angle).tobytes()
        for _ in range(2)
    )
    assert first == second


@every
def test_parameters_are_stored_and_cloned(make):
    attacker = make()
    assert clone(attacker).get_params() == attacker.get_params()


@every
def test_refitting_forgets_the_gallery(make, training, strangers):
    attacker = enrolled(make, training, strangers)
    (X, y), named = training.fit_args
    attacker.fit(X, y, **named)
    with pytest.raises(NotFittedError, match="enroll"):
        attacker.predict(X[:1], angle=90)


@every
class TestBadInput:
    def test_nan(self, make, training):
        (X, y), named = training.fit_args
        X = X.copy()
        X[7, 0, 0] = np.nan
        with pytest.raises(ValueError, match=r"NaN.*sample 7.*drop"):
            make().fit(X, y, **named)

    def test_a_single_subject(self, make, training):
        (X, y), named = training.fit_args
        with pytest.raises(ValueError, match="at least two subjects"):
            make().fit(X, np.full(len(y), "007"), **named)

    def test_mixed_sizes(self, make, training):
        y = training.y
        with pytest.raises(ValueError, match="one size"):
            make().fit([np.zeros((4, 3)), np.zeros((5, 3))], y[:2], angle=[0, 90])
        with pytest.raises(ValueError, match="picture size"):
            fitted(make, training).enroll(np.zeros((2, 5, 5)), ["a", "b"], angle=90)

    def test_an_empty_gallery(self, make, training):
        with pytest.raises(ValueError, match="gallery is empty"):
            fitted(make, training).enroll(np.zeros((0, 16, 11)), [], angle=[])

    def test_no_gallery(self, make, training):
        with pytest.raises(NotFittedError, match="enroll"):
            fitted(make, training).predict(training.X, angle=training.angle)

    def test_labels_that_do_not_match(self, make, training):
        with pytest.raises(ValueError, match="one label for each"):
            make().fit(training.X, training.y[:-1], angle=training.angle)
        with pytest.raises(ValueError, match="one for each"):
            make().fit(training.X, training.y, angle=training.angle[:-1])
        with pytest.raises(ValueError, match="whole degrees"):
            make().fit(training.X, training.y, angle=training.angle + 0.5)

    @pytest.mark.parametrize("nobody", [None, np.nan, float("nan"), pd.NA])
    def test_labels_that_are_missing(self, make, training, nobody):
        labels = training.y.tolist()
        labels[5] = labels[9] = nobody
        for y in (labels, np.array(labels, dtype=object), pd.Series(labels)):
            with pytest.raises(
                ValueError, match=r"y lacks the labels of 2 of \d+ samples, first of sample 5"
            ):
                make().fit(training.X, y, angle=training.angle)
        with pytest.raises(ValueError, match="walk lacks the labels of 2"):
            make().fit(training.X, training.y, angle=training.angle, walk=labels)
        with pytest.raises(ValueError, match="y lacks the labels of 2"):
            fitted(make, training).enroll(training.X, labels, angle=training.angle)

    def test_the_verb_fits_probes_and_gallery(self, make, training, strangers):
        attacker = enrolled(make, training, strangers)
        for X, line in (
            (strangers.X[:0], "the probes hold no samples"),
            (strangers.X[:1] * np.nan, "the probes hold NaN"),
            (strangers.X[:1, :5], "the probes have 55 features"),
            ([np.zeros((4, 3)), np.zeros((5, 3))], "the probes are not one array"),
        ):
            with pytest.raises(ValueError, match=line):
                attacker.predict(X, angle=0)
        with pytest.raises(ValueError, match="the gallery holds NaN"):
            attacker.enroll(strangers.X[:1] * np.nan, ["a"], angle=0)

    def test_not_fitted(self, make, training):
        with pytest.raises(NotFittedError):
            make().enroll(training.X, training.y, angle=training.angle)

    def test_wrong_shape(self, make):
        with pytest.raises(ValueError, match="shape"):
            make().fit(np.zeros(5), list("abcde"), angle=90)


@view_based
class TestBadViews:
    def test_one_angle_only(self, make, training):
        side = training.pick(training.angle == 90)
        with pytest.raises(ValueError, match=r"at least two angles.*GeiLda"):
            make().fit(side.X, side.y, angle=side.angle, walk=side.walk)

    def test_an_angle_never_trained(self, make, training, strangers):
        with pytest.raises(ValueError, match=r"the gallery holds angle 36.*known angles: 0, 54, 90, 180"):
            fitted(make, training).enroll(strangers.X[:1], strangers.y[:1], angle=36)
        with pytest.raises(ValueError, match="the probes hold angle 36"):
            enrolled(make, training, strangers).predict(strangers.X[:1], angle=36)

    def test_fewer_features_than_components(self, make, training):
        (X, y), named = training.fit_args
        with pytest.raises(ValueError, match=r"n_components.*5 features"):
            make().fit(X.reshape(len(X), -1)[:, :5], y, **named)

    def test_a_view_given_twice(self, make, training):
        (X, y), named = training.fit_args
        with pytest.raises(ValueError, match="two samples at 0 degrees"):
            make().fit(
                np.concatenate([X, X[:1]]), np.append(y, y[0]),
                angle=np.append(named["angle"], named["angle"][0]), walk=np.append(named["walk"], named["walk"][0]),
            )  # fmt: skip


@pytest.mark.parametrize("make", [m for name, m in ATTACKERS.items() if name != "gei-nn"])
def test_training_samples_that_are_all_alike_teach_nothing(make, training):
    (X, y), named = training.fit_args
    with pytest.raises(ValueError, match=r"all training samples .*alike; there is nothing to learn"):
        make().fit(np.full_like(X, 0.1), y, **named)


@view_based
def test_a_view_whose_samples_are_all_alike_is_named(make, training):
    (X, y), named = training.fit_args
    X = np.where((named["angle"] == 54)[:, None, None], np.float32(0.1), X)
    with pytest.raises(ValueError, match="all training samples at 54 degrees are alike"):
        make().fit(X, y, **named)


@view_based
def test_a_fold_that_leaves_too_little_says_so(make):
    two = planted_gaits(people=2, walks=1)
    (X, y), named = two.fit_args
    with pytest.raises(ValueError, match=r"one of 5 folds: .*at least two walks.*folds=1"):
        make().fit(X, y, **named)


@view_based
def test_walks_that_lack_views_cost_little(make, training, strangers):
    rng = np.random.default_rng(3)
    gallery = strangers.pick((strangers.walk == "nm-01") & (strangers.angle == 90))
    probes = strangers.pick((strangers.walk == "nm-02") & (strangers.angle == 0))
    some = training.pick(rng.random(len(training.y)) < 0.8)
    attacker = fitted(make, some).enroll(gallery.X, gallery.y, angle=90)
    assert np.mean(attacker.predict(probes.X, angle=0) == probes.y) >= 0.6


@view_based
def test_without_walk_numbers_the_order_pairs_the_views(make, training):
    (X, y), named = training.fit_args
    with_walks = make().fit(X, y, **named)
    without = make().fit(X, y, angle=named["angle"])
    np.testing.assert_allclose(with_walks.encode_, without.encode_, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_robust_pca_transforms_better_when_training_pictures_are_spoiled(seed):
    training, people = (
        planted_gaits(people=40, seed=5, noise=0.005, contrast=1.0),
        planted_gaits(people=30, seed=6, noise=0.005, contrast=1.0),
    )
    rng = np.random.default_rng(seed)
    X = training.X.copy()
    for i in np.flatnonzero(rng.random(len(X)) < 0.1):
        r, c = rng.integers(0, 10), rng.integers(0, 6)
        X[i, r : r + 6, c : c + 5] = rng.integers(0, 2)
    matrix = view_matrix(X, training.y, angle=training.angle, walk=training.walk)
    source, target = (people.X[people.angle == a].reshape(90, -1) for a in (90, 0))
    error = {}
    for kind in (RobustVTM, TruncatedVTM):
        split = kind()._clean(matrix)
        clean = None if split is None else split.low_rank_
        model = ViewTransformationModel(8).fit_matrix(matrix, low_rank=clean)
        error[kind] = np.abs(model.transform(source, source=90, target=0) - target).mean()
    assert error[RobustVTM] < 0.9 * error[TruncatedVTM], error
