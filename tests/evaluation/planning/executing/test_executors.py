"""Executors: by name, and the same tables from each of them."""

import json
import logging
import subprocess
import sys
import threading

import pytest
from command_line import tables

from gaitbench.errors import ConfigError
from gaitbench.evaluation.planning.executing.executors import Dask, Processes, Serial, executor_of
from gaitbench.evaluation.planning.executing.on_dask import do_on_dask
from gaitbench.evaluation.planning.executing.session import Identity, do_named, identity_of, introduce
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.planning.task import Task
from gaitbench.evaluation.run.setup import open_run


def test_an_executor_is_known_by_its_name():
    assert executor_of("serial") == Serial() and executor_of("processes") == Processes()
    assert executor_of("dask") == Dask() and executor_of("dask=tcp://h:1").address == "tcp://h:1"
    assert executor_of("processes", memory_gb=6.0) == Processes(memory_mb=6000.0)
    for other in ("serial", "dask"):
        with pytest.raises(ConfigError, match=f"--memory goes with --executor processes, not with {other}"):
            executor_of(other, memory_gb=6.0)
    with pytest.raises(ConfigError, match="no executor 'dusk'; did you mean 'dask'"):
        executor_of("dusk")
    for text in ("serial=2", "processes=x", "dask="):
        with pytest.raises(ConfigError, match="an address goes with dask alone"):
            executor_of(text)


def test_who_differs_is_told_in_what():
    mine = Identity("1", "a" * 32, "3.11", {"numpy": "2.0"})
    assert mine.differs_in(mine) == "" and identity_of().differs_in(identity_of()) == ""
    assert mine.differs_in(Identity("2", "a" * 32, "3.11")) == "it has gaitbench 2, this process 1"
    assert "its code of gaitbench 1 is another (hash bbbbbbbb, not aaaaaaaa)" in mine.differs_in(
        Identity("1", "b" * 32, "3.11", {"numpy": "2.0"})
    )
    assert "Python 3.12" in mine.differs_in(Identity("1", "a" * 32, "3.12", {"numpy": "2.0"}))
    assert "it has numpy none, this process 2.0" in mine.differs_in(Identity("1", "a" * 32, "3.11"))


def test_a_store_that_is_another_is_found_out(tmp_path):
    (tmp_path / "token").write_text("secret")
    assert introduce(str(tmp_path), "token", "secret")[1] == ""
    assert (tmp_path / "token.back").read_text() == "secret"
    assert "is another folder" in introduce(str(tmp_path), "token", "other")[1]
    assert "cannot be used there" in introduce(str(tmp_path / "nowhere"), "token", "secret")[1]


def request(run):
    return Request.of(run, data=None, data_format=None, pattern=None, partition=None, fps=None)


def test_a_scheduler_that_does_not_answer_is_one_line_and_nothing_is_made(tmp_path, monkeypatch):
    from gaitbench.evaluation.planning.executing import on_dask

    monkeypatch.setattr(on_dask, "_ANSWER", 1)
    pytest.importorskip("distributed")
    run = open_run("smoke", store=tmp_path / "store", jobs=1)
    with pytest.raises(ConfigError, match=r"the scheduler at tcp://127\.0\.0\.1:9 does not answer"):
        do_on_dask(run, request(run), "tcp://127.0.0.1:9")
    assert not (tmp_path / "store").exists()


class Client:
    """A client whose workers say what they are told to say."""

    def __init__(self, *answers):
        self.answers = answers

    def run(self, call, *arguments, on_error):
        return {f"tcp://{n}": one(*arguments) for n, one in enumerate(self.answers)}


def test_workers_of_another_kind_are_refused_before_anything_runs(tmp_path):
    from gaitbench.evaluation.planning.executing.on_dask import _check

    run = open_run("smoke", store=tmp_path / "store", jobs=1)
    _check(Client(introduce, introduce), run)

    def other(*arguments):
        return Identity("0.0.1", "x", "3.11"), ""

    def broken(*arguments):
        return ModuleNotFoundError("No module named 'gaitbench'")

    def blind(store, token, answer):
        return introduce(str(tmp_path / "elsewhere"), token, answer)

    def alone(store, token, answer):
        return identity_of(), ""  # it writes to a folder of its own that holds the same

    for answer, why in (
        (other, "the worker at tcp://1 is refused: it has gaitbench 0.0.1"),
        (broken, "the worker at tcp://1 cannot be asked .ModuleNotFoundError"),
        (blind, "the worker at tcp://1 does not see the store"),
    ):
        with pytest.raises(ConfigError, match=why):
            _check(Client(introduce, answer), run)
    with pytest.raises(ConfigError, match=r"what workers write to .* is not seen here"):
        _check(Client(alone), run)
    assert list((tmp_path / "store").iterdir()) == []


