"""Claims about success rates: chance is as wide as the walks are few, and an interval that holds the line is open."""

import pytest
from scipy import stats

from gaitbench.evaluation.claims.success import best_angle_check, someone_else_checks
from gaitbench.results.schema import SuccessRate


def row(s, m, chance=97.5, *, name="someone-else", angle=90, high=None):
    rate = 100.0 * m / s if s else None
    low = None if high is None else 0.0
    return SuccessRate(
        name, "none", "ignorant", "robust-vtm", "silhouette", "all-views", angle, s, s, m, rate, low, high, chance,
        100.0, 0.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("s", "m", "chance", "holds"),
    [
        (54, 47, 500 / 6, True),  # 87.0 % against 83.3: guesses lie farther in most runs
        (54, 35, 500 / 6, False),  # 64.8 %: strangers who are recognized
        (2640, 2528, 97.5, True),  # 95.8 %: within 2 points
        (2640, 2508, 97.5, False),  # 95.0 %
    ],
)
def test_a_control_at_chance_is_as_far_from_it_as_guesses_are(s, m, chance, holds):
    half = [row(s // 2, m - m // 2, chance), row(s - s // 2, m // 2, chance, angle=0)]
    (check,) = someone_else_checks([*half, row(90, 0, name="model-2")])
    assert check.passed is holds and check.kind == "control" and f"{m} of {s}" in check.detail


def test_blind_guessers_break_the_control_in_one_run_of_a_hundred():
    drawn = stats.binom(54, 5 / 6).rvs(60, random_state=0)
    broken = sum(not next(someone_else_checks([row(54, int(m), 500 / 6)])).passed for m in drawn)
    assert broken <= 2


@pytest.mark.parametrize(
    ("m", "high", "passed"), [(94, 99.0, True), (90, 95.0, None), (90, 93.0, False), (90, None, False)]
)
def test_the_slides_highest_rate_is_reached_missed_or_open(m, high, passed):
    rows = [row(100, 50, name="model-2", angle=0, high=99.0), row(100, m, name="model-2", high=high)]
    check = best_angle_check("model-2", "robust-vtm", [*rows, row(0, 0, name="model-2", angle=180)])
    assert check.passed is passed and f"highest {m:.2f} %" in check.detail
