import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer import GaitPeriod, gait_energy_image, gait_energy_images, gait_period
from recognizer.gait_energy.image import mean_silhouette
from recognizer.gait_energy.period import _cycle_by_autocorrelation, _small_lower_half


def walker(frames, period, asymmetry=0.0, start=0.3, seed=None):
    """Legs as a trapezoid whose width swings twice a cycle, one step wider than the other by `asymmetry`."""
    rng = np.random.default_rng(seed)
    out = np.zeros((frames, 32, 44), bool)
    for t in range(frames):
        phase = 2 * np.pi * (t / period + start)
        width = 4 + 6 * (0.5 - 0.5 * np.cos(2 * phase)) + asymmetry * np.cos(phase)
        if seed is not None:
            width += rng.normal() * 0.4
        half = round(width)
        out[t, 2:16, 18:26] = True
        out[t, 16:, 22 - half : 22 + half] = True
    return out


@pytest.mark.parametrize("asymmetry", [0.0, 1.5, 4.0])
@pytest.mark.parametrize("period", [22, 25.5, 30, 36])
def test_finds_a_known_period(period, asymmetry):
    found = gait_period(walker(90, period, asymmetry, seed=0))
    assert found.sure
    assert found.frames == pytest.approx(period, rel=0.06)
    assert 0.5 <= found.confidence <= 1


@settings(max_examples=30, deadline=None)
@given(st.floats(21, 38), st.floats(0, 1), st.integers(0, 1000))
def test_the_start_of_the_clip_does_not_matter(period, start, seed):
    found = gait_period(walker(100, period, 1.0, start=start, seed=seed))
    assert found.sure
    assert found.frames == pytest.approx(period, rel=0.08)


@pytest.mark.parametrize("period", [21, 23.5, 26])
def test_three_steps_are_not_taken_for_a_cycle(period):
    """From the side all steps look alike, and three of a quick walker fit the range as two do."""
    for start in (0.0, 0.2, 0.4):
        found = gait_period(walker(70, period, 0.0, start=start, seed=1))
        assert found.frames == pytest.approx(period, abs=1)


def test_missing_frames_do_not_change_the_period():
    frames = walker(80, 29, 1.0, seed=3)
    kept = np.delete(np.arange(80), [11, 12, 13, 30, 31, 47, 48, 49, 50, 66])
    bridged = gait_period(frames[kept], frame_numbers=kept + 5)
    assert bridged.frames == pytest.approx(29, abs=0.7)
    assert bridged.frames == pytest.approx(gait_period(frames).frames, abs=0.5)
    closed = gait_period(frames[kept])
    assert closed.frames is None or abs(closed.frames - 29) > 1, "without the numbers the gaps mislead"
    with pytest.raises(ValueError, match="increasing frame numbers"):
        gait_period(frames[kept], frame_numbers=kept[::-1])


def test_an_area_that_swings_without_its_outline_is_not_sure():
    """The area repeats every 24 frames, what is seen every 30: nobody can say which is the gait."""
    rng = np.random.default_rng(0)
    frames = np.zeros((90, 32, 44), bool)
    for t in range(90):
        left = round(9 + 8 * np.sin(2 * np.pi * t / 30))
        area = round(8 + 2 * np.sin(2 * np.pi * t / 12) + 0.3 * rng.normal())
        frames[t, 16:, left : left + 18 + area] = True
    assert not gait_period(frames).sure


@pytest.mark.parametrize("seed", range(5))
def test_noise_has_no_period(seed):
    rng = np.random.default_rng(seed)
    frames = np.zeros((80, 32, 44), bool)
    for t in range(80):
        half = rng.integers(4, 12)
        frames[t, 16:, 22 - half : 22 + half] = True
    found = gait_period(frames)
    assert not found.sure
    assert found.frames is None
    assert found.method == "not sure"


def test_a_still_or_short_sequence_has_no_period():
    assert not gait_period(np.ones((80, 8, 8), bool)).sure
    assert not gait_period(walker(20, 30)).sure


@pytest.mark.parametrize("period", [22, 30])
def test_a_period_that_the_length_cannot_show_is_not_told(period):
    frames = walker(5 * period, period, seed=0)
    assert not gait_period(frames[: int(1.5 * period) - 2], fps=25).sure
    assert gait_period(frames[: int(1.5 * period) + 2], fps=25).frames == pytest.approx(period, abs=0.6)
    # frames that are missing in between still show the time
    numbers = np.delete(np.arange(int(1.5 * period) + 2), [7, 8, 15])
    assert gait_period(frames[numbers], frame_numbers=numbers, fps=25).sure


def test_the_lower_half_by_hand():
    frames = np.zeros((2, 4, 3), np.uint8)
    frames[0, 2, :] = 255
    frames[0, 0, :] = 255
    frames[1, 3, 1] = 1
    assert _small_lower_half(frames).sum(axis=1).tolist() == [3, 1]


def test_bad_periods():
    with pytest.raises(ValueError, match=r"\(T, h, w\)"):
        gait_period(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="octave"):
        gait_period(np.zeros((50, 3, 3)), min_period=12, max_period=40)
    spoiled = walker(60, 30).astype(float)
    spoiled[7, 3, 3] = np.nan
    for bad in (spoiled, walker(60, 30).astype(object)):
        with pytest.raises(ValueError, match="NaN, infinity or no numbers"):
            gait_period(bad)
    with pytest.raises(ValueError, match="increasing frame numbers"):
        gait_period(walker(60, 30), frame_numbers=[*range(59), np.nan])