def test_a_worker_with_other_keys_does_nothing(tmp_path):
    from gaitbench.evaluation.planning.executing.session import OtherKeysError
    from gaitbench.evaluation.planning.planner import plan_of

    run = open_run("smoke", store=tmp_path / "store", jobs=1)
    first = plan_of(run).tasks[0]
    with pytest.raises(OtherKeysError, match="prepare"):
        do_named(request(run), True, first.name, (("sequences", "0" * 32),), True)
    with pytest.raises(OtherKeysError, match="no such task"):
        do_named(request(run), True, "no such task", (), True)
    assert not (tmp_path / "store").exists()


BEGUN, OVER = threading.Event(), threading.Event()


def do_or_fail(request, pictures, name, makes, known, *needs):
    if "bad" in name:
        raise ValueError("it is\nbad")
    return []


def wait_for_the_end(*anything):
    BEGUN.set()
    OVER.wait(60)


def in_this_process():
    """A cluster of one worker that is a thread: schedulers, messages and keys are dask's own."""
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )


def test_a_cluster_does_each_task_behind_what_it_needs_and_failures_are_left(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    from gaitbench.evaluation.planning.executing import on_dask

    told = []
    monkeypatch.setattr(on_dask, "do_named", do_or_fail)
    tasks = [
        Task("prepare", "", "a", (("sequences", "1"),), missing=1),
        Task("train", "x", "bad", (("models", "2"),), missing=1),
        Task("paint", "p", "c", (("quality", "3"), ("quality", "4")), ("prepare a",), missing=2),
        Task("paint", "p", "d", (("quality", "5"),), ("train x bad",), missing=1),
    ]
    with in_this_process() as cluster, on_dask.connected(cluster.scheduler_address, 1) as client:
        on_dask._check(client, open_run("smoke", store=tmp_path, jobs=1))
        left = on_dask.send(client, None, True, tasks, lambda share, name: told.append((share, name)))
    names = [name for _, name in told]
    assert names.index("prepare a") < names.index("paint p c") and len(names) == 4
    assert sorted(left) == ["paint p d: ValueError: it is bad", "train x bad: ValueError: it is bad"]
    assert [share for share, _ in told] == [0.25, 0.5, 0.75, 1.0] and list(tmp_path.iterdir()) == []


def test_a_scheduler_that_is_lost_is_one_line(monkeypatch):
    pytest.importorskip("distributed")
    from gaitbench.evaluation.planning.executing import on_dask

    monkeypatch.setattr(on_dask, "do_named", wait_for_the_end)
    cluster = in_this_process()
    threading.Thread(target=lambda: BEGUN.wait(60) and cluster.sync(cluster.scheduler.close)).start()
    try:
        with (
            pytest.raises(ConfigError, match=r"the scheduler is gone.*what is finished is kept"),
            on_dask.connected(cluster.scheduler_address, 1) as client,
        ):
            tasks = [Task("prepare", "", "a", (("sequences", "1"),), missing=1)]
            on_dask.send(client, None, True, tasks, lambda share, name: None)
    finally:
        OVER.set()
        cluster.close()


def test_a_worker_does_a_task_by_its_name_and_a_second_time_nothing(tmp_path):
    from gaitbench.evaluation.planning.planner import plan_of

    run = open_run("smoke", store=tmp_path / "store", jobs=1)
    first = plan_of(run).tasks[0]
    assert do_named(request(run), True, first.name, first.makes, True, "what was before") == []
    there = {
        run.store.path(*artifact): run.store.path(*artifact).stat().st_mtime_ns for artifact in first.makes
    }
    assert do_named(request(run), True, first.name, first.makes, True) == []
    assert {path: path.stat().st_mtime_ns for path in there} == there


def run_all(folder, *more):
    done = subprocess.run(
        [sys.executable, "-m", "gaitbench", "run-all", "--suite", "smoke", "--store", str(folder / "store"),
         "--output", str(folder / "out"), "--quiet", *more],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    stages = {s["name"]: s for s in json.loads((folder / "out" / "run.json").read_text())["stages"]}
    return tables(folder / "out"), stages


@pytest.mark.long  # three runs of `smoke`
def test_the_tables_are_the_same_from_every_executor(tmp_path):
    pytest.importorskip("distributed")
    serial, _ = run_all(tmp_path / "serial", "--executor", "serial")
    processes, _ = run_all(tmp_path / "processes", "--executor", "processes", "--jobs", "2")
    dask, stages = run_all(tmp_path / "dask", "--executor", "dask", "--jobs", "2")
    assert serial == processes == dask and serial
    # the cluster has made it, the run itself found it in the store; whole pictures for the samples are its own
    assert not stages["dask"]["cached"] and stages["quality"]["cached"]
    assert not {"train model-2", "train baseline", "anonymize", "gei", "identify"} & set(stages)
