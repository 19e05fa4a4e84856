"""Peak memory of this process, on every system that runs Python."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from pathlib import Path

__all__ = ["peak_mb", "reset_peak", "resident_mb", "trim"]


def trim() -> None:
    """Give what was let go back to the system (glibc; elsewhere what is unreachable is let go, and no more).

    Between two tasks: a worker that seems to have grown is replaced, and the next one has to open the run anew.
    """
    gc.collect()
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def resident_mb() -> float:
    """Memory that this process holds now, in MB; 0 where the system does not tell in a file (not Linux)."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0


def reset_peak() -> None:
    """Begin a new peak, where the kernel can (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """Peak memory of this process in MB; 0 where the system does not tell (Windows).

    Where the kernel tells it, that of the program now running in it: `getrusage` begins a child at the peak of the
    process that started it, and so counts the parent's memory once more for each worker.
    """
    with contextlib.suppress(OSError, StopIteration, ValueError, IndexError):
        text = Path("/proc/self/status").read_text()
        line = next(row for row in text.splitlines() if row.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    try:
        import resource  # Unix alone has it
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
