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
from dataclasses import asdict, dataclass, field, replace
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["API_VERSION", "Case", "Peer", "Row", "discover", "run_case", "write_profiles", "write_results"]

_log = logging.getLogger(__name__)

#: Version of the result file.
API_VERSION = 2


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
    least_ratio : float, optional
        Goal: how many times as long it must take as ours, at least.
    most_memory : float, optional
        Goal: our extra memory as a share of its, at most.
    """

    name: str
    run: Callable[[], Any]
    version: str | None = None
    least_ratio: float | None = None
    most_memory: float | None = None

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
    most_difference, most_mb, most_seconds : float, optional
        Goals: the largest agreement, extra memory (MB) and time of ours (s).
    """

    case: str
    ours: Callable[[], Any]
    peers: list[Peer]
    agreement: Callable[[Any, Any], float]
    goal: str = ""
    repeats: int = 5
    most_difference: float | None = None
    most_mb: float | None = None
    most_seconds: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of the results: times in seconds (medians), memory in MB (extra peak), ratio = peer_s / ours_s.

    `ours_cpu_s`, `peer_cpu_s` and their `cpu_ratio` are processor time, summed over threads: on a busy machine it
    swings less than the time by the clock. `reached` says whether every numeric goal of the row was met; None where
    there is none.
    """

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
    ours_cpu_s: float = field(default=float("nan"))
    peer_cpu_s: float = field(default=float("nan"))
    cpu_ratio: float = field(default=float("nan"))
    reached: bool | None = None


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


def run_case(benchmark: str, case: Case, rounds: int | None = None) -> Iterator[Row]:
    """Run ours and the peers in turn, `rounds` times (default: as the case says); one row for each peer."""
    repeats = case.repeats if rounds is None else rounds
    runs: list[tuple[str, Callable[[], Any]]] = [("ours", case.ours), *((p.name, p.run) for p in case.peers)]
    memory: dict[str, float] = {}
    results: dict[str, Any] = {}
    for name, run in runs:  # warms up caches and thread pools, and measures memory apart from time
        results[name], memory[name] = _with_peak(run)
    agreements = {p.name: float(case.agreement(results["ours"], results[p.name])) for p in case.peers}
    results.clear()
    times: dict[str, list[float]] = {name: [] for name, _ in runs}
    work: dict[str, list[float]] = {name: [] for name, _ in runs}
    for _ in range(repeats):
        for name, run in runs:
            gc.collect()
            start, before = time.perf_counter(), time.process_time()
            run()
            work[name].append(time.process_time() - before)
            times[name].append(time.perf_counter() - start)
    clock = {name: statistics.median(values) for name, values in times.items()}
    cpu = {name: statistics.median(values) for name, values in work.items()}
    for peer in case.peers:
        row = Row(
            benchmark, case.case, clock["ours"], peer.name, peer.resolved_version(), clock[peer.name],
            clock[peer.name] / clock["ours"], agreements[peer.name], memory["ours"], memory[peer.name], case.goal,
            repeats, cpu["ours"], cpu[peer.name], cpu[peer.name] / cpu["ours"],
        )  # fmt: skip
        yield replace(row, reached=_reached(case, peer, row))


def _reached(case: Case, peer: Peer, row: Row) -> bool | None:
    """Whether all numeric goals are met; None without one."""
    most = [
        (row.agreement, case.most_difference),
        (row.ours_mb, case.most_mb),
        (row.ours_s, case.most_seconds),
        (row.ours_mb, None if peer.most_memory is None else peer.most_memory * row.peer_mb),
    ]
    met = [value <= bound for value, bound in most if bound is not None]
    if peer.least_ratio is not None:
        met.append(row.ratio >= peer.least_ratio)
    return all(met) if met else None


def write_results(rows: list[Row], path: Path) -> None:
    """Write the rows with what they were measured on; all or nothing.

    Rows of other cases that stand in the file stay, if they were measured by this version, on the same platform and
    with the same libraries; so do profiles (`write_profiles`).
    """
    fresh = {(row.benchmark, row.case) for row in rows}
    content = _there(path)
    kept = [row for row in content["rows"] if (row["benchmark"], row["case"]) not in fresh]
    content["rows"] = sorted(
        [*kept, *(asdict(row) for row in rows)], key=lambda row: (row["benchmark"], row["case"])
    )
    _write(content, path)


def write_profiles(rows: list[dict[str, Any]], path: Path) -> None:
    """Put a job's stages (`benchmarks.product`) into the file of results; other jobs' and all else stay, as above."""
    fresh = {row["job"] for row in rows}
    content = _there(path)
    content["profiles"] = [*(row for row in content.get("profiles", ()) if row["job"] not in fresh), *rows]
    _write(content, path)


def _there(path: Path) -> dict[str, Any]:
    """What a file of results holds; nothing but the circumstances of today where it was measured under others."""
    libraries = {}
    for name in ("numpy", "scipy", "scikit-learn", "torch"):
        try:
            libraries[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            _log.debug("%s is not installed", name)
    content: dict[str, Any] = {
        "api_version": API_VERSION,
        "platform": {
            "machine": platform.machine(), "system": platform.system(), "python": platform.python_version(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        },
        "libraries": libraries,
        "rows": [],
    }  # fmt: skip
    if path.is_file():
        before: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if all(before.get(key) == value for key, value in content.items() if key != "rows"):
            return before
    return content


def _write(content: dict[str, Any], path: Path) -> None:
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
