"""The second session: the first stays what it was, people change by what is declared, pictures and truth agree."""

import dataclasses
import pickle

import cv2
import numpy as np
import pytest

from gaitbench.datasets.sequence import ANGLES, WALKS, Dataset, SequenceKey
from gaitbench.datasets.truth import truth_of
from gaitbench.datasets.walkers import Walkers
from gaitbench.datasets.walkers.bodies.body import BONES
from gaitbench.datasets.walkers.bodies.reference import gait_table
from gaitbench.datasets.walkers.cameras.camera import camera_at
from gaitbench.datasets.walkers.second_session import AMOUNTS, Amounts, TwoSessions
from gaitbench.datasets.walkers.second_session.amounts import later_walk
from gaitbench.datasets.walkers.second_session.changes import HEIGHTS, SOFT
from gaitbench.datasets.walkers.second_session.filming import moved_camera
from gaitbench.errors import DataError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepare import artifact_key
from gaitbench.store import Store
from gaitbench.suites import load_suite

FIRST, LATER = SequenceKey("003", "nm-02", 72), SequenceKey.parse("003-2@nm-02-072")
PEOPLE = [f"{s:03d}" for s in range(1, 81)]


@pytest.fixture(scope="module")
def both():
    return TwoSessions(length=20)


@pytest.fixture(scope="module")
def changed(both):
    """(body, style, outfit, coat) of the people of the training roles, then and now."""
    return [(both._both.first.person(s), both._both.later.person(s)) for s in PEOPLE]


def test_the_first_session_is_bit_for_bit_what_it_is_without_a_second(both):
    alone = Walkers(length=20)
    for key in (FIRST, SequenceKey("004", "bg-01", 0), SequenceKey("009", "cl-02", 126)):
        mine, other = both.load(key, frames=3), alone.load(key, frames=3)
        np.testing.assert_array_equal(mine.frames, other.frames)
        np.testing.assert_array_equal(mine.background, other.background)
        mine, other = (w.true_masks(key, body="005", frames=3) for w in (both, alone))
        np.testing.assert_array_equal(mine.masks, other.masks)
        np.testing.assert_array_equal(mine.rgb, other.rgb)


def test_what_was_prepared_of_the_first_session_counts_in_both_sets(tmp_path):
    alone, two = (
        RunContext(load_suite("smoke"), dataset, Store(tmp_path)) for dataset in (Walkers(), TwoSessions())
    )
    assert artifact_key(alone, Need(FIRST)) == artifact_key(two, Need(FIRST))
    other = RunContext(two.suite, TwoSessions(amounts=AMOUNTS.times(2)), two.store)
    assert artifact_key(other, Need(FIRST)) == artifact_key(two, Need(FIRST))
    assert artifact_key(other, Need(LATER)) != artifact_key(two, Need(LATER))


def test_both_sessions_are_one_data_set(both):
    assert isinstance(both, Dataset) and (LATER.session, LATER.condition, LATER.take) == ("2", "nm", "02")
    keys = TwoSessions(subjects=2).keys()
    assert len(keys) == 2 * 2 * len(WALKS) * len(ANGLES) and keys == sorted(keys)
    assert {k.session for k in keys} == {None, "2"} and LATER.walk == later_walk("nm-02")
    assert both.fingerprint() != Walkers(length=20).fingerprint()
    assert both.fingerprint() != TwoSessions(length=20, amounts=AMOUNTS.times(2)).fingerprint()


def test_same_key_same_bytes_in_another_instance_and_order(both):
    other = pickle.loads(pickle.dumps(TwoSessions(length=20)))
    other.load(SequenceKey("001", "2@cl-01", 0), frames=1)
    one, again = both.load(LATER, frames=4), other.load(LATER, frames=4)
    assert one.key == LATER
    np.testing.assert_array_equal(one.frames, again.frames)
    np.testing.assert_array_equal(one.background, again.background)
    np.testing.assert_array_equal(both.load(LATER, frames=2).frames, one.frames[:2])
    assert pickle.loads(pickle.dumps(TwoSessions(amounts=AMOUNTS.times(2)))).amounts == AMOUNTS.times(2)


@pytest.mark.parametrize("walk", ["2@nm-02", "2@bg-01", "2@cl-02"])
def test_labels_masks_and_pictures_agree(both, walk):
    key = SequenceKey("003", walk, 108)
    notes, truth = both.annotations(key, frames=3), both.true_masks(key, body="003", frames=3)
    np.testing.assert_array_equal(notes.labels > 0, truth.masks)
    assert not truth.rgb[~truth.masks].any() and truth.rgb[truth.masks].any(axis=-1).mean() > 0.99
    film = both.load(key, frames=3).frames.astype(int)
    for mask, picture, shown, cover in zip(truth.masks, truth.rgb, film, [notes.occluder] * 3, strict=True):
        inner = cv2.erode((mask & ~cover).astype(np.uint8), np.ones((5, 5))) > 0
        # light drifts by a hundredth, the camera has noise
        assert np.median(np.abs(shown - picture)[inner]) < 6


