"""Several samples of a sequence are decided together, by every attacker; angles are asked for where they are used."""

from __future__ import annotations

import numpy as np
import pytest
from planted_gaits import planted_gaits

from recognizer import Appearance, GaitDynamics, GeiLda, GeiNearestNeighbor, RobustVTM, SetCnn, TruncatedVTM
from recognizer.sequences import sequence_distances

SMALL = {"n_components": 8}
MAKERS = {
    "gei-nn": GeiNearestNeighbor, "gei-lda": GeiLda, "tsvd-vtm": lambda: TruncatedVTM(**SMALL),
    "robust-vtm": lambda: RobustVTM(**SMALL),
}  # fmt: skip


def test_the_mean_and_the_nearest_decide_as_worked_by_hand():
    # person b has two entries; the nearest counts. Rows over their means: [2/3, 4/3], [1.2, .8], [1, 1]
    d = [[1.0, 9.0, 2.0], [3.0, 2.0, 5.0], [4.0, 4.0, 8.0]]
    who, people, mean = sequence_distances(d, ["s", "s", "t"], ["a", "b", "b"])
    assert who.tolist() == ["s", "t"] and people.tolist() == ["a", "b"]
    np.testing.assert_allclose(mean, [[(2 / 3 + 1.2) / 2, (4 / 3 + 0.8) / 2], [1.0, 1.0]])
    _, _, nearest = sequence_distances(d, ["s", "s", "t"], ["a", "b", "b"], by="min")
    np.testing.assert_allclose(nearest, [[2 / 3, 0.8], [1.0, 1.0]])


def test_the_order_of_samples_and_their_scale_change_nothing():
    rng = np.random.default_rng(0)
    d, names = rng.random((12, 5)) + 0.1, np.array(list("aabbccabccba"))
    who, _, one = sequence_distances(d, names, list("vwxyz"))
    turned = rng.permutation(12)
    again, _, two = sequence_distances((d * rng.uniform(1, 9, (12, 1)))[turned], names[turned], list("vwxyz"))
    np.testing.assert_allclose(one[np.argsort(who)], two[np.argsort(again)])


def test_a_sample_that_lies_upon_every_entry_says_nothing():
    _, _, together = sequence_distances([[0.0, 0.0], [1.0, 3.0]], ["s", "s"], ["a", "b"])
    np.testing.assert_allclose(together, [[0.25, 0.75]])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"by": "median"}, "by must be 'mean' or 'min', got 'median'"),
        ({"sequence": ["s"]}, "sequence must hold one label for each of the 2 samples"),
        ({"sequence": ["s", None]}, "sequence lacks the labels of 1 of 2 samples"),
        ({"distances": [[0.1, -1.0], [1.0, 1.0]]}, "distances must be 0 or more"),
        ({"distances": [[0.1, np.nan], [1.0, 1.0]]}, "distances holds NaN or infinity"),
    ],
)
def test_what_cannot_be_decided_is_one_line(wrong, message):
    given = {"distances": [[0.1, 1.0], [1.0, 1.0]], "sequence": ["s", "t"], "gallery": ["a", "b"], **wrong}
    by = given.pop("by", "mean")
    with pytest.raises(ValueError, match=message):
        sequence_distances(given["distances"], given["sequence"], given["gallery"], by=by)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
@pytest.mark.parametrize("by", ["mean", "min"])
def test_bad_looks_are_outvoted(make, by):
    """Three noisy looks at a walk: together they name people better than one by one."""
    training, people = planted_gaits(people=20, seed=0), planted_gaits(people=20, seed=1)
    gallery, probes = people.pick(people.walk == "nm-01"), people.pick(people.walk == "nm-02")
    rng = np.random.default_rng(2)
    looks = np.repeat(probes.X, 3, axis=0)
    looks = np.clip(looks + rng.normal(0, 0.25, looks.shape), 0, 1).astype(np.float32)
    names = np.array([f"{s} {a}" for s, a in zip(probes.y, probes.angle, strict=True)])
    (X, y), named = training.fit_args
    attacker = make().fit(X, y, **named).enroll(gallery.X, gallery.y, angle=gallery.angle)
    alone = np.mean(attacker.predict(looks, angle=np.repeat(probes.angle, 3)) == np.repeat(probes.y, 3))
    told = attacker.predict_sequences(looks, np.repeat(names, 3), angle=np.repeat(probes.angle, 3), by=by)
    assert list(told) == names.tolist()
    together = np.mean([told[n] == who for n, who in zip(names, probes.y, strict=True)])
    assert together > alone + (0.05 if by == "mean" else 0.0), (together, alone)


