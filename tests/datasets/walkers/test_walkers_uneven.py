"""Uneven walkers: sides that differ by what is published, cameras off the arc, and the plain ones where nothing is."""

import pickle
from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pytest

from gaitbench.datasets.sequence import ANGLES, Dataset, SequenceKey
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.bodies.body import rest_joints, sample_body
from gaitbench.datasets.walkers.bodies.gait import ASYMMETRY, sample_style
from gaitbench.datasets.walkers.cameras.camera import DISTANCE, camera_at
from gaitbench.datasets.walkers.cameras.raster import Hits
from gaitbench.datasets.walkers.figures.tailor import PART, PARTS
from gaitbench.datasets.walkers.kinds import walkers_of
from gaitbench.datasets.walkers.uneven import AMOUNTS, Amounts, UnevenWalkers
from gaitbench.datasets.walkers.uneven.dataset import uneven_camera
from gaitbench.datasets.walkers.uneven.people import uneven_body, uneven_style
from gaitbench.datasets.walkers.uneven.tears import mended
from gaitbench.errors import ConfigError
from gaitbench.protocol import WALKER_KINDS

KEY = SequenceKey("003", "nm-01", 54)
NOTHING = replace(Amounts(**{one.name: 0.0 for one in fields(Amounts)}), limbs=ASYMMETRY)


def test_where_nothing_is_uneven_they_are_the_plain_walkers():
    plain, even = Walkers(length=12), UnevenWalkers(length=12, amounts=NOTHING)
    one, other = plain.load(KEY, frames=4), even.load(KEY, frames=4)
    assert np.array_equal(one.background, other.background)
    assert (one.frames != other.frames).mean() < 1e-3  # sums of halves are rounded
    uneven = UnevenWalkers(length=12).load(KEY, frames=4)
    assert (one.frames != uneven.frames).mean() > 0.1


def test_they_are_walkers_of_a_name_of_their_own_and_the_same_in_a_copy():
    walkers = walkers_of("uneven", seed=2, length=12)
    assert isinstance(walkers, UnevenWalkers) and isinstance(walkers, Dataset) and WALKER_KINDS == ("uneven",)
    assert type(walkers_of(length=12)) is Walkers
    again = pickle.loads(pickle.dumps(walkers))
    assert again.fingerprint() == walkers.fingerprint() != Walkers(seed=2, length=12).fingerprint()
    less = UnevenWalkers(seed=2, length=12, amounts=replace(AMOUNTS, toes=1.0))
    assert less.fingerprint() != walkers.fingerprint()
    np.testing.assert_array_equal(walkers.load(KEY, frames=3).frames[:2], again.load(KEY, frames=2).frames)
    with pytest.raises(ConfigError, match="no kind 'odd'; there are uneven"):
        walkers_of("odd")
    with pytest.raises(ConfigError, match="uneven ones are on the usual film alone, and film 'grey'"):
        walkers_of("uneven", "grey")


def test_sides_differ_about_their_mean_and_by_what_is_published():
    swings, sizes, tilts = [], [], []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        body, style = sample_body(rng), sample_style(rng)
        uneven = uneven_style(style, body, np.random.default_rng((seed, 1)), AMOUNTS)
        even = uneven_style(
            style, body, np.random.default_rng((seed, 1)), replace(AMOUNTS, arm_swing=0, arm_swing_mean=0)
        )
        swing = [
            np.linalg.norm(side["shoulder_flexion"][1:])
            for side in (uneven.left, uneven.right, even.left, even.right)
        ]
        swings.append(np.log(swing[0] / swing[1]) - np.log(swing[2] / swing[3]))
        tilts.append(np.radians(0.4 * (uneven.midline["pelvis_list"][0] - style.midline["pelvis_list"][0])))
        tilts[-1] *= 0.5 * body["hip_breadth"]
        other = uneven_body(body, np.random.default_rng((seed, 2)), AMOUNTS)
        left, right = other.side("l"), other.side("r")
        for name in other.apart:
            assert np.isclose(np.sqrt(left[name] * right[name]), body[name])
        sizes.append(left["acromial_height"] - right["acromial_height"])
        assert left["stature"] == right["stature"] == body["stature"]
    # cut at 2.2 standard deviations, which leaves 0.95 of them
    assert abs(np.mean(swings) - 0.219) < 0.05 and abs(np.std(swings) - 0.395) < 0.05
    assert abs(np.std(tilts) - 0.0066) < 0.001 and abs(np.mean(tilts)) < 0.001
    assert abs(np.std(sizes) - 0.010) < 0.0015


