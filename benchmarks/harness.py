"""How a benchmark is run: ours and the peers in one process, interleaved, medians; results compared.

A benchmark module has a function ``cases() -> Iterator[Case]``. Each case is built, run and dropped before the
next one, so that large inputs do not pile up. A peer that is not installed is skipped with a line.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import logging
import os
import pkgutil
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["API_VERSION", "Case", "Peer", "Row", "discover", "run_case", "write_results"]

_log = logging.getLogger(__name__)

#: Version of the result file.
API_VERSION = 1


@dataclass(frozen=True)
class Peer:
    """Something that does the same job.

    Parameters
    ----------
    name : str
        Distribution on PyPI, or what the loop is called when it is a usual idiom.
    run : callable
        Does the job once and returns its result.
    version : str, optional
        Default: of the installed distribution `name`.
    """

    name: str
    run: Callable[[], Any]
    version: str | None = None

    def resolved_version(self) -> str:
        """Version as it stands in the results."""
        return self.version if self.version is not None else metadata.version(self.name)


@dataclass(frozen=True)
class Case:
    """One comparison.

    Parameters
    ----------
    case : str
        What is measured, with sizes.
    ours : callable
    peers : list of Peer
    agreement : callable
        ``(our result, peer result) -> float``: the largest difference, 0 when identical.
    goal : str
        What we want to reach, in words.
    repeats : int
        Timed rounds; each runs ours, then every peer.
    """

    case: str
    ours: Callable[[], Any]
    peers: list[Peer]
    agreement: Callable[[Any, Any], float]
    goal: str = ""
    repeats: int = 5


@dataclass(frozen=True)
class Row:
    """One line of the results: times in seconds (medians), memory in MB (extra peak), ratio = peer_s / ours_s."""

    benchmark: str
    case: str
    ours_s: float
    peer: str
    peer_version: str
    peer_s: float
    ratio: float
    agreement: float
    ours_mb: float
    peer_mb: float
    goal: str
    rounds: int = field(default=0)


def discover(names: list[str] | None = None) -> list[tuple[str, ModuleType]]:
    """Benchmark modules of this package, by name; all if `names` is empty.

    A name picks the module of that name or those that start with it.

    Raises
    ------
    ValueError
        If a name picks nothing.
    """
    package = importlib.import_module("benchmarks")
    known = sorted(
        m.name for m in pkgutil.iter_modules(package.__path__) if m.name not in ("harness", "__main__")
    )
    chosen = known
    if names:
        for name in names:
            if not any(k == name or k.startswith(f"{name}_") for k in known):
                raise ValueError(f"no benchmark named {name!r}; known: {', '.join(known)}")
        chosen = [k for k in known if any(k == n or k.startswith(f"{n}_") for n in names)]
    modules = [(k, importlib.import_module(f"benchmarks.{k}")) for k in chosen]
    return [(k, m) for k, m in modules if hasattr(m, "cases")]


def run_case(benchmark: str, case: Case) -> Iterator[Row]:
    """Run ours and the peers in turn; one row for each peer."""
    runs: list[tuple[str, Callable[[], Any]]] = [("ours", case.ours), *((p.name, p.run) for p in case.peers)]
    memory: dict[str, float] = {}
    results: dict[str, Any] = {}
    for name, run in runs:  # warms up caches and thread pools, and measures memory apart from time
        results[name], memory[name] = _with_peak(run)
    agreements = {p.name: float(case.agreement(results["ours"], results[p.name])) for p in case.peers}
    results.clear()
    times: dict[str, list[float]] = {name: [] for name, _ in runs}
    for _ in range(case.repeats):
        for name, run in runs:
            gc.collect()
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    ours = statistics.median(times["ours"])
    for peer in case.peers:
        theirs = statistics.median(times[peer.name])
        yield Row(
            benchmark, case.case, ours, peer.name, peer.resolved_version(), theirs, theirs / ours,
            agreements[peer.name], memory["ours"], memory[peer.name], case.goal, case.repeats,
        )  # fmt: skip


def write_results(rows: list[Row], path: Path) -> None:
    """Write the rows with what they were measured on; all or nothing."""
    libraries = {}
    for name in ("numpy", "scipy", "scikit-learn", "torch"):
        try:
            libraries[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            _log.debug("%s is not installed", name)
    content = {
        "api_version": API_VERSION,
        "platform": {
            "machine": platform.machine(), "system": platform.system(), "python": platform.python_version(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        },
        "libraries": libraries,
        "rows": [asdict(row) for row in rows],
    }  # fmt: skip
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
    Path(temporary).replace(path)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _with_peak(run: Callable[[], Any]) -> tuple[Any, float]:
    """Result, and how far the resident memory rose above where it started, in MB (NaN off Linux)."""
    gc.collect()
    if platform.system() != "Linux":
        return run(), float("nan")
    try:  # hand freed memory back, or the next run hides in it
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except OSError:
        _log.debug("no glibc: memory figures may be too low")
    before, peak, done = _resident_mb(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.002):
            peak = max(peak, _resident_mb())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        result = run()
        peak = max(peak, _resident_mb())
    finally:
        done.set()
        watcher.join()
    return result, max(0.0, peak - before)
