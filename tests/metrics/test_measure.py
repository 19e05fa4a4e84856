"""A measure is a value: what is registered is one, or becomes one."""

import numpy as np
import pytest

from gaitbench.metrics import psnr, ssim
from gaitbench.metrics.measure import FLICKER, PSNR, SHARPNESS, SSIM, Measure, as_measure
from gaitbench.registry import METRICS


def test_every_built_in_measure_says_what_it_is():
    found = {
        name: as_measure(name, METRICS.get(name)) for name in ("psnr", "ssim", "gmsd", "sharpness", "flicker")
    }
    assert all(
        measure.name == name and measure.better and measure.undefined for name, measure in found.items()
    )
    assert [n for n, m in found.items() if m.temporal] == ["flicker"]
    assert (PSNR.unit, PSNR.better) == ("dB", "higher is better")
    assert SHARPNESS.better == "1 is best" and FLICKER.better == "0 is best"


def test_a_measure_calls_its_function_with_its_settings():
    a, b = np.random.default_rng(0).random((2, 3, 16, 16, 3))
    np.testing.assert_array_equal(PSNR(a, b), psnr(a, b))
    np.testing.assert_array_equal(SSIM(a, b), ssim(a, b, border="mirror"))
    assert not np.allclose(SSIM(a, b), ssim(a, b))


def test_a_plain_function_is_wrapped_and_says_nothing():
    def error(shown, target, *, region=None):
        return np.abs(shown - target).mean(axis=(1, 2, 3))

    found = as_measure("error", error)
    assert (found.name, found.better, found.unit, found.temporal) == ("error", "", "", False)
    assert found.function is error and as_measure("other", found) is found


@pytest.mark.parametrize("direction", ["up", True, [1.0]])
def test_a_direction_is_one_of_three(direction):
    with pytest.raises(ValueError, match="give 'higher', 'lower' or the best value"):
        Measure("x", len, direction)


def test_what_is_no_measure_is_refused():
    with pytest.raises(ValueError, match="register a function or a Measure"):
        as_measure("x", "gaitbench.metrics:psnr")
    with pytest.raises(ValueError, match="cannot be called"):
        Measure("x", "psnr")
