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
#: Bytes of a file that is read in one go.
_SMALL = 2**20

_TABLE = "CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, state TEXT, hash TEXT) WITHOUT ROWID"


def content_hashes(paths: Sequence[Path | str]) -> list[str]:
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
        known = _Known(memory)
        found = [known.hash_of(os.fspath(path)) for path in paths]
        with contextlib.suppress(sqlite3.Error, UnicodeError):
            memory.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", known.new)
        return found


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


class _Known:
    """What is remembered, folder by folder: of a million files, asking for each takes longer than reading it.

    Attributes
    ----------
    new : list of (str, str, str)
        Name, state and hash of files that are to be remembered.
    """

    def __init__(self, memory: sqlite3.Connection) -> None:
        self.memory = memory
        self.folders: dict[str, str] = {}
        self.recalled: set[str] = set()
        self.rows: dict[str, tuple[str, str]] = {}
        self.new: list[tuple[str, str, str]] = []

    def hash_of(self, path: str) -> str:
        whole = self._real(path)
        found = os.stat(whole)  # noqa: PTH116 - objects for a million paths take longer than the files
        state = f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino} {found.st_dev}"
        name = _name_of(whole)
        before = self.rows.get(name)
        if before is not None and before[0] == state:
            return before[1]
        content = _content(whole, found.st_size)
        if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) > _YOUNG:
            self.new.append((name, state, content))
        return content

    def _real(self, path: str) -> str:
        """`os.path.realpath`; that of a folder is found once for all of its files."""
        folder, name = os.path.split(path)
        if folder not in self.folders:
            self.folders[folder] = os.path.realpath(folder)
            self._recall(self.folders[folder])
        whole = os.path.join(self.folders[folder], name)  # noqa: PTH118
        if os.path.islink(whole):  # noqa: PTH114
            whole = os.path.realpath(whole)
            self._recall(os.path.dirname(whole))  # noqa: PTH120
        return whole

    def _recall(self, folder: str) -> None:
        """Take what is remembered of the files of a folder and below; "0" is the character after "/"."""
        if folder in self.recalled:
            return
        self.recalled.add(folder)
        # a name that is kept as hexadecimal digits is found under the digits of its folder
        for low, high in (
            (f"{folder}/", f"{folder}0"), (_hexadecimal(f"{folder}/"), _hexadecimal(f"{folder}0")),
        ):  # fmt: skip
            with contextlib.suppress(sqlite3.Error, UnicodeError):
                rows = self.memory.execute(
                    "SELECT path, state, hash FROM files WHERE path >= ? AND path < ?", (low, high)
                )
                self.rows.update((path, (state, content)) for path, state, content in rows)


def _content(path: str, size: int) -> str:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        # `file_digest` clears a buffer of 256 KB for every file, be it of one
        return (
            hashlib.sha256(file.read()) if size < _SMALL else hashlib.file_digest(file, "sha256")
        ).hexdigest()


def _name_of(whole: str) -> str:
    """A path as a text of the database: bytes that are no UTF-8 cannot be one."""
    return whole if whole.isprintable() else _hexadecimal(whole)


def _hexadecimal(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").hex()
