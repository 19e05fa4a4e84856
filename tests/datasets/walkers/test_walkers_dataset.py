"""The walkers as a data set: pure functions of the key, shared motion, exact ground truth."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from gaitbench.datasets.sequence import ANGLES, WALKS, Dataset, SequenceKey
from gaitbench.datasets.walkers import PARTS, Walkers, contact_sheet
from gaitbench.datasets.walkers.figures.outfits import Pattern
from gaitbench.datasets.walkers.people import Cast
from gaitbench.datasets.walkers.sheets import cut_out
from gaitbench.errors import ConfigError, DataError


@pytest.fixture(scope="module")
def walkers() -> Walkers:
    return Walkers(length=20)


KEY = SequenceKey("003", "nm-02", 72)


def test_satisfies_the_protocol(walkers):
    assert isinstance(walkers, Dataset)
    assert walkers.name == "walkers" and walkers.rendered
    keys = Walkers(subjects=3).keys()
    assert len(keys) == 3 * len(WALKS) * len(ANGLES)
    assert keys == sorted(keys)


def test_tasks_that_get_their_own_copy_share_the_people():
    first, second = (pickle.loads(pickle.dumps(Walkers(length=20))) for _ in range(2))
    assert first._cast is second._cast and first._cast is not Walkers(seed=1, length=20)._cast
    figure = first._cast.figure("003", "nm-01", "003", False)
    assert second._cast.figure("003", "nm-06", "003", False) is figure
    assert second._cast.figure("003", "cl-01", "003", False) is not figure


def test_same_key_same_bytes_in_another_instance_and_order(walkers):
    first = walkers.load(KEY, frames=4)
    other = pickle.loads(pickle.dumps(Walkers(length=20)))
    other.load(SequenceKey("001", "cl-01", 0), frames=1)
    again = other.load(KEY, frames=4)
    np.testing.assert_array_equal(first.frames, again.frames)
    np.testing.assert_array_equal(first.background, again.background)


def test_the_number_of_threads_does_not_matter(walkers):
    # The count is read when numpy is loaded, so the other count needs a process of its own.
    code = (
        "from gaitbench.datasets.walkers import Walkers; from gaitbench.datasets.sequence import SequenceKey;"
        "import hashlib; w = Walkers(length=20); k = SequenceKey('003', 'cl-01', 0);"
        "print(hashlib.sha256(w.load(k).frames.tobytes() + w.true_masks(k, body='009').masks.tobytes()).hexdigest())"
    )
    prints = set()
    for threads in ("1", "2"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, threads)
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True
        )
        prints.add(done.stdout)
    assert len(prints) == 1


def test_short_request_is_the_start_of_a_long_one(walkers):
    for key in (KEY, SequenceKey("002", "bg-01", 0)):
        whole, part = walkers.load(key), walkers.load(key, frames=7)
        np.testing.assert_array_equal(whole.frames[:7], part.frames)
        np.testing.assert_array_equal(whole.frame_numbers[:7], part.frame_numbers)
        mask = walkers.true_masks(key, body="004", frames=7)
        np.testing.assert_array_equal(walkers.true_masks(key, body="004").masks[:7], mask.masks)


def test_shape_types_and_background(walkers):
    recording = walkers.load(KEY, frames=3)
    assert recording.frames.shape == (3, 240, 320, 3) and recording.frames.dtype == np.uint8
    assert recording.silhouettes is None
    assert 5 <= len(recording.background) <= 8
    # The empty frames differ by camera noise only.
    difference = recording.background[0].astype(int) - recording.background[1]
    assert 0 < np.abs(difference).mean() < 6


def test_without_video_the_true_silhouettes_are_given(walkers):
    recording = walkers.load(KEY, frames=3, video=False)
    assert recording.frames is None and recording.background is None
    truth = walkers.true_masks(KEY, body=KEY.subject, frames=3, rgb=False)
    np.testing.assert_array_equal(recording.silhouettes, truth.masks)
    assert truth.rgb is None


@pytest.mark.parametrize("walk", ["nm-02", "bg-01", "cl-02"])
def test_labels_masks_and_pictures_agree(walkers, walk):
    key = SequenceKey("003", walk, 108)
    notes = walkers.annotations(key, frames=4)
    truth = walkers.true_masks(key, body="003", frames=4)
    np.testing.assert_array_equal(notes.labels > 0, truth.masks)
    assert notes.labels.max() < len(PARTS)
    assert not truth.rgb[~truth.masks].any()
    assert truth.rgb[truth.masks].any(axis=-1).mean() > 0.99
    seen = set(np.unique(notes.labels))
    wanted = {"nm": {"head", "torso", "foot_l"}, "bg": {"bag"}, "cl": {"coat"}}[walk[:2]]
    assert {PARTS.index(p) for p in wanted} <= seen


def test_the_film_shows_the_true_person_over_the_plate(walkers):
    key = next(
        k
        for k in (SequenceKey(f"{s:03d}", "nm-01", 90) for s in range(1, 30))
        if not walkers.annotations(k, frames=1).occluder.any()
    )
    film, truth = walkers.load(key, frames=2), walkers.true_masks(key, body=key.subject, frames=2)
    import cv2

    inner = cv2.erode(truth.masks[1].astype(np.uint8), np.ones((5, 5))) > 0
    outer = cv2.dilate(truth.masks[1].astype(np.uint8), np.ones((9, 9))) > 0
    plate = np.median(film.background, axis=0)
    # Inside: the truth's colours (softened by the lens); outside (above the shadow): the plate.
    assert np.abs(film.frames[1][inner].astype(float) - truth.rgb[1][inner]).mean() < 8
    above = ~outer
    above[150:] = False
    assert np.abs(film.frames[1][above].astype(float) - plate[above]).mean() < 4


def test_what_stands_in_front_is_blended_once(walkers):
    """Its soft edges look the same in the film and in the empty scene, and before the person."""
    for key in (SequenceKey(f"{s:03d}", "nm-01", 90) for s in range(1, 125)):
        thing = walkers._scene(key)[1]
        soft = None if thing is None else (thing.alpha > 0.2) & (thing.alpha < 0.8)
        if soft is not None and soft.sum() > 100:
            break
    film = walkers.load(key, frames=1)
    seen = walkers.true_masks(key, body=key.subject, frames=1, rgb=False).masks[0]
    away = np.abs(np.nonzero(seen)[1].mean() - np.arange(320)) > 60  # beyond its shadow too
    plate = np.median(film.background, axis=0)
    apart = np.abs(film.frames[0].astype(float) - plate).mean(axis=2)
    assert apart[soft & away].mean() < 1.2 * apart[~soft & away].mean() + 0.3


def test_a_walk_is_one_motion_for_all_cameras(walkers):
    notes = [walkers.annotations(SequenceKey("006", "nm-03", a)) for a in (0, 54, 180)]
    common = set(notes[0].frame_numbers) & set(notes[1].frame_numbers) & set(notes[2].frame_numbers)
    assert len(common) > 5
    picked = [n.joints[np.isin(n.frame_numbers, list(common))] for n in notes]
    np.testing.assert_array_equal(picked[0], picked[1])
    np.testing.assert_array_equal(picked[0], picked[2])
    assert not np.allclose(notes[0].projected[0], notes[1].projected[0])
    recordings = list(walkers.load_walk("006", "nm-03", (54, 0), frames=2))
    assert [r.key.angle for r in recordings] == [54, 0]
    np.testing.assert_array_equal(
        recordings[0].frames, walkers.load(SequenceKey("006", "nm-03", 54), frames=2).frames
    )


def test_people_walks_and_seeds_differ(walkers):
    def joints(data, subject, walk):
        return data.annotations(SequenceKey(subject, walk, 90)).joints

    one = joints(walkers, "003", "nm-01")
    assert not np.allclose(one, joints(walkers, "004", "nm-01"))
    assert not np.allclose(one, joints(walkers, "003", "nm-02"))
    assert not np.allclose(one, joints(Walkers(seed=1, length=20), "003", "nm-01"))
    prints = {Walkers().fingerprint(), Walkers(seed=1).fingerprint(), Walkers(subjects=9).fingerprint()}
    prints |= {Walkers(length=30).fingerprint(), Walkers(fps=30).fingerprint()}
    assert len(prints) == 5
    assert Walkers().fingerprint() == Walkers().fingerprint()


def test_more_subjects_leave_the_others_as_they_were():
    key = SequenceKey("002", "nm-01", 90)
    few, many = Walkers(subjects=2, length=12), Walkers(subjects=300, length=12)
    np.testing.assert_array_equal(few.load(key, frames=2).frames, many.load(key, frames=2).frames)


def test_truth_of_another_body_keeps_the_course_and_the_clothes(walkers):
    key = SequenceKey("003", "nm-01", 90)
    own = walkers.true_masks(key, body="003")
    other = walkers.true_masks(key, body="008")
    np.testing.assert_array_equal(own.frame_numbers, other.frame_numbers)
    assert (own.masks != other.masks).any()

    def middle(masks):
        return np.array([np.nonzero(m)[1].mean() for m in masks]).mean()

    # The two walk the same course about the same middle of the path.
    assert abs(middle(own.masks) - middle(other.masks)) < 12

    def colours(truth):
        return np.median(truth.rgb[truth.masks], axis=0)

    np.testing.assert_allclose(colours(own), colours(other), atol=30)


def test_missing_frames_are_missing_numbers():
    walkers = Walkers(length=60)
    for subject in range(1, 60):
        key = SequenceKey(f"{subject:03d}", "nm-01", 90)
        numbers, total = walkers._numbers(key, None)
        if len(numbers) < 60:
            assert total == 60
            assert (np.diff(numbers) >= 1).all() and np.diff(numbers).max() > 1
            shown = walkers.load(key, frames=len(numbers)).frame_numbers
            np.testing.assert_array_equal(shown, numbers)
            break
    else:
        pytest.fail("no sequence lost a frame")


@pytest.mark.parametrize(
    "key",
    [("125", "nm-01", 90), ("x", "nm-01", 90), ("001", "nm-09", 90), ("001", "nm-01", 91), ("1", "nm-01", 0)],
)
def test_unknown_keys_are_refused(walkers, key):
    with pytest.raises(DataError, match="no sequence"):
        walkers.load(SequenceKey(*key))


def test_bad_parameters_are_refused(walkers):
    with pytest.raises(ConfigError):
        Walkers(subjects=0)
    with pytest.raises(ConfigError):
        Walkers(length=5)
    with pytest.raises(ConfigError, match="seed -1"):
        Walkers(seed=-1)
    with pytest.raises(DataError):
        walkers.load(KEY, frames=0)


def test_contact_sheet(walkers):
    # Two columns of two moments; under the title three cells with a bar each.
    sheet = contact_sheet(walkers, "001", "nm-01", (0, 90), moments=2, width=300)
    cell = (round(148 / 0.76), 148)
    assert sheet.shape == (34 + 2 * (3 * (20 + cell[0]) + 2), 300, 3) and sheet.dtype == np.uint8
    one = contact_sheet(walkers, "001", "nm-01", (90,), moments=3, width=450)
    assert one.shape == (34 + 3 * (20 + cell[0]) + 2, 450, 3)
    assert 0.1 < (one[34 + 2 * 20 + cell[0] :][: cell[0]] > 127).mean() < 0.6  # the true silhouettes


def test_a_cell_shows_the_whole_person_wherever_it_is():
    person = np.zeros((240, 320), dtype=bool)
    for box in ((100, 200, 0, 30), (0, 240, 150, 200), (20, 40, 100, 220), (0, 0, 0, 0)):
        person[:] = False
        person[box[0] : box[1], box[2] : box[3]] = True
        cell = cut_out(person, person, (100, 76))
        assert cell.shape == (100, 76, 3)
        rows, columns = (np.flatnonzero((cell[..., 0] > 127).any(axis=a)) for a in (1, 0))
        if person.any():
            shape = (len(rows) - 1) / max(1, len(columns) - 1)
            assert shape == pytest.approx((box[1] - box[0]) / (box[3] - box[2]), rel=0.1)
            assert max(len(rows) / 100, len(columns) / 76) > 0.8


def _recoloured(pattern, kind):
    return Pattern(kind, (250.0, 10.0, 30.0), (5.0, 200.0, 90.0), (0.0, 0.0, 255.0), 0.07, 3)


@pytest.mark.parametrize("walk", ["nm-01", "bg-01", "cl-01"])
def test_colours_and_patterns_leave_the_true_silhouettes_as_they_are(walk, walkers):
    class Repainted(Cast):
        def _make_person(self, subject):
            body, style, outfit, coat = super()._make_person(subject)
            outfit = replace(
                outfit,
                top=_recoloured(outfit.top, "checks" if outfit.top.kind == "plain" else "plain"),
                bottom=_recoloured(outfit.bottom, "dots"),
                skin=(20.0, 200.0, 20.0), hair=(250.0, 250.0, 0.0), shoes=(9.0, 9.0, 240.0), sole=(255.0, 0.0, 255.0),
            )  # fmt: skip
            return body, style, outfit, replace(coat, pattern=_recoloured(coat.pattern, "stripes"))

        def bag(self, subject, walk):
            bag = super().bag(subject, walk)
            return bag and replace(bag, pattern=_recoloured(bag.pattern, "plain"))

    painted = Walkers(length=20)
    painted._cast = Repainted(painted.seed, painted.length, painted.fps)
    for subject, angle in (("003", 0), ("008", 54)):
        key = SequenceKey(subject, walk, angle)
        one, other = (w.true_masks(key, body=subject, frames=6) for w in (walkers, painted))
        np.testing.assert_array_equal(one.masks, other.masks)
        assert (one.rgb != other.rgb).any(axis=3)[one.masks].mean() > 0.9
        labels = (w.annotations(key, frames=6).labels for w in (walkers, painted))
        np.testing.assert_array_equal(*labels)


def test_pictures_of_chosen_frames_only(walkers):
    whole = walkers.true_masks(KEY, body="004", frames=5)
    some = walkers.true_masks(KEY, body="004", frames=5, rgb=[3, 1])
    np.testing.assert_array_equal(some.masks, whole.masks)
    np.testing.assert_array_equal(some.rgb[[1, 3]], whole.rgb[[1, 3]])
    assert whole.rgb[[0, 2, 4]].any(axis=(1, 2, 3)).all() and not some.rgb[[0, 2, 4]].any()
    assert not walkers.true_masks(KEY, body="004", frames=2, rgb=[]).rgb.any()
