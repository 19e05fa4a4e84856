"""Rows of the attacker ladder refuse contradictions, and the worst case is the strongest attack."""

import dataclasses

import pytest

from gaitbench.results.schema_attacks import Identification, worst_cases

ROW = Identification(
    anonymizer="model-2", colorizer="none", attacker="ignorant", recognizer="robust-vtm", input="silhouette",
    gallery="all-views", n=100, people=40, rank1=5.0, rank1_ci_low=2.0, rank1_ci_high=8.0, rank5=20.0, map=10.0,
    eer=40.0, d_sys=0.1, d_sys_null=0.05, corrected=0.03, s=80, m=76, success=95.0, success_ci_low=90.0,
    success_ci_high=98.0,
)  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"s": 101}, {"m": 81}, {"success": None}, {"success": 94.0}, {"rank1": 101.0}, {"rank1_ci_low": 9.0}],
)
def test_rows_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(ValueError):
        dataclasses.replace(ROW, **wrong)


def test_the_worst_case_is_the_highest_rank_1_and_silhouette_attacks_count_for_every_colorizer():
    informed = dataclasses.replace(
        ROW, attacker="informed", rank1=30.0, rank1_ci_low=None, rank1_ci_high=None
    )
    seen = dataclasses.replace(
        informed,
        attacker="ignorant",
        recognizer="appearance",
        input="appearance",
        colorizer="proposed",
        rank1=70.0,
    )
    dull = dataclasses.replace(seen, colorizer="baseline", rank1=10.0)
    undefined = dataclasses.replace(seen, colorizer="baseline", rank1=None)
    worst = worst_cases([ROW, informed, seen, dull, undefined])
    assert worst["model-2", "none"] is informed
    assert worst["model-2", "proposed"] is seen
    assert worst["model-2", "baseline"] is informed
