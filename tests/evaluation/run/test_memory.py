"""Peak memory is told where the system tells it, and nothing breaks where it does not."""

import builtins
import importlib
import sys
from pathlib import Path

from gaitbench.evaluation.run import memory
from gaitbench.evaluation.run.log import RunLog
from gaitbench.evaluation.run.progress import SilentProgress

REAL_IMPORT = builtins.__import__


def without_unix(name, *rest):
    if name in ("resource", "pwd", "grp", "fcntl", "termios"):
        raise ImportError(f"no module {name} here")
    return REAL_IMPORT(name, *rest)


def test_nothing_of_a_run_needs_what_unix_alone_has(monkeypatch):
    monkeypatch.delitem(sys.modules, "resource", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_unix)
    for name in (
        "gaitbench.evaluation.run.memory",
        "gaitbench.evaluation.run.log",
        "gaitbench.evaluation.run.context",
    ):
        importlib.reload(importlib.import_module(name))
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: (_ for _ in ()).throw(OSError))
    assert memory.peak_mb() == 0
    log = RunLog()
    with log.stage("anything", SilentProgress()):
        pass
    assert log.stage_rows()[0].peak_memory_mb is None


def test_the_peak_is_that_of_this_process():
    assert 10 < memory.peak_mb() < 100_000


def test_what_is_held_now_is_no_more_than_the_peak():
    held = memory.resident_mb()
    assert 10 < held <= memory.peak_mb() * 1.1 + 1 if Path("/proc/self/statm").exists() else held == 0.0
    memory.trim()  # does no harm
    assert memory.resident_mb() <= held + 50