def test_one_sample_a_sequence_is_an_ordinary_probe():
    people = planted_gaits(people=8, seed=1)
    gallery, probes = people.pick(people.walk == "nm-01"), people.pick(people.walk == "nm-02")
    attacker = GeiNearestNeighbor().fit(people.X, people.y).enroll(gallery.X, gallery.y)
    names = [str(i) for i in range(len(probes.y))]
    found, ranking = attacker.rank_sequences(probes.X, names), attacker.rank(probes.X)
    np.testing.assert_array_equal(found.subjects, ranking.subjects)
    assert list(attacker.predict_sequences(probes.X, names).values()) == attacker.predict(probes.X).tolist()


def test_angles_are_optional_where_they_are_not_used():
    people = planted_gaits(people=8, seed=1)
    gallery = people.pick(people.walk == "nm-01")
    for make in (GeiNearestNeighbor, GeiLda):
        without = make().fit(people.X, people.y).enroll(gallery.X, gallery.y)
        given = make().fit(people.X, people.y, angle=people.angle)
        given.enroll(gallery.X, gallery.y, angle=gallery.angle)
        np.testing.assert_array_equal(
            without.distances(people.X), given.distances(people.X, angle=people.angle)
        )
    silhouettes = (people.X > 0.5)[:, None].repeat(4, axis=1)
    silhouettes[:, :, 0] = False  # the corners are background
    for other in (SetCnn(steps=1, people=2, samples=2, frames=2, channels=(4, 4, 4), code=4), GaitDynamics()):
        other.fit(silhouettes, people.y)
        assert other.angles_.tolist() == [-1]
    clothes = (
        np.full((4, 1, 12, 8, 3), 40, np.uint8) * np.arange(1, 5, dtype=np.uint8)[:, None, None, None, None]
    )
    assert (
        Appearance().fit(clothes, ["a", "b", "a", "b"]).enroll(clothes[:2], ["a", "b"]).predict(clothes[:1])
    )


@pytest.mark.parametrize("kind", [RobustVTM, TruncatedVTM])
def test_where_the_angle_is_needed_one_line_says_so(kind):
    people = planted_gaits(people=8, seed=1)
    with pytest.raises(ValueError, match=rf"^{kind.__name__} learns how views differ .* give angle=.*GeiLda"):
        kind(**SMALL).fit(people.X, people.y)


@pytest.mark.parametrize(("height", "parts"), [(64, 15), (63, 7), (48, 7), (32, 7), (16, 3), (9, 1)])
def test_strips_fit_the_pictures_height(tmp_path, height, parts):
    from recognizer import load_attacker, save_attacker

    rng = np.random.default_rng(0)
    x = rng.random((4, 3, height, 12)) > 0.4
    x[:, :, 0, [0, -1]] = False
    attacker = SetCnn(steps=1, people=2, samples=2, frames=2, channels=(4, 4, 4), code=4)
    attacker.fit(x, ["a", "a", "b", "b"]).enroll(x[:2], ["c", "d"])
    assert attacker.mean_.shape == (parts * 4,)
    save_attacker(attacker, tmp_path / "one")
    again = load_attacker(tmp_path / "one")
    np.testing.assert_array_equal(again.distances(x), attacker.distances(x))


def test_a_file_whose_strips_do_not_fit_its_pictures_is_refused(tmp_path):
    from recognizer import load_attacker, save_attacker

    x = np.random.default_rng(0).random((4, 3, 32, 12)) > 0.4
    x[:, :, 0, [0, -1]] = False
    attacker = SetCnn(steps=1, people=2, samples=2, frames=2, channels=(4, 4, 4), code=4)
    attacker.fit(x, ["a", "a", "b", "b"])
    attacker.size_ = np.array([64, 6])  # as many pixels, other strips
    save_attacker(attacker, tmp_path / "one")
    with pytest.raises(ValueError, match=r"weights_/project has shape \(7, 4, 4\), not \(15, 4, 4\)"):
        load_attacker(tmp_path / "one")
