import numpy as np
import pytest

from gaitbench.evaluation.utility.naturalness import period_difference


def walker(period, frames=60, rate=1.0):
    """Legs that open twice in `period` frames."""
    out = np.zeros((frames, 20, 40), bool)
    for t in range(frames):
        half = 2 + round(6 * abs(np.sin(np.pi * rate * t / period)))
        out[t, 10:, 20 - half : 20 + half] = True
        out[t, 2:10, 17:23] = True
    return out


def test_period_difference_where_both_are_sure():
    slow, fast = walker(30), walker(24)
    assert period_difference(slow, fast) == pytest.approx(6.0, abs=0.7)
    assert period_difference(fast, fast) == 0.0
    assert np.isnan(period_difference(slow[:10], fast[:10]))
    assert np.isnan(period_difference(np.repeat(slow[:1], 60, axis=0), fast))
