"""Background subtraction: known outlines come back, in noise, drift and shadow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_blob import clip, iou, scene

from gaitbench.datasets.silhouettes.components import fill_small_holes, person_component
from gaitbench.datasets.silhouettes.empty_scene import _median, empty_frames
from gaitbench.datasets.silhouettes.extraction import (
    ExtractionSettings,
    extract_silhouettes,
    fit_plate,
    iter_silhouettes,
)
from gaitbench.errors import DataError


@pytest.mark.parametrize(
    "trouble",
    [{"noise": 0.0}, {"noise": 4.0}, {"drift": 0.15}, {"shadow": False}],
    ids=lambda t: next(iter(t)),
)
def test_a_known_outline_comes_back(trouble):
    frames, background, truth = clip(30, **trouble)
    found = extract_silhouettes(frames, background)
    assert found.dtype == bool and found.shape == truth.shape
    overlaps = [iou(a, b) for a, b in zip(found, truth, strict=True)]
    assert np.mean(overlaps) > 0.95 and min(overlaps) > 0.93


def test_the_border_of_the_looked_at_region_is_no_foreground():
    """A hard edge of the floor runs along just where the region around the person may end."""
    for row in range(202, 226):
        frames, background, truth = clip(6, noise=0.0, drift=0.0, shadow=False, floor_edge=row)
        for mask, person in zip(extract_silhouettes(frames, background), truth, strict=True):
            lowest, allowed = np.flatnonzero(mask.any(1))[-1], np.flatnonzero(person.any(1))[-1] + 4
            assert lowest <= allowed, f"foreground in row {lowest} with a floor edge at row {row}"


def test_a_shadow_is_not_the_person():
    frames, background, truth = clip(12)
    found = extract_silhouettes(frames, background)
    blind = extract_silhouettes(
        frames, background, settings=ExtractionSettings(shadow_zone=0.0, soft_darkest=1.0)
    )
    outside = (found & ~truth).sum() / truth.sum()
    assert outside < 0.05 < (blind & ~truth).sum() / truth.sum()


def test_clothes_like_the_scene_vanish():
    frames, background, truth = clip(10)
    frames[:, 100:130] = np.where(truth[:, 100:130, :, None], scene()[None, 100:130], frames[:, 100:130])
    found = extract_silhouettes(frames, background)
    band = truth[:, 103:127]
    assert (found[:, 103:127] & band).sum() < 0.1 * band.sum()
    assert found[:, :95].any() and found[:, 135:].any(), "both halves of a body split by a lost belt stay"


def test_an_empty_scene_gives_nobody():
    _, background, _ = clip(4, noise=3.0)
    assert not extract_silhouettes(background[6:], background[:6]).any()


def test_first_frames_do_not_depend_on_what_follows():
    frames, background, _ = clip(16)
    whole = extract_silhouettes(frames, background)
    assert np.array_equal(extract_silhouettes(frames[:7], background), whole[:7])


def test_without_a_background_the_scene_is_learnt_from_the_clip():
    frames, background, truth = clip(60, noise=1.5, shadow=False)
    frames = np.concatenate([frames, background])
    found = extract_silhouettes(frames)[:50]
    assert np.mean([iou(a, b) for a, b in zip(found, truth[:50], strict=True)]) > 0.9


def test_a_person_who_stands_still_is_not_the_scene():
    frames, background, _ = clip(1, shadow=False, drift=0.0, noise=1.0)
    standing = np.repeat(frames, 30, axis=0)
    another = np.roll(standing[:14], 90, axis=2)
    film = np.concatenate([background, standing[:20], background, another, background])
    found = set(empty_frames(film).tolist())
    assert len(found) > 20 and found <= {*range(12), *range(32, 44), *range(58, 70)}


def test_where_no_frame_is_empty_all_are_returned():
    frames, _, _ = clip(20)
    assert empty_frames(frames).tolist() == list(range(20))


def test_flicker_without_a_past_is_no_part_of_the_person():
    region = np.zeros((100, 60), np.uint8)
    region[10:90, 20:40] = 1
    region[40:46, 44:50] = 1
    before = np.zeros_like(region)
    before[10:90, 2:30] = 1
    options = {"smallest_person": 50, "smallest_part": 0.01, "join_gap": 0.2, "largest_hole": 0.0}
    assert not person_component(region, [before], **options)[40:46, 44:50].any()
    before[38:44, 46:52] = 1
    assert person_component(region, [before], **options)[40:46, 44:50].all()


@given(st.integers(1, 40), st.integers(0, 60))
@settings(max_examples=25, deadline=None)
def test_holes_are_filled_up_to_their_limit(side, limit):
    mask = np.ones((60, 60), np.uint8)
    mask[10 : 10 + side, 10 : 10 + 1] = 0
    assert fill_small_holes(mask, limit)[10, 10] == (side <= limit)


@given(st.integers(1, 19), st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_the_fast_median_is_the_median(count, seed):
    stack = np.random.default_rng(seed).integers(0, 256, (count, 4, 5, 3), dtype=np.uint8)
    assert np.array_equal(_median(stack), np.floor(np.median(stack, axis=0) + 0.5))


def test_sizes_that_do_not_fit_are_one_clear_line():
    frames, background, _ = clip(2)
    with pytest.raises(DataError, match=r"frame 1 is 160 x 240 .* background 320 x 240"):
        list(iter_silhouettes(frames[:, :, :160], fit_plate(background)))
    with pytest.raises(DataError, match="RGB frames"):
        extract_silhouettes(frames[..., 0])
    with pytest.raises(DataError, match="RGB frames"):
        fit_plate(background[:0])
