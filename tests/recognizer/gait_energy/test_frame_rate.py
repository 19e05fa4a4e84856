"""Another frame rate is given, or its absence is said (phones film at 50 and 60)."""

import warnings

import numpy as np
import pytest
from test_period_gei import walker

from recognizer import gait_energy_image, gait_energy_images, gait_period, gei_from_frames


@pytest.mark.parametrize("rate", [25, 50, 75])
def test_the_same_walk_has_the_same_cycle_in_seconds_at_any_rate(rate):
    frames = walker(4 * rate, 1.1 * rate, 1.0, seed=0)
    found = gait_period(frames, fps=rate)
    assert found.seconds == pytest.approx(1.1, rel=0.06) and not found.rate_assumed and found.fps == rate
    # without the rate, one step at 50 frames a second looks like a cycle at 25: only the flag can tell
    assert gait_period(frames).rate_assumed


def test_a_gei_of_no_sure_cycle_says_which_rate_was_assumed():
    frames = walker(60, 90)
    with pytest.warns(UserWarning, match="assumed 25 frames a second.*give fps"):
        gait_energy_images([frames])
    with pytest.warns(UserWarning, match="give fps"):
        gei_from_frames([frames], cycles=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gait_energy_image(walker(90, 27.5, 1.0))  # sure: nothing to say
        whole = gait_energy_image(frames, fps=25)
    np.testing.assert_allclose(whole, frames.mean(axis=0), atol=1e-7)


@pytest.mark.parametrize("fps", [0, -25, 4, 1e6, float("nan"), float("inf"), "25", True])
def test_rates_that_are_none_are_refused(fps):
    with pytest.raises(ValueError, match="give frames per second"):
        gait_period(walker(60, 27.5), fps=fps)
