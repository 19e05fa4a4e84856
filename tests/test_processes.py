"""Signals end a run as Ctrl-C does, and no worker outlives the process that started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gaitbench.processes import fitting_jobs

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")

RUN = [sys.executable, "-m", "gaitbench", "run-all", "--suite", "smoke", "--jobs", "3", "--quiet"]
#: Works in a pool for a long time, as `gaitbench` does.
POOL = """
import sys, time
from joblib import delayed
from gaitbench.processes import worker_pool
worker_pool(2, 2)(delayed(time.sleep)(0.01) for _ in range(2))
print("ready", flush=True)
worker_pool(2, 2)(delayed(time.sleep)(60) for _ in range(2))
"""


def children(of):
    """Processes that descend from one, by id."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            stat = (place / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(place.name)] = int(stat[1])
    mine = {of}
    while new := {p for p, parent in found.items() if parent in mine} - mine:
        mine |= new
    return mine - {of}


def alive(pids):
    """Those that still work; one that ended and that nobody has asked about is gone."""
    states = {}
    for pid in pids:
        try:
            states[pid] = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
    return {pid for pid, state in states.items() if state not in "ZX"}


def wait_until(done, seconds):
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.1)
    return done()


def test_workers_end_when_their_parent_is_killed():
    main = subprocess.Popen([sys.executable, "-c", POOL], stdout=subprocess.PIPE, text=True)
    assert main.stdout.readline() == "ready\n"
    workers = children(main.pid)
    assert len(workers) >= 2
    main.kill()
    main.wait()
    assert wait_until(lambda: not alive(workers), 10), alive(workers)


@pytest.fixture
def started(tmp_path):
    """Starts the smoke suite and gives it back when it is at work in processes."""
    running = []

    def start(*before, **more):
        main = subprocess.Popen(
            [*before, *RUN, "--store", str(tmp_path / "store"), "--output", str(tmp_path / "out")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more,
        )  # fmt: skip
        running.append(main)
        assert wait_until(lambda: any((tmp_path / "store").glob("sequences/*/*.safetensors")), 120)
        return main

    yield start
    for main in running:
        main.kill()
        main.wait()


@pytest.mark.slow  # a run has to come to work in processes first
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals_end_a_run_with_one_line_and_no_worker(started, tmp_path, name):
    def ignore():  # as a shell does for what runs in its background
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    main = started(preexec_fn=ignore)
    workers = children(main.pid)
    os.kill(main.pid, getattr(signal, name))
    _, told = main.communicate(timeout=60)
    assert main.returncode == 130
    assert told.strip().splitlines()[-1].startswith("gaitbench: interrupted; run the same command again")
    assert "Traceback" not in told
    assert wait_until(lambda: not alive(workers), 10)
    assert not list(tmp_path.rglob("out/report.html"))


@pytest.mark.slow
def test_nohup_outlives_the_terminal(started):
    main = started("nohup")
    main.send_signal(signal.SIGHUP)
    time.sleep(1)
    assert main.poll() is None


@pytest.mark.parametrize(
    ("jobs", "tasks", "least", "most"),
    [(500, 52, 8, 52), (4, 3, 3, 3), (1, 9, 1, 1), (4, 0, 1, 1)],
)
def test_no_more_processes_than_are_worth_it(jobs, tasks, least, most):
    assert least <= fitting_jobs(jobs, tasks) <= most
    assert fitting_jobs(10**9, 10**9) <= max(8, 2 * os.cpu_count())
