"""Claims about success rates: chance is as wide as the walks are few, and an interval that holds the line is open."""

import dataclasses

import pytest
from fake_attacks import attack_row
from scipy import stats

from gaitbench.evaluation.claims.recognition import worst_case_checks
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
    ("m", "high", "other", "passed"),
    [(94, 99.0, 60.0, True), (90, 95.0, 60.0, None), (90, 93.0, 60.0, False), (90, None, 60.0, False),
     (90, 93.0, 98.0, None)],  # at another angle it may be reached
)  # fmt: skip
def test_the_slides_highest_rate_is_reached_missed_or_open(m, high, other, passed):
    rows = [row(100, 50, name="model-2", angle=0, high=other), row(100, m, name="model-2", high=high)]
    check = best_angle_check("model-2", "robust-vtm", [*rows, row(0, 0, name="model-2", angle=180)])
    assert check.passed is passed and f"highest {m:.2f} %" in check.detail


@pytest.mark.parametrize(
    ("rank1", "low", "high", "passed"),
    [
        (3.0, 1.5, 6.0, True),
        (44.0, 39.0, 50.0, False),
        (26.0, 2.0, 66.0, None),  # chance, and more than half of what it names untouched
        (26.0, 2.0, 45.0, True),
    ],
)
def test_an_interval_from_chance_to_half_of_the_untouched_says_nothing(rank1, low, high, passed):
    def attack(name, value, low, high):
        row = attack_row(name, "ignorant", "robust-vtm", "silhouette", value)
        return dataclasses.replace(row, rank1_ci_low=low, rank1_ci_high=high)

    rows = [attack("model-2", rank1, low, high), attack("original", 92.0, 85.0, 96.0)]
    (check,) = worst_case_checks(["model-2", "absent"], rows)
    assert check.passed is passed
    assert ("anything from 2.0 to 66.0 % is possible" in check.detail) == (passed is None)
