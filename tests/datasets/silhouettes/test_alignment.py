"""Boxes and crops: centred, of one size, smooth, and blind to single bad frames."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_blob import outline

from gaitbench.datasets.silhouettes.alignment import crop, has_person, track_boxes
from gaitbench.errors import DataError


def walk(frames=40, growth=0.0):
    return np.stack([outline(50 + 5 * t, t / 2.2, scale=0.7 + growth * t) for t in range(frames)])


def test_the_box_holds_the_person_and_its_middle_halves_the_mass():
    masks = walk()
    boxes = track_boxes(masks)
    assert boxes.shape == (40, 4) and boxes.dtype == np.float32
    for mask, (left, top, right, bottom) in zip(masks, boxes, strict=True):
        rows = np.flatnonzero(mask.any(axis=1))
        assert abs(top - rows[0]) < 2.5 and abs(bottom - rows[-1] - 1) < 2.5
        middle = (left + right) / 2
        assert abs(mask[:, : round(middle)].sum() / mask.sum() - 0.5) < 0.12
        assert (right - left) / (bottom - top) == pytest.approx(44 / 64, rel=1e-3)


def test_a_lost_head_in_some_frames_does_not_move_the_box():
    masks = walk()
    hurt = masks.copy()
    for t in (7, 8, 19, 30):
        hurt[t, : np.flatnonzero(masks[t].any(axis=1))[0] + 25] = False
    assert np.abs(track_boxes(hurt)[:, 1] - track_boxes(masks)[:, 1]).max() < 1.0


def test_the_box_follows_a_person_who_comes_nearer():
    masks = walk(growth=0.01)
    heights = np.diff(track_boxes(masks)[:, [1, 3]], axis=1)[:, 0]
    true = [np.ptp(np.flatnonzero(m.any(axis=1))) + 1 for m in masks]
    assert np.abs(heights - true).max() < 3.0
    assert np.abs(np.diff(heights, n=2)).max() < 0.5, "the size varies slowly"


def test_frames_under_forty_pixels_have_no_box():
    masks = walk(6)
    masks[2] = False
    masks[4] = False
    masks[4, 100, 100:139] = True
    boxes = track_boxes(masks)
    assert np.array_equal(np.isfinite(boxes[:, 0]), has_person(masks))
    assert has_person(masks).tolist() == [True, True, False, True, False, True]
    assert np.isnan(track_boxes(masks[2:3])).all()
    with pytest.raises(DataError, match="drop empty frames"):
        crop(masks, boxes)


def test_missing_frames_count_as_time():
    masks, numbers = walk(), np.arange(1, 41)
    keep = np.r_[0:12, 20:40]
    told = track_boxes(masks[keep], frame_numbers=numbers[keep])
    assert np.abs(told - track_boxes(masks)[keep]).max() < 2.0
    with pytest.raises(DataError, match="increasing frame numbers"):
        track_boxes(masks, frame_numbers=numbers[::-1])


@given(st.floats(-60, 60), st.floats(-40, 20), st.sampled_from([(64, 44), (128, 88)]))
@settings(max_examples=15, deadline=None)
def test_a_crop_does_not_depend_on_where_the_person_stands(dx, dy, size):
    mask = outline(160, 0.8)[None]
    shift = (round(dy), round(dx))
    there = np.roll(mask, shift, axis=(1, 2))
    assert np.array_equal(crop(mask, track_boxes(mask), size), crop(there, track_boxes(there), size))


@pytest.mark.parametrize("size", [(64, 44), (128, 88)])
def test_crops_fill_the_height_and_keep_the_ratio(size):
    mask = np.zeros((1, 240, 320), bool)
    mask[0, 40:168, 100:132] = True
    out = crop(mask, track_boxes(mask), size)[0]
    assert out.shape == size and out.dtype == bool
    rows, columns = np.flatnonzero(out.any(axis=1)), np.flatnonzero(out.any(axis=0))
    assert (rows[0], rows[-1]) == (0, size[0] - 1)
    assert len(columns) == size[0] // 4
    assert columns[0] + columns[-1] == size[1] - 1


def test_shrinking_averages_over_areas():
    picture = np.indices((240, 320)).sum(axis=0) % 2 * np.uint8(200)
    picture = np.repeat(picture[None, :, :, None], 3, axis=3).astype(np.uint8)
    box = np.array([[100, 40, 144 + 44, 40 + 128]], np.float32)
    assert np.abs(crop(picture, box)[0].astype(int) - 100).max() <= 2
    assert crop(picture, box).dtype == np.uint8


def test_outside_the_picture_is_nobody():
    mask = np.ones((1, 60, 20), bool)
    out = crop(mask, track_boxes(mask), (64, 44))[0]
    assert not out[:, :8].any() and out[:, 16:28].all()
