"""Files of a report: written whole or not at all, none left from an earlier report."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["remove_others", "write_bytes", "write_text"]


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that nobody ever sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with plain line ends, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def remove_others(folder: Path, written: set[str], suffixes: tuple[str, ...]) -> None:
    """Take away what an earlier report left: a table that no longer exists must not be read as this run's."""
    for path in folder.iterdir():
        if path.is_file() and path.suffix in suffixes and path.name not in written:
            path.unlink()
