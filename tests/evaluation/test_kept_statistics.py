"""Statistics of an attack are computed once, and again where what they are of, or how they are made, is another."""

from dataclasses import replace

import numpy as np
import pytest

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation import statistics
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.rows.criteria_rows import criteria_rows
from gaitbench.evaluation.rows.identification_rows import gallery_size_rows, identification_rows
from gaitbench.evaluation.rows.pooled_rows import assigned_rows, pooled_rows
from gaitbench.evaluation.run.setup import open_run
from gaitbench.results.schema_attacks import Attack


@pytest.fixture
def run(tmp_path):
    found = open_run("smoke", store=tmp_path / "store", jobs=1)
    return replace(found, suite=replace(found.suite, resamples=100))


def outcome(seed=0):
    people = np.array(["081", "082", "083", "084"])
    keys = tuple(SequenceKey(p, w, a) for p in people for w in ("nm-05", "bg-01") for a in (54, 90))
    before, after = np.random.default_rng(seed).random((2, len(keys), 4)).astype(np.float32)
    nowhere, fine = np.full(len(keys), -1), np.zeros(len(keys), bool)
    attack = Attack("ignorant", "gei-nn", "silhouette", "all-views")
    return Outcome("deform", "none", attack, keys, nowhere, people, before, after, fine)


def counted(monkeypatch):
    """How often the rows of an attack are computed."""
    calls = []
    row, make = statistics._TABLES["pooled"]

    def noted(run, one):
        calls.append(one)
        return make(run, one)

    monkeypatch.setitem(statistics._TABLES, "pooled", (row, noted))
    return calls


def test_rows_are_those_that_are_computed_and_the_second_time_nothing_is(run, monkeypatch):
    calls, both = counted(monkeypatch), [outcome(0), outcome(1)]
    first, second = (statistics.statistics_of(run, both) for _ in range(2))
    assert len(calls) == 2 and first == second
    assert first == {
        "identification": identification_rows(run, both), "gallery_size": gallery_size_rows(both),
        "pooled": pooled_rows(run, both), "assigned": assigned_rows(run, both), "criteria": criteria_rows(run, both),
    }  # fmt: skip
    assert all(first.values())


def test_another_outcome_or_setting_is_computed_anew(run, monkeypatch):
    calls, one = counted(monkeypatch), outcome()
    after = one.after.copy()
    after[3, 2] += 1e-6
    failed = one.failed.copy()
    failed[0] = True
    others = [one, replace(one, after=after), replace(one, failed=failed), replace(one, anonymizer="blur")]
    statistics.statistics_of(run, others)
    for changes in ({"seed": 1}, {"resamples": 101}, {"confidence": 0.9}):
        statistics.statistics_of(replace(run, suite=replace(run.suite, **changes)), [one])
    assert len(calls) == len(others) + 3