def test_true_joints_are_seen_by_the_camera_that_was_moved(both):
    notes = both.annotations(LATER, frames=4)
    known = truth_of(both, LATER, notes.frame_numbers)
    seen = notes.projected[..., :2]
    height = np.mean(np.ptp(seen[..., 1], axis=1))
    np.testing.assert_allclose(
        known.joints, (seen - seen[:, BONES.index("pelvis"), None]) / height, atol=1e-9
    )


def test_who_somebody_is_stays(changed):
    for (body, _, outfit, _), (later, _, other, _) in changed:
        assert (body.sex, body.hair, outfit.skin, outfit.hair) == (
            later.sex,
            later.hair,
            other.skin,
            other.hair,
        )
        for name in set(body.dims) - {*HEIGHTS, *SOFT, "weight", "foot_length"}:
            assert body[name] == later[name]
        legs = [b["knee_height_midpatella"] - b["lateral_malleolus_height"] for b in (body, later)]
        assert legs[0] == pytest.approx(legs[1])
        assert outfit.top != other.top and outfit.bottom != other.bottom


def test_people_change_by_what_is_declared(changed):
    """SDs over 80 people: their own error is 8 %, and normal draws are cut at 2.2 (0.96 of the SD)."""
    sd = {
        "weight": np.std([now[0]["weight"] / was[0]["weight"] - 1 for was, now in changed]),
        "shoes": np.std([now[0]["stature"] - was[0]["stature"] for was, now in changed]),
        "posture": np.std([np.subtract(now[0].posture, was[0].posture) for was, now in changed]),
        "lean": np.std(
            [now[1].midline["trunk_lean"][0] - was[1].midline["trunk_lean"][0] for was, now in changed]
        ),
    }
    for name in ("weight", "shoes", "posture"):
        assert sd[name] == pytest.approx(getattr(AMOUNTS, name), rel=0.25), name
    clips = gait_table()["pooled_symmetric"]["trunk_lean"]["sd_clips"][0]
    assert sd["lean"] == pytest.approx(np.hypot(AMOUNTS.lean, AMOUNTS.curves * clips), rel=0.25)
    knee = np.array([now[1].right["knee_flexion"] - was[1].right["knee_flexion"] for was, now in changed])
    clips = np.array(gait_table()["pooled_symmetric"]["knee_flexion"]["sd_clips"])
    there = clips > 0
    assert np.median(knee.std(axis=0)[there] / clips[there]) == pytest.approx(AMOUNTS.curves, rel=0.15)
    air = np.array([now[2].loose for _, now in changed])
    assert air.min() >= 0.006 and air[:, 0].max() <= 0.013 + AMOUNTS.layers
    assert air[:, 0].mean() == pytest.approx(0.010 + AMOUNTS.layers / 2, rel=0.25)


def test_cameras_are_moved_by_what_is_declared():
    shifts = np.array([
        moved_camera(seed, angle, AMOUNTS).position - camera_at(angle).position for seed in range(8) for angle in ANGLES
    ])  # fmt: skip
    assert shifts.std() == pytest.approx(AMOUNTS.camera, rel=0.2)
    turns = [
        np.degrees(np.arccos(np.clip(moved_camera(s, a, AMOUNTS).axes[2] @ camera_at(a).axes[2], -1, 1)))
        for s in range(8) for a in ANGLES
    ]  # fmt: skip
    assert np.sqrt(np.mean(np.square(turns)) / 2) == pytest.approx(AMOUNTS.aim, rel=0.25)
    axes = moved_camera(0, 54, AMOUNTS).axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)


def test_nothing_declared_changes_nothing_but_clothes():
    still = TwoSessions(length=20, amounts=AMOUNTS.times(0))
    was, now = still._both.first.person("003"), still._both.later.person("003")
    assert was[0] == now[0]
    for name, curve in was[1].right.items():
        np.testing.assert_array_equal(curve, now[1].right[name])
    assert (was[1].stride, was[1].cadence) == (now[1].stride, now[1].cadence) and was[2] != now[2]
    np.testing.assert_array_equal(moved_camera(0, 54, still.amounts).axes, camera_at(54).axes)


def test_amounts_are_refused_in_one_line():
    with pytest.raises(ValueError, match="weight is -1"):
        Amounts(weight=-1)
    assert dataclasses.astuple(AMOUNTS.times(2)) == tuple(2 * x for x in dataclasses.astuple(AMOUNTS))


@pytest.mark.parametrize("walk", ["2@nm-07", "3@nm-01", "2@"])
def test_walks_that_nobody_walks_are_refused(both, walk):
    with pytest.raises(DataError, match="walkers have no sequence"):
        both.load(SequenceKey("003", walk, 90), frames=1)
