"""A suite that names walks of the second session, from rendering to the table."""

from dataclasses import replace

import pytest

from gaitbench.datasets.walkers.second_session import TwoSessions
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.record import record_of
from gaitbench.evaluation.run.setup import open_run
from gaitbench.reporting.tables.protocols.sessions import sessions
from gaitbench.suites import load_suite
from gaitbench.system_value import SystemValue


def test_the_suite_asks_for_both_sessions_of_the_same_walks():
    walks = load_suite("cross-session").walks
    first = [w for w in walks.probe if "@" not in w]
    assert list(walks.probe) == [*first, *(f"2@{w}" for w in first)]
    assert not any("@" in w for w in (*walks.gallery, *walks.recognizer, *walks.models))


@pytest.mark.slow  # it renders and attacks fifteen sequences
def test_a_small_run_has_figures_within_and_across(tmp_path):
    smoke = load_suite("smoke")
    suite = replace(
        smoke,
        data=replace(smoke.data, angles=(90,)),
        split=replace(smoke.split, recognizer=("001", "002"), models=("051",), test=("081", "082", "083", "084")),
        walks=replace(
            smoke.walks, recognizer=("nm-01",), models=("nm-01",), gallery=("nm-01",), probe=("nm-05", "2@nm-05")
        ),
        systems=replace(
            smoke.systems, anonymizers=(SystemValue("blur"),), controls=("original",),
            colorizers=(SystemValue("nearest"),), recognizers=(SystemValue("gei-nn"),),
        ),
        attacks=replace(smoke.attacks, recognizers=(SystemValue("gei-nn"),)),
    )  # fmt: skip
    run = open_run(suite, store=tmp_path, jobs=1, device="cpu")
    assert isinstance(run.dataset, TwoSessions)
    record = record_of(Experiment(run), pictures=False)
    assert not record.failures
    rows = {(row.anonymizer, row.gallery, row.condition): row for row in record.tables["sessions"]}
    whole = rows["original", "all-views", "all"]
    assert (whole.within_n, whole.across_n, whole.people) == (4, 4, 4)
    assert whole.within_rank1 == 100.0 and whole.within_success == 0.0
    assert rows["blur", "all-views", "nm"].within_n == 4
    assert sessions(record) is not None
