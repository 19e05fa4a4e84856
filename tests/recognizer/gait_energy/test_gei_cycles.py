import numpy as np

from recognizer import GaitPeriod, gait_energy_image


def test_frames_after_the_last_complete_cycle_are_left_out():
    frames = np.random.default_rng(0).random((70, 6, 5)) < 0.5
    image = gait_energy_image(frames, period=GaitPeriod(30.0, 1.0, "minima"))
    np.testing.assert_allclose(image, frames[:60].mean(axis=0), atol=1e-7)
    assert np.abs(image - frames.mean(axis=0)).max() > 1e-3
