"""Measures of utility: known answers on drawn legs, ceiling and floor, the walkers' own truth."""

import cv2
import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.truth import truth_of
from gaitbench.datasets.walkers import Walkers
from gaitbench.evaluation.utility.measures import CADENCE, OPENING, SYMMETRY
from gaitbench.metrics.utility import UtilityMeasure, asymmetry, leg_opening
from recognizer import gait_period

FPS = 25.0


def legs(period=26.0, count=60, swing=8, limp=0.0, shift=0.0):
    """A trunk and two legs that open twice a cycle; `limp` makes every second step larger."""
    frames = np.zeros((count, 64, 44), bool)
    for t in range(count):
        phase = 2 * np.pi * (t + shift) / period
        half = 2 + abs(np.sin(phase)) * swing * (1 + limp * np.sin(phase))
        frames[t, 4:40, 18:26] = True
        for row in range(40, 64):
            reach = half * (row - 40) / 24
            frames[t, row, round(22 - reach - 2) : round(22 + reach + 2)] = True
    return frames


def _all(after, before, period=26.0):
    return [m(after, before, period=period, fps=FPS) for m in (CADENCE, OPENING, SYMMETRY)]


def test_the_original_is_at_the_ceiling_and_a_standing_figure_at_the_floor():
    walk = legs(limp=0.3)
    assert _all(walk, walk) == [100.0, pytest.approx(1.0), 0.0]
    still = np.repeat(walk[:1], len(walk), axis=0)
    assert _all(still, walk) == [0.0, 0.0, 1.0]


def test_another_rhythm_is_another_cadence_and_opens_at_other_times():
    walk, slow = legs(), legs(period=32.0)
    cadence, opening, _ = _all(slow, walk)
    assert cadence == 0.0 and opening < 0.6
    assert CADENCE(legs(period=26.8), walk, period=26.0, fps=FPS) == 100.0, "within a twentieth"


def test_a_limp_that_is_taken_away_is_seen():
    even, limping = legs(), legs(limp=0.4)
    assert asymmetry(leg_opening(limping), 26.0) > asymmetry(leg_opening(even), 26.0) + 0.1
    assert SYMMETRY(even, limping, period=26.0, fps=FPS) > 0.1
    assert SYMMETRY(legs(limp=0.4, shift=7), limping, period=26.0, fps=FPS) < 0.1, "the phase is no asymmetry"


def test_where_the_truth_is_not_known_the_original_tells_it():
    walk = legs()
    assert CADENCE(walk, walk, period=float("nan"), fps=FPS) == 100.0
    still = np.repeat(walk[:1], len(walk), axis=0)
    assert np.isnan(CADENCE(walk, still, period=float("nan"), fps=FPS))
    assert np.isnan(SYMMETRY(walk, still, period=float("nan"), fps=FPS)) and np.isnan(
        OPENING(walk, still, period=26.0, fps=FPS)
    )


def test_an_empty_picture_opens_nothing():
    assert leg_opening(np.zeros((2, 64, 44), bool)).tolist() == [0.0, 0.0]


def test_the_truth_of_walkers_is_that_of_their_annotations():
    walkers, key = Walkers(), SequenceKey.parse("081-nm-01-090")
    told = walkers.annotations(key, frames=5)
    truth = truth_of(walkers, key, told.frame_numbers)
    assert truth.period == told.period
    seen = told.projected[..., :2] - told.projected[:, told.bones.index("pelvis"), None, :2]
    assert np.allclose(truth.joints * np.ptp(told.projected[..., 1], axis=1).mean(), seen)


def test_cadence_of_true_silhouettes_agrees_with_the_truth_within_a_percent_on_side_views():
    walkers = Walkers()
    for subject in ("081", "085", "093"):
        key = SequenceKey.parse(f"{subject}-nm-01-090")
        true = walkers.true_masks(key, body=subject, rgb=False)
        told = gait_period(_aligned(true.masks), frame_numbers=true.frame_numbers, fps=FPS).frames
        period = truth_of(walkers, key, true.frame_numbers).period
        assert told == pytest.approx(period, rel=0.01), subject


def _aligned(masks):
    """Each whole person scaled to 64 rows, its centre of mass in the middle."""
    aligned = np.zeros((len(masks), 64, 44), bool)
    for i, mask in enumerate(masks):
        rows = np.flatnonzero(mask.any(axis=1))
        person, middle = (
            mask[rows[0] : rows[-1] + 1],
            int(mask.sum(axis=0) @ np.arange(mask.shape[1]) / mask.sum()),
        )
        half = len(person) * 44 // 128
        wide = np.pad(person, ((0, 0), (half, half)))[:, middle : middle + 2 * half]
        aligned[i] = cv2.resize(wide.astype(np.uint8), (44, 64), interpolation=cv2.INTER_AREA) > 0
    return aligned


def test_what_is_no_measure_is_refused():
    with pytest.raises(ValueError, match="give a function"):
        UtilityMeasure("odd", len, "up", "Odd")
