"""Ctrl-C ends a training between two steps, where everything fits together."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

__all__ = ["StopRequest"]


class StopRequest:
    """While open, SIGINT and SIGTERM are noted instead of raised; a second one is raised at once.

    Attributes
    ----------
    asked : bool
        Whether a signal came.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        # only the main thread may handle signals; elsewhere the periodic checkpoints have to do
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._put_back()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        self._put_back()

    def _put_back(self) -> None:
        before: dict[int, Callable[..., Any] | int | None] = self._before
        self._before = {}
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
