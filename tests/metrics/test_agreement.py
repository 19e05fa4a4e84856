"""Krippendorff's alpha against his own example, and its ends."""

import numpy as np
import pytest

from gaitbench.metrics.agreement import krippendorff_alpha

_ = np.nan
#: Krippendorff, Computing Krippendorff's alpha-reliability (2011), section C: four observers, twelve units.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example(level, alpha):
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(alpha, abs=5e-4)


def test_the_order_of_raters_and_units_and_scores_nobody_shares_change_nothing():
    rng, x = np.random.default_rng(0), np.array(PUBLISHED, dtype=float)
    mixed = x[rng.permutation(4)][:, rng.permutation(12)]
    alone = np.column_stack([x, [9, _, _, _]])
    for level in ("nominal", "ordinal", "interval"):
        assert krippendorff_alpha(mixed, level) == pytest.approx(krippendorff_alpha(x, level))
        assert krippendorff_alpha(alone, level) == pytest.approx(krippendorff_alpha(x, level))


def test_ranks_do_not_mind_how_far_scores_lie_apart_and_numbers_do():
    x = np.array(PUBLISHED, dtype=float)
    assert krippendorff_alpha(x**3, "ordinal") == pytest.approx(krippendorff_alpha(x, "ordinal"))
    assert krippendorff_alpha(x**3, "interval") != pytest.approx(krippendorff_alpha(x, "interval"), abs=0.01)
    assert krippendorff_alpha(7 * x - 3, "interval") == pytest.approx(krippendorff_alpha(x, "interval"))


def test_perfect_is_1_chance_is_0_and_against_each_other_is_less():
    rng = np.random.default_rng(1)
    one = rng.integers(1, 6, 400).astype(float)
    assert krippendorff_alpha([one, one, one]) == pytest.approx(1.0)
    assert krippendorff_alpha(rng.integers(1, 6, (3, 4000)).astype(float)) == pytest.approx(0.0, abs=0.04)
    assert krippendorff_alpha([one, 6 - one]) < -0.3


@pytest.mark.parametrize("x", [[[1, _], [_, 2]], [[3, 3], [3, 3]], [[1, 2, 3]]])
def test_where_nothing_can_be_said_it_is_undefined(x):
    assert np.isnan(krippendorff_alpha(x))


def test_what_is_no_table_of_scores_is_refused():
    with pytest.raises(ValueError, match="shape"):
        krippendorff_alpha([1.0, 2.0])
    with pytest.raises(ValueError, match="level"):
        krippendorff_alpha([[1.0, 2.0]], "ratio")
    with pytest.raises(ValueError, match="infinite"):
        krippendorff_alpha([[1.0, np.inf]])
