"""Ctrl-C ends a training between two steps, where everything fits together."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

__all__ = ["StopRequest"]


class StopRequest:
    """While open, SIGINT, SIGTERM and SIGHUP are noted instead of raised; a second one is raised at once.

    Parameters
    ----------
    deaf : float
        Seconds in which further signals count as the first one: a launcher of several processes passes on what the
        terminal has sent to each of them already.

    Attributes
    ----------
    asked : bool
        Whether a signal came.
    """

    def __init__(self, deaf: float = 0.0) -> None:
        self.asked = False
        self._deaf = deaf
        self._first = 0.0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        # only the main thread may handle signals; elsewhere the periodic checkpoints have to do
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", None)):
                # who ignores a signal, as nohup does that of a closed terminal, goes on ignoring it
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._put_back()

    def _note(self, number: int, frame: FrameType | None) -> None:
        if not self.asked:
            self.asked, self._first = True, time.monotonic()
            if self._deaf:
                return
        elif time.monotonic() - self._first < self._deaf:
            return
        before = self._before.get(number)
        self._put_back()
        if self._deaf and callable(before):
            before(number, frame)

    def _put_back(self) -> None:
        before: dict[int, Callable[..., Any] | int | None] = self._before
        self._before = {}
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
