"""Normalised frames are, pixel for pixel, those of the loop everybody writes."""

import cv2
import numpy as np
import pytest

from recognizer import gait_energy_image, gei_from_files, gei_from_frames, normalize_frames


def loop(frames, size=(64, 44)):
    """One frame after the other, nothing clever."""
    height, width = size
    out = []
    for image in frames:
        if not image.any():
            continue
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        person = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        small = cv2.resize(person, (max(1, round(height * person.shape[1] / person.shape[0])), height))
        mass = small.astype(np.int64).sum(axis=0).cumsum()
        centre = int(np.argmax(mass > mass[-1] / 2))
        beside = np.zeros((height, width), np.uint8)
        wide = np.concatenate([beside, small, beside], axis=1)
        start = width + centre - width // 2
        out.append(wide[:, start : start + width])
    return np.array(out)


def people(seed, count=40, shape=(60, 80)):
    """Random blobs: some touch the border, some are wide, some frames are empty, some are torn."""
    rng = np.random.default_rng(seed)
    frames = np.zeros((count, *shape), np.uint8)
    for frame in frames[1:]:
        for _ in range(rng.integers(1, 4)):
            top, left = rng.integers(0, max(1, shape[0] - 2)), rng.integers(0, shape[1] - 2)
            high, wide = rng.integers(1, shape[0] + 1), rng.integers(1, shape[1] // 2)
            frame[top : top + high, left : left + wide] = 255
    return frames


@pytest.mark.parametrize("shape", [(60, 80), (61, 83), (64, 50), (9, 8), (5, 16), (1, 9), (120, 1)])
@pytest.mark.parametrize("size", [(64, 44), (128, 88), (15, 7)])
def test_pixels_are_those_of_the_loop(shape, size):
    frames = people(0, shape=shape) if shape[1] > 2 else np.full((3, *shape), 255, np.uint8)
    np.testing.assert_array_equal(normalize_frames(frames, size=size), loop(frames, size))


def test_the_lowest_grey_pixel_counts():
    frames = people(1)
    frames[5, -1, 3] = 7  # below everything else, of another value
    frames[6] = 0
    frames[6, :20, 30:40] = 90  # nobody in the lower half
    frames[7, 0, 0] = 1
    frames[8] = 0
    frames[8, 3, 5] = frames[8, 55, 70] = 1  # so faint that nothing is left of it
    np.testing.assert_array_equal(normalize_frames(frames), loop(frames))


def test_bool_ones_and_255_are_the_same():
    frames = people(2)
    expected = normalize_frames(frames)
    np.testing.assert_array_equal(normalize_frames(frames > 0), expected)
    np.testing.assert_array_equal(normalize_frames((frames > 0).astype(np.uint8)), expected)
    np.testing.assert_array_equal(normalize_frames(frames[:, ::-1][:, ::-1]), expected)


def test_opencv_is_left_as_it_was():
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(2)
        gei_from_frames([people(0)])
        with pytest.raises(ValueError, match="foreground"):
            gei_from_frames([people(0), np.zeros((2, 4, 4), bool)])
        assert cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(before)


def test_input_is_left_alone():
    frames = people(3)
    before = frames.copy()
    normalize_frames(frames)
    np.testing.assert_array_equal(frames, before)


def test_images_are_means_of_the_normalised_frames():
    sequences = [people(seed, count=n) for seed, n in ((0, 40), (1, 3), (2, 300))]
    images = gei_from_frames(iter(sequences))
    assert images.shape == (3, 64, 44)
    assert images.dtype == np.float32
    for image, frames in zip(images, sequences, strict=True):
        np.testing.assert_allclose(image, loop(frames).mean(axis=0) / 255, atol=1e-7)


def test_cycles_average_complete_cycles_only():
    frames = np.zeros((75, 90, 120), bool)
    for t, frame in enumerate(frames):
        half = 6 + round(14 * abs(np.sin(np.pi * t / 12)))
        frame[10:50, 55:66] = True
        frame[50:80, 60 - half : 60 + half] = True
    whole, cycles = (gei_from_frames([frames], cycles=c)[0] for c in (False, True))
    np.testing.assert_array_equal(cycles, gait_energy_image(loop(frames.view(np.uint8) * np.uint8(255))))
    assert not np.array_equal(whole, cycles)


def test_files_give_what_their_frames_give(tmp_path):
    # read_masks leaves out what lies apart from the person, so each frame holds one patch
    sequences = [np.zeros((n, 60, 80), np.uint8) for n in (6, 4)]
    for frames in sequences:
        for t, frame in enumerate(frames):
            frame[4 + t : 50, 20 + 2 * t : 41 + t] = 255
    lists = []
    for number, frames in enumerate(sequences):
        lists.append([tmp_path / f"{number}-{t}.png" for t in range(len(frames))])
        for path, frame in zip(lists[-1], frames, strict=True):
            cv2.imwrite(str(path), frame)
    np.testing.assert_array_equal(gei_from_files(lists), gei_from_frames(sequences))


def test_bad_frames(tmp_path):
    with pytest.raises(ValueError, match=r"sequence 1: none of the 2 frames has any foreground"):
        gei_from_frames([np.ones((2, 4, 4), bool), np.zeros((2, 4, 4), bool)])
    with pytest.raises(ValueError, match="no sequences given"):
        gei_from_frames([])
    with pytest.raises(ValueError, match="no sequences given"):
        gei_from_files([])
    with pytest.raises(ValueError, match=r"shape \(T, H, W\)"):
        normalize_frames(np.ones((4, 4), bool))
    with pytest.raises(ValueError, match="threshold them first"):
        normalize_frames(np.ones((2, 4, 4)))
    with pytest.raises(ValueError, match="positive height"):
        normalize_frames(np.ones((2, 4, 4), bool), size=(0, 44))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"broken\.png is no picture"):
        gei_from_files([[broken]])
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    cv2.imwrite(str(paths[0]), np.full((8, 8), 255, np.uint8))
    cv2.imwrite(str(paths[1]), np.full((8, 9), 255, np.uint8))
    with pytest.raises(ValueError, match=r"b\.png is 9 x 8 pixels, expected 8 x 8"):
        gei_from_files([paths])
    with pytest.raises(ValueError, match="has no files"):
        gei_from_files([[]])
