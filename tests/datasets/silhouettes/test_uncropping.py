"""Crops go back to where they came from."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.silhouettes.alignment import crop, track_boxes
from gaitbench.datasets.silhouettes.uncropping import uncrop
from gaitbench.errors import DataError

FRAME = (480, 640)


def person(x, top, height):
    """A standing person, bool (H, W), cut by the frame where it ends."""
    mask = np.zeros(FRAME, np.uint8)

    def at(across, down):
        return round(16 * (x + across * height)), round(16 * (top + down * height))

    def oval(across, down, wide, tall):
        size = round(16 * wide * height), round(16 * tall * height)
        cv2.ellipse(mask, at(across, down), size, 0, 0, 360, 1, -1, cv2.LINE_8, 4)

    oval(0, 0.08, 0.055, 0.08)
    oval(0, 0.33, 0.12, 0.22)
    oval(-0.06, 0.73, 0.05, 0.27)
    oval(0.08, 0.73, 0.05, 0.27)
    return mask.astype(bool)


def overlap(a, b):
    return np.count_nonzero(a & b) / np.count_nonzero(a | b)


def round_trip(x, top, height):
    mask = person(x, top, height)
    box = np.array([[x - 0.34 * height, top, x + 0.34 * height, top + height]], np.float32)
    back = uncrop(crop(mask[None], box, (128, 88)), box, FRAME)
    assert back.dtype == np.bool_ and back.shape == (1, *FRAME)
    return mask, back[0]


@settings(max_examples=60, deadline=None)
@given(x=st.floats(0, 640), top=st.floats(-40, 420), height=st.floats(70, 140))
def test_a_round_trip_gives_the_silhouette_back_at_borders_too(x, top, height):
    mask, back = round_trip(x, top, height)
    seen = np.count_nonzero(mask) / (0.17 * height**2)
    if seen > 0.1:  # a sliver of a person is mostly outline
        assert overlap(back, mask) >= (0.98 if seen > 0.5 else 0.95)


@settings(max_examples=40, deadline=None)
@given(x=st.floats(150, 490), top=st.floats(-40, 60), height=st.floats(140, 420))
def test_people_with_more_rows_than_the_crop_lose_what_128_rows_cannot_hold(x, top, height):
    mask, back = round_trip(x, top, height)
    assert overlap(back, mask) >= 0.96


def test_tall_people_come_back_on_average():
    draws = np.random.default_rng(0)
    found = [overlap(*round_trip(draws.uniform(150, 490), 20, draws.uniform(150, 440))) for _ in range(40)]
    assert np.median(found) >= 0.98


def test_an_enlarged_outline_is_smooth_and_no_stairs():
    mask = person(320, 20, 440)
    box = track_boxes(mask[None])
    crops = crop(mask[None], box, (64, 44))
    left, top, _, bottom = box[0]
    rows, columns = (
        np.floor((np.arange(n) + 0.5 - start) * 64 / (bottom - top)).astype(int)
        for n, start in zip(FRAME, (top, left), strict=True)
    )
    wide = np.pad(crops[0], 1)
    stairs = wide[np.ix_(np.clip(rows + 1, 0, 65), np.clip(columns + 1, 0, 45))]
    smooth = uncrop(crops, box, FRAME)[0]
    assert overlap(smooth, mask) > overlap(stairs, mask) + 0.01


def test_pictures_go_back_to_their_place_and_are_black_elsewhere():
    ramp = np.broadcast_to(np.linspace(0, 255, FRAME[1])[None, :, None], (*FRAME, 3)).round().astype(np.uint8)
    box = np.array([[200.0, 100.0, 310.0, 260.0]], np.float32)
    back = uncrop(crop(ramp[None], box, (128, 88)), box, FRAME)[0]
    inside = np.s_[105:255, 205:305]
    assert np.abs(back[inside].astype(int) - ramp[inside]).max() <= 2
    assert not back[:95].any() and not back[:, :195].any() and not back[270:].any()


def test_a_box_outside_of_the_frame_leaves_it_empty():
    boxes = np.array([[-300.0, 0.0, -200.0, 100.0]])
    assert not uncrop(np.ones((1, 64, 44), bool), boxes, FRAME).any()
    assert not uncrop(np.full((1, 64, 44, 3), 9, np.uint8), boxes, FRAME).any()


@pytest.mark.parametrize(
    ("crops", "boxes"),
    [
        (np.ones((2, 64, 44), bool), np.zeros((1, 4))),
        (np.ones((1, 64, 44), bool), np.full((1, 4), np.nan)),
        (np.ones((1, 64, 44), bool), np.array([[0.0, 9.0, 5.0, 3.0]])),
        (np.ones((1, 64, 44), np.uint8), np.array([[0.0, 0.0, 5.0, 9.0]])),
    ],
)
def test_what_does_not_fit_is_refused(crops, boxes):
    with pytest.raises(DataError):
        uncrop(crops, boxes, FRAME)


def test_a_prepared_sequence_keeps_its_boxes():
    masks = np.stack([person(200 + 3 * t, 50, 300) for t in range(12)])
    key = SequenceKey("001", "nm-01", 90)
    recording = Recording(key, None, None, masks, np.arange(1, 13, dtype=np.int32), 12)
    sequence = prepare(recording, size=(128, 88))
    assert sequence.boxes is not None and sequence.boxes.shape == (12, 4)
    back = uncrop(sequence.silhouettes, sequence.boxes, FRAME)
    assert min(overlap(a, b) for a, b in zip(back, masks, strict=True)) >= 0.97
