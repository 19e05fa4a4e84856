"""The extraction's fast passes give what the plain formulas give, pixel by pixel."""

import cv2
import numpy as np
import pytest
from moving_blob import clip

from gaitbench.datasets.silhouettes import extraction
from gaitbench.datasets.silhouettes.components import find_patches
from gaitbench.datasets.silhouettes.extraction import ExtractionSettings, fit_plate, trim_rim


def test_the_region_holds_the_person_and_not_the_edges_of_the_scene():
    frames, background, truth = clip(4, noise=1.0, drift=0.02, shadow=False)
    lines = np.zeros(frames.shape[1:3], bool)
    lines[:, 1::9] = True  # hard edges at all places of the shrunk pictures' grid
    frames, background = frames.copy(), background.copy()
    frames[np.broadcast_to(lines, truth.shape) & ~truth] //= 2
    background[:, lines] //= 2
    plate = fit_plate(background)
    for frame, person in zip(frames, truth, strict=True):
        rows, columns = extraction._region(frame, extraction._gain_tables(frame, plate), plate)
        x, y, w, h = cv2.boundingRect(person.view(np.uint8))
        assert rows.start <= y and rows.stop >= y + h and columns.start <= x and columns.stop >= x + w
        assert rows.stop - rows.start <= h + 40 and columns.stop - columns.start <= w + 40


def test_channels_are_relit_one_by_one():
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 256, (40, 50, 3), dtype=np.uint8)
    tables = rng.integers(0, 256, (3, 256), dtype=np.uint8)
    for part in (picture, picture[3:30, 5:44]):
        plain = cv2.LUT(part, tables.T[None].copy())
        np.testing.assert_array_equal(np.stack(extraction._relit(part, tables), axis=2), plain)
        other = rng.integers(0, 256, part.shape, dtype=np.uint8)
        planes = extraction._apart(part.transpose(2, 0, 1).copy(), other.transpose(2, 0, 1).copy())
        np.testing.assert_array_equal(planes, np.abs(part.astype(int) - other).max(axis=2))


def test_a_shadow_is_darker_in_the_same_colour():
    plate, s = fit_plate(clip(3)[1]), ExtractionSettings(shadow_colour=0.03)
    rng = np.random.default_rng(2)
    box = (slice(90, 220), slice(60, 170))
    empty = plate.colour[box].astype(float)
    shaded = empty * rng.uniform(0.2, 1.1, (*empty.shape[:2], 1)) + rng.normal(0, 4, empty.shape)
    here = np.clip(shaded, 0, 255).astype(np.uint8)
    weak = (rng.random(here.shape[:2]) < 0.7).astype(np.uint8) * np.uint8(255)
    light, full = here.sum(axis=2) + 1.0, empty.sum(axis=2) + 1.0
    darkest = np.full((len(here), 1), s.soft_darkest)
    darkest[len(here) - int(len(here) * s.shadow_zone) :] = s.shadow_darkest
    off = np.abs(here / light[..., None] - empty / full[..., None]).max(axis=2)
    dark = (light < s.shadow_brightest * full) & (light > darkest * full) & (off < s.shadow_colour)
    found = extraction._shadow(cv2.split(here), weak, plate, box, s) > 0
    np.testing.assert_array_equal(found, dark & (weak > 0))
    assert 500 < found.sum() < 0.8 * (weak > 0).sum()
    assert not extraction._shadow(cv2.split(here), np.zeros_like(weak), plate, box, s).any()


def test_the_rim_is_trimmed_where_it_differs_less_than_half_as_much():
    rng = np.random.default_rng(3)
    mask = (cv2.GaussianBlur(rng.normal(size=(60, 70)), (0, 0), 4) > 0).astype(np.uint8)
    distance = rng.integers(0, 256, mask.shape, dtype=np.uint8)
    inner = cv2.erode(mask, np.ones((3, 3), np.uint8))
    window = {"ddepth": cv2.CV_64F, "ksize": (5, 5), "normalize": False}
    inside = cv2.boxFilter(inner * distance.astype(float), **window)
    weight = cv2.boxFilter(inner.astype(float), **window)
    plain = mask.copy()
    plain[(mask > inner) & (2 * weight * distance < inside)] = 0
    np.testing.assert_array_equal(trim_rim(mask, distance), plain)
    assert plain.sum() < mask.sum()


@pytest.mark.parametrize("share", [0.002, 0.3])  # as many patches as fit a byte, and more
def test_patches_have_their_areas_and_are_kept_where_a_pixel_is_sure(share):
    rng = np.random.default_rng(4)
    region = (rng.random((120, 90)) < share).astype(np.uint8)
    region[30:60, 20:40] = 1
    sure = np.where(rng.random(region.shape) < 0.2, np.uint8(255), np.uint8(0))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(region, connectivity=8)
    assert (count > 128) == (share > 0.1)
    everything = find_patches(region)
    assert everything.areas == [0, *stats[1:, cv2.CC_STAT_AREA].tolist()]
    np.testing.assert_array_equal(everything.labels, labels)
    x, y, w, h = stats[2, :4].tolist()
    assert everything.box(2) == (x, y, x + w, y + h)
    kept = sorted(set(labels[(sure > 0) & (region > 0)].tolist()))
    found = find_patches(region, sure)
    np.testing.assert_array_equal(found.mask, np.isin(labels, kept))
    assert [i for i, area in enumerate(found.areas) if area] == kept
    assert found.areas[kept[0]] == stats[kept[0], cv2.CC_STAT_AREA]
