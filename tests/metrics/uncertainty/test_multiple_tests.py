import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitbench.metrics import holm


def test_worked_by_hand():
    # sorted: 0.005 x 4, 0.01 x 3, 0.03 x 2, 0.04 x 1 -> 0.02, 0.03, 0.06, max(0.04, 0.06)
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])


def test_a_test_that_was_not_made_does_not_count():
    np.testing.assert_allclose(holm([0.02, np.nan, 0.5]), [0.04, np.nan, 0.5])
    assert holm([]).shape == (0,)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_rejects_what_the_step_down_procedure_rejects(p):
    p = np.array(p)
    for level in (0.01, 0.05, 0.3):
        expected = np.zeros(len(p), bool)
        for step, i in enumerate(np.argsort(p, kind="stable")):
            if p[i] * (len(p) - step) > level:
                break
            expected[i] = True
        assert ((holm(p) <= level) == expected).all()


def test_refuses_what_is_no_p_value():
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        holm([1.2])
