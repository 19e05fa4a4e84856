"""OpenCV without threads of its own, for as long as somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

__all__ = ["serial_cv2"]

_lock = Lock()
_serial = 0  # callers that want OpenCV serial now
_threads = 1  # what the first of them found


@contextmanager
def serial_cv2() -> Iterator[None]:
    """Keep OpenCV from looking for threads, which takes as long as scaling a person does."""
    import cv2

    global _serial, _threads
    with _lock:
        if _serial == 0:
            _threads = cv2.getNumThreads()
            cv2.setNumThreads(1)
        _serial += 1
    try:
        yield
    finally:
        with _lock:
            _serial -= 1
            if _serial == 0:
                cv2.setNumThreads(_threads)
