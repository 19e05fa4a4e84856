"""The attacker that reads clothes."""

import numpy as np
import pytest
from planted_sets import dressed_boxes

from recognizer import Appearance, load_attacker, save_attacker
from recognizer.attackers.appearance import _soft_bins, stripe_histograms


@pytest.fixture(scope="module")
def clothes():
    return dressed_boxes(people=12)


@pytest.fixture
def enrolled(clothes):
    X, y, angle = clothes
    strangers = dressed_boxes(people=10, seed=7)
    fitted = Appearance(stripes=6).fit(X, y, angle=angle)
    return fitted.enroll(strangers[0][::4], strangers[1][::4], angle=strangers[2][::4]), strangers


def test_names_strangers_by_their_clothes(enrolled):
    attacker, (X, y, angle) = enrolled
    probes = np.arange(len(y)) % 4 != 0
    assert np.mean(attacker.predict(X[probes], angle=angle[probes]) == y[probes]) > 0.9
    ranking = attacker.rank(X[probes])
    np.testing.assert_array_equal(ranking.subjects[:, 0], attacker.predict(X[probes]))


def test_shape_says_nothing(enrolled):
    attacker, (X, _, _) = enrolled
    flipped = X[:, :, :, ::-1]
    np.testing.assert_allclose(attacker.distances(flipped), attacker.distances(X), atol=1e-4)


def test_masks_and_black_are_the_same_and_a_mask_hides_the_background(enrolled):
    attacker, (X, _, _) = enrolled
    masks = X.any(axis=-1)
    np.testing.assert_array_equal(attacker.distances(X, masks=masks), attacker.distances(X))
    scene = np.where(masks[..., None], X, np.uint8(90))
    np.testing.assert_array_equal(attacker.distances(scene, masks=masks), attacker.distances(X))
    assert not np.allclose(attacker.distances(scene), attacker.distances(X), atol=1e-3)
    assert attacker.predict(list(X[:3]), masks=list(masks[:3])).shape == (3,)


def test_floats_are_bytes(enrolled):
    attacker, (X, _, _) = enrolled
    np.testing.assert_array_equal(attacker.distances(X / 255.0), attacker.distances(X))


def test_a_histogram_of_one_grey_is_known():
    rgb = np.full((1, 4, 2, 3), 132, np.uint8)  # level 16 of 32: middle 0.515625, six grey bins
    found = stripe_histograms(rgb, np.ones((1, 4, 2), bool), 2).reshape(2, -1) ** 2
    place = 0.515625 * 6 - 0.5
    np.testing.assert_allclose(found[:, 2], (3 - place) / 2, atol=1e-6)
    np.testing.assert_allclose(found[:, 3], (place - 2) / 2, atol=1e-6)
    np.testing.assert_allclose(found.sum(), 1, atol=1e-6)


def test_soft_bins_share_every_colour_whole():
    np.testing.assert_allclose(np.asarray(_soft_bins().sum(axis=1)), 1, atol=1e-9)


def test_saved_and_loaded_it_answers_with_the_same_bytes(enrolled, tmp_path):
    attacker, (X, _, _) = enrolled
    again = load_attacker(save_attacker(attacker, tmp_path / "clothes"))
    assert again.distances(X).tobytes() == attacker.distances(X).tobytes()


class TestBadInput:
    def test_pictures(self, clothes):
        X, y, angle = clothes
        with pytest.raises(ValueError, match=r"\(n, frames, height, width, 3\)"):
            Appearance().fit(X[..., 0], y, angle=angle)
        with pytest.raises(ValueError, match=r"sample 0 must have shape \(frames, height, width, 3\)"):
            Appearance().fit(X[..., :2], y, angle=angle)
        with pytest.raises(ValueError, match=r"sample 2.*NaN"):
            bad = X / 255.0
            bad[2] = np.nan
            Appearance().fit(bad, y, angle=angle)
        with pytest.raises(ValueError, match=r"sample 1 shows nobody"):
            Appearance().fit([X[0], X[1] * 0], y[:2], angle=0)

    def test_masks(self, clothes):
        X, y, angle = clothes
        with pytest.raises(ValueError, match="masks must hold one set for each"):
            Appearance().fit(X, y, angle=angle, masks=np.ones((2, *X.shape[1:4])))
        with pytest.raises(ValueError, match="its pictures need"):
            Appearance().fit(X, y, angle=angle, masks=np.ones((len(X), 3, 2, 2)))

    def test_people_gallery_and_parameters(self, clothes):
        X, y, angle = clothes
        with pytest.raises(ValueError, match="at least two subjects"):
            Appearance().fit(X, np.full(len(y), "a"), angle=angle)
        with pytest.raises(ValueError, match="gallery is empty"):
            Appearance().fit(X, y, angle=angle).enroll([], [])
        with pytest.raises(ValueError, match="stripes"):
            Appearance(stripes=0).fit(X, y, angle=angle)
        with pytest.raises(ValueError, match="shrinkage"):
            Appearance(shrinkage=2).fit(X, y, angle=angle)
