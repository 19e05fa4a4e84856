"""The executor `processes` on its own: what it sends when, and what it makes of failures."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier

import pytest
from joblib.externals.loky.process_executor import BrokenProcessPool

from gaitbench.errors import ConfigError, GaitbenchError, UnreachableError
from gaitbench.evaluation.planning.estimates import Estimator
from gaitbench.evaluation.planning.executing import in_processes, local_front
from gaitbench.evaluation.planning.executing.in_processes import do_in_processes
from gaitbench.evaluation.planning.executing.local_front import Front, _behind
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.planning.task import Task
from gaitbench.evaluation.run.progress import SilentProgress
from gaitbench.evaluation.run.setup import open_run
from gaitbench.store.costs import Cost


def task(name, *needs, kind="prepare"):
    return Task(kind, name, "", (("sequences", name),), tuple(f"{k} {n}" for k, n in needs), missing=1)


def request(run):
    return Request.of(run, data=None, data_format=None, pattern=None, partition=None, fps=None)


@pytest.fixture
def run(tmp_path):
    return replace(open_run("smoke", store=tmp_path / "store", jobs=2), jobs=2)


def front(run, costs=(), told=lambda done, text: None):
    return Front(run, request(run), True, Estimator(costs, run.suite), told)


def pool_of(monkeypatch, call, broken=0):
    """Workers that are threads and do `call`; the first `broken` pools break with their first task."""
    pools = []

    class Pool(ThreadPoolExecutor):
        def submit(self, _, request, pictures, name, makes, known):
            if len(pools) <= broken:
                gone = Future()
                gone.set_exception(BrokenProcessPool("killed"))
                return gone
            return super().submit(call, name)

    @contextmanager
    def workers(jobs):
        pools.append(jobs)
        with Pool(jobs) as pool:
            yield pool

    monkeypatch.setattr(local_front, "_workers", workers)
    return pools


def test_a_chain_weighs_what_waits_for_it():
    tasks = [task("a"), task("b"), task("c", ("prepare", "a")), task("d", ("prepare", "c"), ("prepare", "b"))]
    seconds = {"prepare a": 1.0, "prepare b": 5.0, "prepare c": 2.0, "prepare d": 4.0}
    found = _behind(tasks, lambda one: seconds[one.name])
    assert found == {"prepare d": 4.0, "prepare c": 6.0, "prepare b": 9.0, "prepare a": 7.0}


def test_each_behind_what_it_needs_the_longest_chain_first_and_two_at_a_time(run, monkeypatch):
    begun, both = [], Barrier(2, timeout=30)

    def call(name):
        begun.append(name)
        if name in ("prepare short", "prepare long"):
            both.wait()  # neither goes on before the other has begun
        return 1.5, 100.0, []

    pool_of(monkeypatch, call)
    ended = []
    monkeypatch.setattr(
        SilentProgress, "finish", lambda self, stage, seconds, cached: ended.append((stage, seconds))
    )
    told = []
    tasks = [
        task("short"), task("long"), task("last", ("prepare", "long"), kind="train"), task("own", ("train", "last")),
    ]  # fmt: skip
    one = front(run, told=lambda done, text: told.append((round(done, 2), text)))
    one.do(tasks)
    assert begun[0] == "prepare long" and begun.index("train last") > 1 and begun[-1] == "prepare own"
    assert [done for done, _ in told] == [0.25, 0.5, 0.75, 1.0] and one.left == []
    assert ended == [
        ("train last", 1.5),
        ("prepare", 4.5),
    ]  # a line of the log each, when the last task has ended
    rows = {(part.name, part.seconds, part.cached, part.beside_others) for part in run.log.stages}
    assert rows == {("prepare", 1.5, False, True), ("train last", 1.5, False, True)}


def test_what_does_not_fit_into_the_memory_waits(run, monkeypatch):
    under_way, most = set(), []

    def call(name):
        under_way.add(name)
        most.append(len(under_way))
        under_way.discard(name)
        return 1.0, 1.0, []

    pool_of(monkeypatch, call)
    monkeypatch.setattr(local_front, "_memory_mb", lambda: 1000.0)
    costs = [Cost("prepare", name, "smoke", 1.0, 1.0, memory_mb=600.0) for name in "abcd"]
    front(run, costs).do([task(name) for name in "abcd"])
    assert most == [1, 1, 1, 1]
    bounded = Front(run, request(run), True, Estimator(costs, run.suite), lambda done, text: None, 100.0)
    bounded.do([task(name) for name in "abcd"])  # each is too large, and is done alone
    assert most == [1] * 8 and bounded.room == 100.0


def test_a_task_that_fails_is_left_to_the_run_and_the_others_are_done(run, monkeypatch):
    def call(name):
        if name == "prepare bad":
            raise ValueError("it is\nbad")
        if name == "prepare worse":
            raise GaitbenchError("no such thing")
        return 1.0, 1.0, [("anonymize", "x", "said again by the run")] if name == "prepare cell" else []

    pool_of(monkeypatch, call)
    one = front(run)
    one.do([task("bad"), task("worse"), task("cell"), task("good"), task("after", ("prepare", "bad"))])
    assert sorted(one.left) == ["prepare bad: ValueError: it is bad", "prepare worse: no such thing"]
    assert len(run.log.stages) == 2 and run.log.failures == []


def test_killed_workers_are_replaced_by_fewer_and_at_last_it_is_given_up(run, monkeypatch, caplog):
    pools = pool_of(monkeypatch, lambda name: (1.0, 1.0, []), broken=2)
    with caplog.at_level(logging.WARNING):
        front(run).do([task("a"), task("b")])
    assert pools == [2, 1, 1] and caplog.text.count("a worker process was killed") == 2
    assert len(run.log.stages) == 2
    pool_of(monkeypatch, lambda name: (1.0, 1.0, []), broken=3)
    with pytest.raises(
        ConfigError, match="killed 3 times, most likely for want of memory; what is finished is kept"
    ):
        front(run).do([task("a"), task("b")])


def test_a_store_that_is_out_of_reach_ends_it(run, monkeypatch):
    def call(name):
        raise UnreachableError("the object store does not answer")

    pool_of(monkeypatch, call)
    with pytest.raises(UnreachableError):
        front(run).do([task("a")])


def test_nothing_is_sent_where_it_would_not_pay_or_could_not_be_done_elsewhere(run, monkeypatch):
    sent = []
    monkeypatch.setattr(Front, "do", lambda self, tasks: sent.extend(tasks))
    monkeypatch.setattr(in_processes, "_WORTH", 1e9)
    assert do_in_processes(run, request(run)) == [] and sent == []
    monkeypatch.setattr(in_processes, "_WORTH", 0.0)
    for other in (
        replace(run, jobs=1), replace(run, device="cuda"), replace(run, probe_angles=run.suite.data.angles[:1]),
    ):  # fmt: skip
        assert do_in_processes(other, request(run)) == [] and sent == []
    monkeypatch.setattr(in_processes.RECOGNIZERS, "origin", lambda name: "somebody's package")
    assert do_in_processes(run, request(run)) == [] and sent == []
    monkeypatch.undo()
    monkeypatch.setattr(in_processes, "_WORTH", 0.0)
    monkeypatch.setattr(Front, "do", lambda self, tasks: sent.extend(tasks))
    do_in_processes(run, request(run))
    assert {"prepare", "train", "anonymize"} <= {one.kind for one in sent}


def test_a_worker_gives_memory_back_when_it_has_grown_and_only_then(monkeypatch):
    held, trimmed = iter([500.0, 600.0, 701.0, 650.0]), []
    monkeypatch.setattr(local_front, "_AT_FIRST", [])
    monkeypatch.setattr(local_front, "do_named", lambda *asked: [])
    monkeypatch.setattr(local_front, "resident_mb", lambda: next(held))
    monkeypatch.setattr(local_front, "trim", lambda: trimmed.append(True))
    seen = []
    for _ in range(4):
        seconds, _, failures = local_front._in_worker(None, True, "x", (), True)
        assert seconds >= 0 and failures == []
        seen.append(len(trimmed))
    assert seen == [0, 0, 1, 1]
