"""From recordings to sequences, and a real clip through reader, extraction and alignment."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from moving_blob import clip, recording

from gaitbench.datasets.prepare import full_silhouettes, prepare
from gaitbench.datasets.silhouettes.alignment import crop, track_boxes
from gaitbench.datasets.silhouettes.extraction import extract_silhouettes
from gaitbench.datasets.video import read_video
from gaitbench.errors import DataError

REAL = Path(__file__).parents[1] / "data" / "real-clip" / "one-person-leaves.mp4"


@pytest.mark.parametrize("size", [(64, 44), (128, 88)])
def test_a_recording_becomes_aligned_crops(size):
    sequence = prepare(recording(20), size=size)
    assert sequence.size == size and sequence.silhouettes.dtype == bool
    assert sequence.rgb.shape == (20, *size, 3)
    assert sequence.frame_numbers.tolist() == list(range(1, 21)) and sequence.frame_count == 20
    inside = sequence.rgb[sequence.silhouettes].mean(axis=0)
    assert np.abs(inside - (40, 60, 120)).max() < 25, "the colours lie where the silhouette lies"
    assert prepare(recording(20), size=size, rgb=False).rgb is None


@pytest.mark.parametrize("drift", [0.0, 0.04])
def test_the_plate_is_the_same_crop_of_the_empty_scene(drift):
    film = recording(20, noise=1.0, drift=drift, shadow=False)
    sequence = prepare(film)
    assert sequence.plate.shape == sequence.rgb.shape and sequence.plate.dtype == np.uint8
    apart = np.abs(sequence.rgb.astype(int) - sequence.plate).max(axis=3)
    outside = ~np.stack([cv2.dilate(m.view(np.uint8), np.ones((5, 5))) > 0 for m in sequence.silhouettes])
    assert np.percentile(apart[outside], 99) < 4 + 255 * drift, (
        "where nobody is, frame and plate show one place"
    )
    assert np.median(apart[sequence.silhouettes]) > 30
    given = replace(film, silhouettes=full_silhouettes(film))
    assert np.array_equal(prepare(given).plate, sequence.plate)
    learnt = prepare(
        replace(film, background=None, frames=np.concatenate([film.background, film.frames[12:]]))
    )
    assert learnt.plate.shape == learnt.rgb.shape, "a scene learnt from the clip is a plate too"


def test_without_colours_or_a_scene_there_is_no_plate():
    film = recording(8)
    given = replace(film, silhouettes=full_silhouettes(film))
    assert prepare(film, rgb=False).plate is None
    assert prepare(replace(given, background=None)).plate is None
    assert prepare(replace(given, background=film.background[:, :100])).plate is None
    assert prepare(replace(given, frames=None)).plate is None


def test_colours_of_chosen_frames_only():
    film = recording(20)
    film.frames[[4, 5]] = film.background[0]  # nobody there: positions are among the frames that are kept
    whole = prepare(film)
    asked = []

    def shown(numbers):
        asked.append(numbers.tolist())
        return np.flatnonzero(np.isin(numbers, [3, 9, 18]))

    some = prepare(film, rgb=shown)
    assert asked == [whole.frame_numbers.tolist()] and len(whole.frame_numbers) == 18
    at = np.isin(whole.frame_numbers, [3, 9, 18])
    for own, all_of_them in ((some.rgb, whole.rgb), (some.plate, whole.plate)):
        np.testing.assert_array_equal(own[at], all_of_them[at])
        assert own.shape == all_of_them.shape and not own[~at].any()
    np.testing.assert_array_equal(some.silhouettes, whole.silhouettes)
    assert not prepare(film, rgb=lambda numbers: ()).rgb.any()


def test_given_silhouettes_and_extracted_ones_lead_to_the_same_sequence():
    film = recording(16)
    given = replace(film, silhouettes=full_silhouettes(film), background=None)
    a, b = prepare(film), prepare(given)
    assert np.array_equal(a.silhouettes, b.silhouettes) and np.array_equal(a.rgb, b.rgb)


def test_frames_without_a_person_are_left_out_with_their_numbers():
    film = recording(14)
    masks = full_silhouettes(film)
    masks[[0, 5, 6]] = False
    sequence = prepare(replace(film, silhouettes=masks))
    assert sequence.frame_numbers.tolist() == [2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14]
    assert len(sequence.silhouettes) == len(sequence.rgb) == 11 and sequence.frame_count == 14
    kept = replace(film, silhouettes=masks[1:], frames=film.frames[1:], frame_numbers=film.frame_numbers[1:])
    assert np.array_equal(prepare(kept).silhouettes, sequence.silhouettes)


def test_nobody_visible_is_one_clear_line():
    film = recording(3)
    with pytest.raises(DataError, match=r"001-nm-01-090: nobody is visible") as error:
        prepare(replace(film, silhouettes=np.zeros((3, 240, 320), bool)))
    assert "\n" not in str(error.value)
    with pytest.raises(DataError, match="nobody is visible"):
        prepare(replace(film, frames=film.background[:3]))


def test_sizes_that_contradict_each_other_are_one_clear_line():
    film = recording(3)
    with pytest.raises(DataError, match=r"001-nm-01-090: silhouettes are 100 x 240 .* 320 x 240"):
        prepare(replace(film, silhouettes=np.ones((3, 240, 100), bool)))
    with pytest.raises(DataError, match=r"2 silhouettes for 3 frame numbers"):
        prepare(replace(film, silhouettes=np.ones((2, 240, 320), bool)))
    with pytest.raises(DataError, match=r"the background clip is 320 x 100"):
        prepare(replace(film, background=film.background[:, :100]))
    with pytest.raises(DataError, match="neither video frames nor silhouettes"):
        prepare(replace(film, frames=None))


def test_a_real_clip_goes_through():
    frames = read_video(REAL)
    masks = extract_silhouettes(frames)
    boxes = track_boxes(masks)
    seen = np.isfinite(boxes[:, 0])
    assert seen[:25].all() and not seen[45:].any(), "a person stands, leaves, and is gone"
    assert 0.05 < masks[:20].mean() < 0.15, "the person, not the shadows"
    out = crop(masks[seen], boxes[seen])
    assert 0.15 < out[:20].mean() < 0.6
    assert np.abs(np.diff(boxes[:15, 3] - boxes[:15, 1])).max() < 2.0


def test_background_subtraction_sees_colour_differences_of_clothes():
    frames, background, truth = clip(8, colour=(150, 150, 150))
    found = extract_silhouettes(frames, background)
    assert (found & truth).sum() > 0.5 * truth.sum()
