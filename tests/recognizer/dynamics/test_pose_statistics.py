"""Statistics of series of poses: what order changes and what it does not, rhythm, gaps, sequences that are short."""

import numpy as np
import pytest

from recognizer.dynamics.poses import pose_components, small_pictures
from recognizer.dynamics.statistics import ORDERED, STATISTICS, Reading, describe
from recognizer.dynamics.timing import step_timing
from recognizer.gaps import bridged

HOW = Reading(followed=4, lags=(1, 3), fps=25.0)


def swinging(cycle=28.0, frames=60, seed=0, noise=0.02):
    """Codes float64 (T, 4) that swing once and twice a cycle, each with a phase of its own."""
    rng = np.random.default_rng(seed)
    phase = 2 * np.pi * np.arange(frames) / cycle
    waves = [np.cos(h * phase + p) for h, p in ((1, 0.3), (1, 1.9), (2, 0.4), (2, 2.5))]
    return np.stack(waves, 1) + noise * rng.normal(size=(frames, 4))


@pytest.mark.parametrize("name", STATISTICS)
def test_shuffled_frames_change_what_reads_their_order_and_nothing_else(name):
    codes = swinging()
    shuffled = codes[np.random.default_rng(1).permutation(len(codes))]
    one, other = (describe(c, [name], HOW)[0] for c in (codes, shuffled))
    change = np.abs(one - other).max()
    assert change > 0.1 if name in ORDERED else change < 1e-6


def test_a_film_that_runs_backwards_turns_the_sign_of_turns_alone():
    codes = swinging()
    forth, back = (describe(c, ["turns", "lags", "timing"], HOW) for c in (codes, codes[::-1]))
    np.testing.assert_allclose(back[0], -forth[0], atol=1e-9)
    assert np.abs(forth[0]).max() > 0.3
    np.testing.assert_allclose(back[2], forth[2], atol=1e-6)


def test_lags_are_the_covariance_of_each_frame_with_a_later_one():
    codes = swinging(frames=9)
    found = describe(codes, ["lags"], Reading(2, (4,), 25.0))[0].reshape(2, 2)
    d = codes[:, :2] - codes[:, :2].mean(axis=0)
    plain = [[np.mean([d[t, i] * d[t + 4, j] for t in range(5)]) for j in range(2)] for i in range(2)]
    np.testing.assert_allclose(found, plain, atol=1e-12)


@pytest.mark.parametrize("cycle", [21.0, 26.0, 31.5, 37.0])
@pytest.mark.parametrize("fps", [25.0, 50.0])
def test_the_cycle_and_its_harmonics_are_found(cycle, fps):
    frames = swinging(cycle * fps / 25, frames=round(80 * fps / 25))
    found = step_timing(frames - frames.mean(axis=0), fps=fps)
    assert abs(found[0] - cycle / 25) < 0.025 and found[1] > 0.98
    once, twice, thrice = np.exp(found[2:].reshape(3, 4))
    assert (
        (once[:2] > 0.9).all() and (once[2:] < 0.1).all() and (twice[2:] > 0.9).all() and (thrice < 0.1).all()
    )


@pytest.mark.parametrize("frames", [1, 2, 3, 7])
def test_short_and_still_sequences_say_little_but_something(frames):
    for codes in (swinging(frames=frames), np.zeros((frames, 4))):
        found = describe(codes, list(STATISTICS), HOW)
        whole = describe(swinging(), list(STATISTICS), HOW)
        assert [x.shape for x in found] == [x.shape for x in whole]
        assert all(np.isfinite(x).all() for x in found)


def test_gaps_are_bridged_by_straight_lines():
    known = np.array([[2], [8]], np.float32)
    np.testing.assert_allclose(bridged(known, np.array([1, 4]), 6).ravel(), [2, 2, 4, 6, 8, 8], atol=1e-6)


def test_small_pictures_are_shares_of_cells_and_blank_frames_stand_between_their_neighbours():
    masks = np.zeros((3, 64, 44), np.uint8)
    masks[0, :2, :2] = 255
    masks[0, 2, 2] = 255
    masks[2, :2, :4] = 255
    small = small_pictures(masks).reshape(3, 32, 22)
    assert small[0, 0, 0] == 1 and small[0, 1, 1] == 0.25 and small[0].sum() == 1.25
    np.testing.assert_allclose(small[1], (small[0] + small[2]) / 2)
    odd = np.full((1, 9, 45), 255, np.uint8)
    assert small_pictures(odd).shape == (1, 9 * 22) and (small_pictures(odd) == 1).all()


def test_components_are_orthonormal_and_hold_what_differs():
    rng = np.random.default_rng(0)
    pictures = [rng.normal(size=(20, 3)) @ rng.normal(size=(3, 30)) for _ in range(4)]
    mean, basis = pose_components([p.astype(np.float32) for p in pictures], 10)
    assert basis.shape[1] in (6, 7, 8, 9, 10)  # every sequence has three directions of its own
    np.testing.assert_allclose(basis.T @ basis, np.eye(basis.shape[1]), atol=1e-5)
    whole = np.concatenate(pictures)
    np.testing.assert_allclose(mean, whole.mean(axis=0), atol=1e-5)
    with pytest.raises(ValueError, match="alike, frame by frame"):
        pose_components([np.ones((4, 5), np.float32)], 3)
