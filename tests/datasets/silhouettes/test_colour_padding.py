"""Colours past the outline: no black in an outline that is made smaller."""

import cv2
import numpy as np

from gaitbench.datasets.silhouettes.colour_padding import widen_colours


def person():
    masks = np.zeros((2, 60, 40), bool)
    masks[0, 10:50, 12:29] = True
    rgb = np.where(masks[..., None], np.array([200, 100, 50], np.uint8), 0).astype(np.uint8)
    return rgb, masks


def test_a_smaller_picture_keeps_the_colour_at_its_outline():
    rgb, masks = person()
    wide = widen_colours(rgb, masks)
    small = [cv2.resize(x[0], (23, 34), interpolation=cv2.INTER_AREA) for x in (rgb, wide)]
    covered = cv2.resize(masks[0].astype(np.float32), (23, 34), interpolation=cv2.INTER_AREA) > 0.3
    assert np.abs(small[1][covered].astype(int) - [200, 100, 50]).max() <= 1
    assert np.abs(small[0][covered].astype(int) - [200, 100, 50]).max() > 50  # what it mends


def test_nothing_changes_inside_nor_far_outside_nor_without_a_person():
    rgb, masks = person()
    rgb[0, 20:30, 15:20] = 7
    wide = widen_colours(rgb, masks)
    assert (wide[masks] == rgb[masks]).all() and not wide[1].any()
    assert not wide[0, :6].any() and not wide[0, :, :8].any() and wide[0, 8, 20].any()


def test_a_person_at_the_border_and_one_without_colours():
    masks = np.zeros((2, 20, 20), bool)
    masks[:, :5, :5] = True
    rgb = np.zeros((2, 20, 20, 3), np.uint8)
    rgb[0, :5, :5] = 90
    wide = widen_colours(rgb, masks)
    assert (wide[0, :7, :7] == 90).all() and not wide[1].any()
