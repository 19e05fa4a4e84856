"""What is said of a source once is not said again by every process."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

__all__ = ["quiet_sources"]


@contextlib.contextmanager
def quiet_sources() -> Iterator[None]:
    """While open, sources do not log what they leave out or guess."""
    log = logging.getLogger("gaitbench.datasets")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
