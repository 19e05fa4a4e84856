"""Estimates: own records first, then those of others, then ours; a plan played through by several processes."""

from dataclasses import replace

import pytest

from gaitbench.evaluation.planning.estimates import Estimator, forecast
from gaitbench.evaluation.planning.task import Plan, Task
from gaitbench.store import Store
from gaitbench.store.costs import Cost, costs_of, note_costs
from gaitbench.suites import load_suite

SMOKE = load_suite("smoke")


def task(kind, label, what, units, *needs, **more):
    return Task(kind, label, what, tuple(("stage", f"{what}{i}") for i in range(units)), needs, units, **more)


def test_records_of_the_suite_win_over_others_and_those_over_ours():
    paint = task("paint", "a + b", "x", 10)
    of = lambda *costs: Estimator(costs, SMOKE).of(paint)  # noqa: E731
    assert of().source == "shipped" and of().seconds == pytest.approx(4.5)
    other = Cost("paint", "", "quick", 2.0, 6.0)
    assert of(other).source == "store" and of(other).seconds == pytest.approx(30.0)
    own = Cost("paint", "", "smoke", 4.0, 8.0, 500.0, 400)
    found = of(other, own)
    assert (found.source, found.seconds, found.memory_mb, found.size) == ("suite", 20.0, 500.0, 1000.0)
    labelled = Cost("paint", "a + b", "smoke", 1.0, 7.0)
    assert of(own, labelled).seconds == pytest.approx(70.0)
    assert of(Cost("train", "", "smoke", 1.0, 99.0)).source == "shipped"


def test_trainings_go_by_effort_and_pictures_by_frames():
    long = replace(SMOKE, effort=1.0)
    training = task("train", "baseline", "colorizer", 1)
    cost = Cost("train", "baseline", "quick", 0.8, 80.0)
    assert Estimator([cost], long).of(training).seconds == pytest.approx(100.0)
    assert Estimator([cost], SMOKE).of(training).seconds == pytest.approx(5.0)
    walks = task("prepare", "", "w", 10)
    assert Estimator([], SMOKE).of(walks).seconds == pytest.approx(10 * 0.25 * 28 / 60)


def test_a_plan_is_played_through():
    costs = [
        Cost("prepare", "", "smoke", 1.0, 10.0 * 60 / 28, 100.0),
        Cost("attack", "", "smoke", 1.0, 30.0, 700.0),
    ]
    first, second = task("prepare", "", "a", 1), task("prepare", "", "b", 1)
    attack = task("attack", "r", "c", 1, first.name, second.name)
    plan = Plan("smoke", "walkers", (first, second, attack))
    alone, both = forecast(plan, costs, SMOKE, 1), forecast(plan, costs, SMOKE, 2)
    assert alone.core_seconds == both.core_seconds == pytest.approx(50.0)
    assert alone.seconds == pytest.approx(50.0) and both.seconds == pytest.approx(40.0)
    assert alone.memory_mb == 700.0 and both.memory_mb == 700.0
    done = replace(first, missing=0)
    assert forecast(replace(plan, tasks=(done, second, attack)), costs, SMOKE, 1).seconds == pytest.approx(
        40.0
    )


def test_a_store_remembers_costs_and_passes_over_what_cannot_be_read(tmp_path):
    store, cost = Store(tmp_path), Cost("paint", "a", "s", 2.0, 3.0, 4.0, 5)
    note_costs(store, [])
    assert not (tmp_path / ".costs").exists() and costs_of(store) == []
    note_costs(store, [cost])
    note_costs(store, [replace(cost, seconds=9.0)])
    (tmp_path / ".costs" / "0.json").write_text('[{"kind": 1}, []', "utf-8")
    (tmp_path / ".costs" / "1.json").write_text('[{"kind": "x"}]', "utf-8")
    (tmp_path / ".costs" / "2.json").write_text('{"a": 1}', "utf-8")
    assert [one.seconds for one in costs_of(store)] == [9.0, 3.0]
