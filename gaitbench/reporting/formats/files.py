"""Files of a report: written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from gaitbench.store.atomic import write_whole

__all__ = ["write_bytes", "write_text"]


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that nobody ever sees half of it; others may read it, as the user's mask says."""
    write_whole(path, data, shared=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with plain line ends, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))
