"""Content hashes of somebody's files, made once and remembered as long as a file's size, time and inode stay."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from gaitbench.errors import ConfigError
from gaitbench.store.store import default_root

__all__ = ["content_hashes", "forget_hashes"]

log = logging.getLogger(__name__)

#: Nanoseconds in which a file may change again without a new time: such a young one is not remembered.
_YOUNG = 3_000_000_000

_TABLE = "CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, state TEXT, hash TEXT) WITHOUT ROWID"


def content_hashes(paths: Sequence[Path]) -> list[str]:
    """Sha-256 (hex) of whole files, in the order of `paths`.

    A file is read once; after that its hash is taken from memory while path, size, time of change and inode are the
    same. What is written with the old size *and* the old time put back is not noticed: `forget_hashes`, or
    ``gaitbench store rehash``, reads everything again.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    with _memory() as memory:
        return [_hash_of(memory, path) for path in paths]


def forget_hashes() -> int:
    """Forget all hashes, so that every file is read when it is next asked for; returns how many there were.

    Raises
    ------
    ConfigError
        If the memory cannot be written.
    """
    place = _place()
    if not place.exists():
        return 0
    try:
        with contextlib.closing(sqlite3.connect(place, timeout=60)) as memory, memory:
            memory.execute(_TABLE)
            return memory.execute("DELETE FROM files").rowcount
    except sqlite3.Error as error:
        raise ConfigError(f"the hashes in {place} cannot be forgotten ({error}); remove that file") from error


def _place() -> Path:
    return default_root() / ".files.sqlite"


@contextlib.contextmanager
def _memory() -> Iterator[sqlite3.Connection]:
    """What is remembered; only for now, where nothing can be kept (a disk for reading only, a damaged file)."""
    place = _place()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        memory = sqlite3.connect(place, timeout=60)
        memory.execute(_TABLE)
    except (sqlite3.Error, OSError) as error:
        log.debug("hashes of files are not remembered: %s", error)
        memory = sqlite3.connect(":memory:")
        memory.execute(_TABLE)
    with contextlib.closing(memory):
        yield memory
        with contextlib.suppress(sqlite3.Error):
            memory.commit()


def _hash_of(memory: sqlite3.Connection, path: Path) -> str:
    whole = os.path.realpath(path)
    found = Path(whole).stat()
    state = f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino} {found.st_dev}"
    # bytes that are no UTF-8 cannot be a text of the database
    name = whole.encode("utf-8", "surrogateescape").hex() if not whole.isprintable() else whole
    with contextlib.suppress(sqlite3.Error, UnicodeError):
        row = memory.execute("SELECT state, hash FROM files WHERE path = ?", (name,)).fetchone()
        if row is not None and row[0] == state:
            return str(row[1])
    with Path(whole).open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > _YOUNG:
        with contextlib.suppress(sqlite3.Error, UnicodeError):
            memory.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (name, state, content))
    return content
