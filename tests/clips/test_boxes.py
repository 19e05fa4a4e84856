"""Boxes of whole people from silhouettes that the frame cuts, and the view of a walk."""

import numpy as np
import pytest

from gaitbench.clips.boxes import extent_of, view_of, whole_boxes

FRAME = (240, 320)


def block(left, top, right, bottom):
    mask = np.zeros(FRAME, bool)
    mask[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return mask


def test_who_leaves_at_the_side_keeps_height_and_place():
    found = [extent_of(block(200 + 8 * t, 60, 240 + 8 * t, 180)) for t in range(14)]
    boxes = whole_boxes(found, np.arange(14), FRAME, 25.0)
    assert boxes is not None
    np.testing.assert_allclose(boxes[:, 3] - boxes[:, 1], 120, atol=1)
    np.testing.assert_allclose(0.5 * (boxes[:, 0] + boxes[:, 2]), 220 + 8 * np.arange(14), atol=4)


def test_who_comes_from_below_is_as_tall_as_later():
    tops = np.maximum(60, 230 - 12 * np.arange(24))
    found = [extent_of(block(140, int(top), 180, int(top) + 120)) for top in tops]
    boxes = whole_boxes(found, np.arange(24), FRAME, 25.0)
    assert boxes is not None
    np.testing.assert_allclose(boxes[:, 3] - boxes[:, 1], 120, atol=3)
    assert np.abs(boxes[:, 1] - tops).max() < 30


def test_a_bust_has_no_known_height():
    assert whole_boxes([extent_of(block(100, 120, 200, 300))] * 9, np.arange(9), FRAME, 25.0) is None


def test_hair_alone_beyond_the_picture_is_no_reason_to_give_up():
    boxes = whole_boxes([extent_of(block(140, -6, 190, 180))] * 9, np.arange(9), FRAME, 25.0)
    assert boxes is not None
    assert -15 < boxes[0, 1] < 0 and boxes[0, 3] == pytest.approx(180, abs=1)


@pytest.mark.parametrize("angle", [0, 30, 60, 90, 120, 150, 180])
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_view_is_told_from_the_way_of_the_box(angle, mirrored):
    """A person two metres from left to right, seen by a camera as wide as far away."""
    along = np.linspace(-0.8, 0.8, 50)
    x, z = -np.sin(np.radians(angle)) * along, 4.0 - np.cos(np.radians(angle)) * along
    tall = FRAME[1] / z
    middle = FRAME[1] / 2 + tall * x
    boxes = np.stack([middle - 0.3 * tall, 100 - 0.5 * tall, middle + 0.3 * tall, 100 + 0.5 * tall], axis=1)
    if mirrored:
        boxes[:, [0, 2]] = FRAME[1] - boxes[:, [2, 0]]
    view = view_of(boxes.astype(np.float32), FRAME)
    assert view is not None
    assert abs(view.angle - angle) <= 3
    if 10 < angle < 170:
        assert view.mirrored == mirrored


def test_who_stands_has_no_view():
    assert view_of(np.repeat(np.array([[100, 50, 150, 150]], np.float32), 20, 0), FRAME) is None
