"""Quality at equal success: linear between settings, over people, and no figure where no setting gets there."""

import numpy as np
import pytest

from gaitbench.evaluation.rows.pictures.sweep_rows import TARGETS, Point, equal_success

PEOPLE = 30


def _point(success, psnr, spread=0.0, people=PEOPLE):
    """Each person has ten probes named before, and the same pictures."""
    rng = np.random.default_rng(int(success * 10))
    own = np.clip(success + spread * rng.standard_normal(people), 0, 100)
    return Point(
        {
            "success": (10.0 * own, np.full(people, 10.0)),
            "psnr": (np.full(people, 4 * psnr), np.full(people, 4.0)),
        }
    )


def _rows(*points):
    return {row.success: row for row in equal_success(500, 3, 0.95, "deform", "nearest", points)}


def test_between_two_settings_it_is_linear_and_beyond_them_there_is_none():
    rows = _rows(_point(40, 24.0), _point(60, 20.0), _point(85, 15.0))
    assert list(rows) == list(TARGETS)
    assert rows[50.0].value == pytest.approx(22.0) and rows[80.0].value == pytest.approx(16.0)
    assert rows[90.0].value is None and (rows[90.0].lowest, rows[90.0].highest) == (40.0, 85.0)
    assert rows[50.0].settings == 3


def test_the_interval_is_over_people_and_holds_the_value():
    row = _rows(_point(40, 24.0, 15), _point(60, 20.0, 15), _point(95, 15.0))[50.0]
    assert row.ci_low < row.value < row.ci_high and row.ci_high - row.ci_low < 4


def test_a_success_that_other_people_might_not_reach_has_no_interval():
    row = _rows(_point(20, 24.0), _point(50.5, 20.0, 20))[50.0]
    assert row.value is None or row.ci_low is None


def test_a_setting_without_a_quality_stands_for_nothing():
    perfect = _point(0, 0.0)
    perfect.sums["psnr"] = (np.zeros(PEOPLE), np.zeros(PEOPLE))
    assert _rows(perfect, _point(40, 24.0), _point(60, 20.0))[50.0].value == pytest.approx(22.0)
    assert _rows(perfect, _point(60, 20.0))[50.0].value is None


def test_one_setting_is_no_curve():
    assert _rows(_point(60, 20.0)) == {}
