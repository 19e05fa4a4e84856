"""Row-blocked work: a few Python threads over single-threaded BLAS, with results that do not depend on them.

Large temporaries cost two to four times on this kind of work, so every pass walks over row blocks that stay in the
caches. Blocks that fit the second level would be better still for one thread, but threads whose calls take a few
microseconds wait for each other longer than they work. Rows are always cut into the same `PARTS`, each with
accumulators of its own that are summed in order: the number of threads changes the time and never a bit of the result.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import TypeVar

import numpy as np  # noqa: F401 - its BLAS must be loaded before the controller looks for it
import scipy.linalg  # noqa: F401
from threadpoolctl import ThreadpoolController

__all__ = ["PARTS", "block_rows", "kept_threads", "run_parts", "serial_blas", "slices"]

#: Parts into which rows are cut, whatever the machine.
PARTS = 4

#: Bytes that the arrays of one block may take together: four times this much is as fast, a quarter a fifth slower.
CACHE = 3 * 1024 * 1024

#: Entries of a matrix below which threads cost more than they bring.
SMALL = 250_000

T = TypeVar("T")

_kept = threading.local()


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def serial_blas() -> Iterator[None]:
    """Limit BLAS to one thread: same bytes on any number of cores, and no fight with our own threads."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


def workers() -> int:
    """Threads to use: the cores this process may run on, at most `PARTS`."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not every system has affinities
        cores = os.cpu_count() or 1
    return max(1, min(PARTS, cores))


@contextmanager
def kept_threads() -> Iterator[None]:
    """Let every `run_parts` of this thread use the same workers: to start them anew takes as long as a small pass."""
    if workers() == 1 or getattr(_kept, "pool", None) is not None:
        yield
        return
    with ThreadPoolExecutor(workers()) as pool:
        _kept.pool = pool
        try:
            yield
        finally:
            _kept.pool = None


def block_rows(columns: int, itemsize: int, arrays: int) -> int:
    """Rows per block so that `arrays` arrays of `columns` columns fit the cache together (at least 16)."""
    return max(16, CACHE // max(1, columns * itemsize * arrays))


def slices(start: int, stop: int, size: int) -> Iterator[slice]:
    """Consecutive slices of at most `size` from `start` to `stop`."""
    for low in range(start, stop, size):
        yield slice(low, min(low + size, stop))


def run_parts(work: Callable[[int, int], T], rows: int, *, columns: int) -> list[T]:
    """Call ``work(start, stop)`` for each part of `rows` rows; results in order of the parts.

    Below `SMALL` entries (rows times `columns`) the parts run one after another: starting threads would cost more.
    """
    edges = [rows * i // PARTS for i in range(PARTS + 1)]
    spans = [(a, b) for a, b in pairwise(edges) if b > a]
    count = min(workers(), len(spans)) if rows * columns >= SMALL else 1
    with serial_blas():
        if count <= 1:
            return [work(a, b) for a, b in spans]
        with kept_threads():
            return list(_kept.pool.map(lambda span: work(*span), spans))
