"""What shows a run's progress: the command line draws it, the library stays silent."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "SilentProgress"]


class Progress(Protocol):
    """Told of the stages of a run as they begin, go on and end."""

    def start(self, stage: str) -> None:
        """A stage begins."""

    def update(self, fraction: float, text: str = "") -> None:
        """The stage has done `fraction` in [0, 1]."""

    def finish(self, stage: str, seconds: float, cached: bool) -> None:
        """The stage has ended."""


class SilentProgress:
    """Shows nothing."""

    def start(self, stage: str) -> None:
        """Do nothing."""

    def update(self, fraction: float, text: str = "") -> None:
        """Do nothing."""

    def finish(self, stage: str, seconds: float, cached: bool) -> None:
        """Do nothing."""