def test_gei_of_a_hand_drawn_cycle_is_its_mean():
    frames = walker(75, 30)
    period = gait_period(frames)
    assert period.complete_frames(75) == 60
    np.testing.assert_allclose(gait_energy_image(frames), frames[:60].mean(axis=0), atol=1e-7)


def test_gei_falls_back_to_the_whole_sequence():
    rng = np.random.default_rng(0)
    frames = rng.random((50, 6, 5)) < 0.5
    assert not gait_period(frames).sure
    np.testing.assert_allclose(gait_energy_image(frames), frames.mean(axis=0), atol=1e-7)
    assert GaitPeriod(40.0, 1.0, "minima").complete_frames(30) == 30


@pytest.mark.parametrize("length", [1, 3, 254, 255, 256, 600])
def test_mean_silhouette_is_exact_in_every_dtype(length):
    rng = np.random.default_rng(length)
    frames = rng.random((length, 5, 4)) < 0.7
    expected = frames.mean(axis=0).astype(np.float32)
    for version in (
        frames,
        frames.astype(np.uint8),
        frames.astype(np.uint8) * 255,
        frames.astype(np.float32),
    ):
        np.testing.assert_array_equal(mean_silhouette(version), expected)


def test_grey_bytes_count_in_proportion():
    assert mean_silhouette(np.array([[[51]], [[255]]], np.uint8)).item() == pytest.approx(0.6)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.uint16])
def test_whole_numbers_are_bytes_whatever_the_largest(dtype):
    """A largest byte between 2 and 254 does not make it white."""
    still = GaitPeriod(None, 0.0, "not sure")
    assert gait_energy_image(np.array([[[51, 0]]], dtype), period=still).tolist() == [[pytest.approx(0.2), 0]]
    assert gait_energy_image(np.array([[[1, 0]]], dtype), period=still).tolist() == [[1, 0]]
    assert gait_energy_image(np.array([[[255, 0]]], dtype), period=still).tolist() == [[1, 0]]


@pytest.mark.parametrize("value", [256, -1, 70_000])
def test_whole_numbers_beyond_a_byte_are_refused(value):
    frames = np.zeros((3, 4, 4), np.int64)
    frames[1, 2, 2] = value
    with pytest.raises(ValueError, match=rf"whole numbers from .*{value}.*outside 0 to 255"):
        gait_energy_image(frames)


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="must be numbers, not object"):
        gait_energy_image(np.full((3, 4, 4), None))


def test_many_sequences():
    sequences = [walker(60, 30), walker(45, 25)]
    images = gait_energy_images(iter(sequences))
    assert images.shape == (2, 32, 44)
    assert images.dtype == np.float32
    np.testing.assert_array_equal(images[1], gait_energy_image(sequences[1]))


def test_bad_sequences():
    with pytest.raises(ValueError, match="no foreground"):
        gait_energy_image(np.zeros((5, 4, 4), bool))
    with pytest.raises(ValueError, match="NaN"):
        gait_energy_image(np.full((5, 4, 4), np.nan))
    with pytest.raises(ValueError, match="at least one frame"):
        gait_energy_image(np.zeros((0, 4, 4), bool))
    with pytest.raises(ValueError, match="sequence 1 has pictures"):
        gait_energy_images([np.ones((5, 4, 4), bool), np.ones((5, 4, 5), bool)])
    with pytest.raises(ValueError, match="sequence 1: silhouettes hold no foreground"):
        gait_energy_images([np.ones((5, 4, 4), bool), np.zeros((5, 4, 4), bool)])
    with pytest.raises(ValueError, match="no sequences"):
        gait_energy_images([])


def test_small_lower_halves_count_every_pixel_once_whatever_the_size():
    draws = np.random.default_rng(0)
    for height, width in [(64, 44), (65, 45), (7, 3), (128, 88), (2, 1)]:
        frames = draws.random((5, height, width)) < 0.5
        small = _small_lower_half(frames)
        lower = frames[:, height // 2 :]
        assert small.shape == (5, min(8, lower.shape[1]) * min(11, width))
        assert np.array_equal(small.sum(axis=1), lower.sum(axis=(1, 2)))
        assert np.array_equal(small, _small_lower_half(frames.astype(np.uint8) * 255))
        rows, columns = (
            np.arange(cells) * size // cells
            for size, cells in ((lower.shape[1], min(8, lower.shape[1])), (width, min(11, width)))
        )
        by_hand = np.add.reduceat(np.add.reduceat(lower.astype(float), rows, axis=1), columns, axis=2)
        assert np.array_equal(small, by_hand.reshape(5, -1))


def test_autocorrelation_is_the_plain_one():
    draws = np.random.default_rng(1)
    for count in (60, 45, 28):
        series = draws.standard_normal((count, 3)) + np.sin(np.arange(count) * 2 * np.pi / 24)[:, None] * 2
        series -= series.mean(axis=0)
        plain = []
        for lag in range(20, min(40, count - 4)):
            early, late = series[: count - lag], series[lag:]
            plain.append((early * late).sum() / np.sqrt((early**2).sum() * (late**2).sum()))
        cycle, height = _cycle_by_autocorrelation(series, 21, 38)
        if cycle is not None:
            assert height == pytest.approx(plain[round(cycle) - 20], abs=0.02)
            assert any(height == pytest.approx(value, abs=1e-12) for value in plain)