def test_a_plain_body_has_equal_sides():
    body = sample_body(np.random.default_rng(5))
    assert body.side("l") == body.side("r") == body.dims
    joints = rest_joints(body)
    for name in ("upperarm", "forearm", "hand", "thigh", "shank", "foot", "toes"):
        np.testing.assert_array_equal(joints[f"{name}_l"] * [1, -1, 1], joints[f"{name}_r"])
    uneven = rest_joints(uneven_body(body, np.random.default_rng(6), AMOUNTS))
    assert uneven["hand_l"][2] != uneven["hand_r"][2] and uneven["thigh_l"][2] == uneven["thigh_r"][2]


def test_cameras_hang_off_the_arc_and_still_see_the_whole_walk():
    off = [uneven_camera(0, angle, AMOUNTS) for angle in ANGLES]
    places = np.array([camera.position for camera in off]) - [camera_at(a).position for a in ANGLES]
    assert (np.linalg.norm(places, axis=1) > 0.02).all() and np.abs(places).max() < 1.5
    # no two of them mirror each other about the walker's side any more
    at = np.array([camera.position for camera in off])
    assert (np.linalg.norm(at - at[::-1] * [-1, 1, 1], axis=1)[:5] > 0.05).all()
    assert abs(np.linalg.norm(at[:, :2], axis=1).mean() - DISTANCE) < 0.4
    for camera in off:
        np.testing.assert_allclose(camera.axes @ camera.axes.T, np.eye(3), atol=1e-12)
        corners = np.array([[x, y, z] for x in (-1.9, 1.9) for y in (-0.3, 0.3) for z in (0.0, 1.9)])
        pixels = camera.project(corners)
        assert pixels[:, 2].min() > 3.0 and pixels[:, 0].min() > 0 and pixels[:, 0].max() < 320
        assert pixels[:, 1].min() > 0 and pixels[:, 1].max() < 240


def test_clothes_hang_otherwise_on_every_walk():
    def shared(walkers):
        cast = walkers._cast
        return cast.figure("003", "nm-01", "003", False) is cast.figure("003", "nm-02", "003", False)

    walkers = UnevenWalkers(length=12)
    assert shared(Walkers(length=12)) and not shared(walkers)
    one, other = (walkers._cast.figure("003", walk, "003", False) for walk in ("nm-01", "nm-02"))
    where = [
        np.concatenate([g.positions[:, :3].sum(axis=0).T for g in f.groups]).std(axis=0) for f in (one, other)
    ]
    assert 1e-5 < np.abs(where[0] - where[1]).max() < 0.01


def torn(parts, index):
    """What a camera sees: the part of each pixel, 0 where nobody is."""
    points = np.arange(len(PARTS), dtype=np.intp)
    figure = SimpleNamespace(parts=np.arange(len(PARTS), dtype=np.uint8))
    return Hits(figure, 0, 0, np.where(index, parts, 0).astype(np.int32), points, None)


@pytest.mark.parametrize(
    ("left", "right", "size", "closed"),
    [
        ("shank_l", "thigh_l", (2, 3), True),
        ("head", "hair", (1, 1), True),
        ("shank_l", "shank_r", (2, 3), False),  # between the legs
        ("upperarm_r", "torso", (1, 1), False),  # under an arm
        ("shank_l", "thigh_l", (4, 4), False),  # no tear is so large
    ],
)
def test_tears_are_closed_and_gaps_are_not(left, right, size, closed):
    parts = np.zeros((12, 16), int)
    parts[2:-2, 2:8], parts[2:-2, 8:-2] = PART[left], PART[right]
    seen = parts > 0
    seen[4 : 4 + size[0], 7 : 7 + size[1]] = False
    found = mended(torn(parts, seen))
    assert np.array_equal(found.index > 0, parts > 0) == closed
    if closed:
        # the nearest point stands in, and nothing else has changed
        assert set(found.index[4 : 4 + size[0], 7 : 7 + size[1]].ravel()) <= {PART[left], PART[right]}
        assert np.array_equal(found.index[seen], parts[seen])
    whole = torn(parts, parts > 0)
    assert mended(whole) is whole


def test_a_gap_at_the_border_of_the_box_is_outside():
    parts = np.full((8, 8), PART["shank_l"])
    seen = np.ones((8, 8), bool)
    seen[0, 3] = False
    hits = torn(parts, seen)
    assert mended(hits) is hits
