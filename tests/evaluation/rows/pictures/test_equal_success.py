"""Quality at equal success: linear between settings, over people, and no figure where no setting gets there."""

import numpy as np
import pytest

from gaitbench.evaluation.rows.pictures.equal_success import TARGETS, Point, equal_success
from gaitbench.evaluation.rows.pictures.sweep_rows import curves_of
from gaitbench.registry import ANONYMIZERS
from gaitbench.suites.building import settings_of
from gaitbench.system_value import SystemValue

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


def test_a_curve_that_crosses_twice_has_no_single_figure():
    row = _rows(_point(40, 24.0), _point(60, 20.0), _point(45, 15.0))[50.0]
    assert row.value is None and row.crossings == 2


def test_where_nobody_was_named_before_there_is_no_success():
    nobody = Point({"success": (np.zeros(PEOPLE),) * 2, "psnr": (np.ones(PEOPLE),) * 2})
    assert _rows(nobody, nobody) == {}


def test_a_grid_is_a_curve_for_each_setting_that_stays_the_same():
    texts = [
        "deform",
        *(f"deform[heights={h},strength={s}]" for h in (4, 6) for s in (0.1, 0.3, 0.5)),
        "model-1",
    ]
    found = curves_of([SystemValue.parse(text) for text in texts])
    own = settings_of(ANONYMIZERS.get("deform"))
    assert found["deform[heights=4,strength=0.3]"] == ("deform[heights=4]", 0.3)
    assert found["deform[heights=6,strength=0.1]"] == ("deform[heights=6]", 0.1)
    assert found["deform"] == (f"deform[heights={own['heights']}]", own["strength"])
    assert found["model-1"] == ("model-1", None)
    one = curves_of([SystemValue.parse(t) for t in ("model-2", "model-2[strength=0.1]")])
    assert {curve for curve, _ in one.values()} == {"model-2"}
