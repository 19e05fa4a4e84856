"""Processes that end together: a signal ends a run as Ctrl-C does, and workers end with who started them."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import AbstractContextManager
from functools import cache
from types import FrameType
from typing import Any

__all__ = ["end_on_signals", "end_with_parent", "fitting_jobs", "one_blas_thread", "worker_pool"]

#: Seconds between two looks whether the parent is there.
_LOOK = 1.0


def end_on_signals() -> None:
    """Let SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt in the main thread.

    Shells start what runs in the background with SIGINT ignored; it is heard all the same. Who starts a run with
    ``nohup`` wants it to outlive the terminal: an ignored SIGHUP stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:
        signal.signal(hang_up, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def end_with_parent(parent: int) -> None:
    """End this process within some seconds after its parent is gone, however that ended.

    A thread looks; the kernel's own notice (``PR_SET_PDEATHSIG``) follows the *thread* that started a process, which
    in a pool of workers may end before its process does.

    Parameters
    ----------
    parent : int
        Process id of who started this one.
    """
    if os.name != "nt":  # there a process keeps the id of a parent that is gone
        threading.Thread(target=_watch, args=(parent,), name="parent watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    # nothing is left half-written: files are renamed when they are whole
    os._exit(1)


def one_blas_thread() -> AbstractContextManager[Any]:
    """While open, numpy and scipy compute products and decompositions in one thread.

    Sums are split over threads, so another number of them gives other last bits; and what a run computes may not depend
    on ``OMP_NUM_THREADS``. Torch has its own number, see `gaitbench.training.reproducible`.
    """
    found: AbstractContextManager[Any] = _blas().limit(limits=1, user_api="blas")
    return found


@cache
def _blas() -> Any:
    import scipy.linalg  # noqa: F401  it brings a library of its own, which must be there to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def fitting_jobs(jobs: int, tasks: int) -> int:
    """Worker processes worth starting: no more than there are tasks, nor than twice the processors (8 at least)."""
    return max(1, min(jobs, tasks, max(8, 2 * (os.cpu_count() or 1))))


def worker_pool(jobs: int, tasks: int, **more: Any) -> Any:
    """A `joblib.Parallel` whose workers end with this process.

    Parameters
    ----------
    jobs : int
        Wished worker processes; see `fitting_jobs`.
    tasks : int
        What there is to do.
    **more
        For `joblib.Parallel`.
    """
    from joblib import Parallel

    fitting = fitting_jobs(jobs, tasks)
    if fitting > 1:
        more |= {"initializer": end_with_parent, "initargs": (os.getpid(),)}
    return Parallel(n_jobs=fitting, **more)
