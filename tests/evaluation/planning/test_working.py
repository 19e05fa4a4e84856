"""Several processes work one plan off: together everything once, and the run finds it all."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import tables
from s3_server import BUCKET, s3_server

from gaitbench.evaluation.planning.doing import Doer
from gaitbench.evaluation.planning.executing import in_processes
from gaitbench.evaluation.planning.executing.in_processes import do_in_processes
from gaitbench.evaluation.planning.planner import plan_of
from gaitbench.evaluation.planning.request import Request
from gaitbench.evaluation.planning.task import KINDS, Plan, Task
from gaitbench.evaluation.planning.working import deferred, work
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.anonymize import Anonymized
from gaitbench.store import Store
from gaitbench.store.claims import Claims
from gaitbench.store.costs import costs_of
from gaitbench.store.keeping import verify

TINY = str(Path(__file__).with_name("tiny.toml"))


def start(store, *more, cache=None, program=("-m", "gaitbench")):
    return subprocess.Popen(
        [sys.executable, *program, "work", "--suite", TINY, "--store", str(store), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=with_cache(cache),
    )  # fmt: skip


def kill(process):
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def with_cache(cache):
    return os.environ | ({} if cache is None else {"GAITBENCH_STORE_CACHE": str(cache)})


def run_all(store, output, *more, cache=None):
    done = subprocess.run(
        [sys.executable, "-m", "gaitbench", "run-all", "--suite", TINY, "--store", str(store), "--output", str(output),
         "--quiet", *more],
        capture_output=True, text=True, check=False, env=with_cache(cache),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return tables(output)


def nothing_is_left(store):
    plan = plan_of(open_run(TINY, store=store, jobs=1))
    return not plan.unknown and {t.kind for t in plan.todo()} == {"rest"}


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    """The tables of a run in one process."""
    folder = tmp_path_factory.mktemp("serial")
    return run_all(folder / "store", folder / "out", "--jobs", "1")


@pytest.mark.slow  # small runs by several processes
@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.long)])
def test_processes_share_a_plan_and_the_tables_are_those_of_one(serial, tmp_path, count):
    store = tmp_path / "store"
    workers = [start(store, "--shard", f"{k}/{count}") for k in range(1, count + 1)]
    told = [worker.communicate()[0:2] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * count, told
    done = [int(out.split()[0].replace(",", "")) for out, _ in told]
    assert min(done) > 0 and nothing_is_left(store)
    # each task was begun by one of them
    begun = [line for _, err in told for line in err.splitlines()]
    assert len(begun) == len(set(begun)) == sum(done)
    assert not list((store / ".claims").iterdir())
    assert run_all(store, tmp_path / "out", "--jobs", "1") == serial


@pytest.mark.slow  # a small run by two processes, one of which is killed
def test_a_run_in_processes_is_that_of_one_process_also_when_a_worker_is_killed(
    serial, tmp_path, monkeypatch, caplog
):
    psutil = pytest.importorskip("psutil")
    monkeypatch.setattr(in_processes, "_WORTH", 0.0)
    run = open_run(TINY, store=tmp_path / "store", jobs=2)
    asked = Request.of(run, data=None, data_format=None, pattern=None, partition=None, fps=None)
    killed = []

    def is_worker(process) -> bool:
        try:
            return "popen_loky_posix" in " ".join(process.cmdline())
        except psutil.NoSuchProcess:  # gone meanwhile, or a zombie: what was killed until it is waited for
            return False

    def told(done, text):
        if (
            "a worker process was killed" not in caplog.text
        ):  # one that was about to leave anyway breaks nothing
            workers = [p for p in psutil.Process().children() if is_worker(p)]
            if workers:
                killed.append(workers[0])
                workers[0].kill()

    assert do_in_processes(run, asked, told=told) == []
    assert killed and "a worker process was killed; it goes on with 1 at a time" in caplog.text
    assert nothing_is_left(tmp_path / "store")
    assert {
        "prepare",
        "train model-2",
        "anonymize",
        "known noise",
        "gei",
        "observe",
        "identify",
        "quality",
    } <= {part.name for part in run.log.stages if part.beside_others and part.seconds > 0}
    # the next plan knows what such tasks take, of each kind by what was made
    noted = {(one.kind, one.suite) for one in costs_of(run.store) if one.units > 0 and one.seconds > 0}
    assert {(kind, run.suite.name) for kind in KINDS if kind != "rest"} <= noted
    assert run_all(tmp_path / "store", tmp_path / "out", "--jobs", "1") == serial


def test_a_system_that_failed_whole_has_no_gaits_to_measure(tmp_path, monkeypatch):
    doer = Doer(open_run(TINY, store=tmp_path / "store", jobs=1))
    nothing = Anonymized("deform", "probe", doer.needs["probe"], {}, {"081-nm-05-090": "no weights"})
    monkeypatch.setattr(doer.views, "anonymized", lambda name: nothing)
    for kind in ("utility", "naturalness"):
        assert doer.do(Task(kind, "deform", "", (), arguments=("deform",))) == []
    assert not list((tmp_path / "store").rglob("*.safetensors"))


#: A worker that never comes back from a training: however late the kill, it comes in the middle of it.
STALLED = """
import time
from gaitbench.cli import main
from gaitbench.evaluation.planning.doing import Doer
Doer._train = lambda self, kind, text: time.sleep(3600)
main()
"""


@pytest.mark.long  # a small run by two processes, one after the other
def test_what_a_killed_process_was_at_is_taken_over(serial, tmp_path):
    store = tmp_path / "store"
    victim = start(store, program=("-c", STALLED))
    assert victim.stderr is not None
    line = next(line for line in victim.stderr if line.startswith("train"))
    kill(victim)
    (claim,) = (store / ".claims").glob("[0-9a-f]*")
    other = start(store)
    _, told = other.communicate()
    assert other.returncode == 0, told
    assert f"{line.strip()} (taken over)" in told.splitlines()
    assert not claim.exists() and nothing_is_left(store)
    assert run_all(store, tmp_path / "out", "--jobs", "1") == serial


@pytest.mark.long  # a small run by eleven processes, ten of which are killed
def test_ten_kills_at_random_moments_leave_the_tables_as_they_are(serial, tmp_path):
    store, chance, killed = tmp_path / "store", random.Random(21), 0
    while killed < 10:
        victim = start(store)
        assert victim.stderr is not None
        # by what it has begun, and not by the clock: a busy machine is killed at the same places
        for _ in range(chance.randrange(1, 4)):
            assert victim.stderr.readline(), "it has ended before it was killed"
        time.sleep(chance.choice([0.0, 0.1, 0.5]) * chance.random())
        kill(victim)
        killed += 1
    assert verify(Store(store)).damaged == {}
    last = start(store)
    _, told = last.communicate()
    # a task in which three were killed is left to the run
    assert last.returncode == 0 or "processes were gone in the middle of it" in told, told
    assert run_all(store, tmp_path / "out", "--jobs", "1") == serial


@pytest.mark.long  # a small run by two machines that share a bucket, and a server that goes away meanwhile
def test_machines_that_share_a_bucket_make_nothing_twice_and_outlast_its_server(serial, tmp_path):
    with s3_server() as server:
        address = f"s3://{BUCKET}/store"
        first = start(address, "--shard", "1/2", cache=tmp_path / "a")
        assert first.stderr is not None
        begun = []
        for line in first.stderr:
            begun.append(line.strip())
            if line.startswith("anonymize"):
                break
        server.stop()
        _, told = first.communicate()
        server.start()
        assert first.returncode == 2, told
        # named by what was going on, and one line says why it ends there
        assert [line for line in told.splitlines() if line.startswith("gaitbench: ")] == told.splitlines()[
            -1:
        ]
        assert f"{address} cannot be" in told and "run the same command again" in told
        assert "a-secret-of-this-test" not in told
        (cache,) = (tmp_path / "a").iterdir()
        made = {path: path.stat().st_mtime_ns for path in cache.rglob("*.safetensors")}
        assert made

        again = start(address, "--shard", "1/2", cache=tmp_path / "a")
        _, told = again.communicate()
        assert again.returncode == 0, told
        assert not set(begun[:-1]) & set(told.splitlines())
        assert {path: path.stat().st_mtime_ns for path in made} == made

        other = start(address, "--shard", "2/2", cache=tmp_path / "b")
        out, told = other.communicate()
        assert other.returncode == 0 and out.startswith("0 tasks done here"), told
        assert run_all(address, tmp_path / "out", "--jobs", "2", cache=tmp_path / "b") == serial
        here, there = (
            {path.relative_to(base).parts[-3:]: path.read_bytes() for path in base.rglob("*.safetensors")}
            for base in (tmp_path / "b", tmp_path / "a")
        )
        # what both have is the same; B has, beyond that, what the run itself makes at the end
        assert all(here[name] == data for name, data in there.items() if name in here)


def test_what_is_not_sure_waits_and_so_does_what_needs_it():
    tasks = (
        Task("anonymize", "a", "x", (("s", "1"),), missing=1),
        Task("attack", "r", "x", (("s", "2"),), ("anonymize a x",), missing=1, known=False),
        Task("attack", "r", "y", (("s", "3"),), ("attack r x",), missing=1),
        Task("paint", "a", "x", (("s", "4"),), ("anonymize a x",), missing=1),
    )
    assert deferred(Plan("s", "d", tasks)) == {"attack r x", "attack r y"}


def test_a_task_whose_processes_are_gone_again_and_again_is_left_and_named(tmp_path, monkeypatch):
    from gaitbench.evaluation.planning import working
    from gaitbench.evaluation.planning.doing import Doer

    done = []
    monkeypatch.setattr(Doer, "do", lambda self, task: done.append(task.name) or [])
    monkeypatch.setattr(working, "TRIES", 0)
    run = open_run(TINY, store=tmp_path / "store", jobs=1)
    with Claims(run.store) as claims:
        worked = work(run, claims, poll=0.0)
    assert not done and worked.done == 0 and worked.left
    assert all("were gone in the middle of it" in why for why in worked.left.values())
