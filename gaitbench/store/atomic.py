"""THE atomic writer: files and folders that are whole or absent, whoever is killed in between.

Everything is written under a name that readers skip (``.NAME.PID.random.part``), beside its place, and renamed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

__all__ = [
    "sweep_parts",
    "whole_file",
    "whole_folder",
    "write_bytes",
    "write_text",
    "write_together",
    "write_whole",
]

_SUFFIX = ".part"
#: Names of most file systems may have 255 bytes.
_LONGEST = 200


def _part_of(path: Path) -> Path:
    name = path.name.encode("utf-8", "surrogateescape")[:_LONGEST].decode("utf-8", "ignore")
    return path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}{_SUFFIX}")


@contextlib.contextmanager
def whole_file(path: Path, *, shared: bool = True) -> Iterator[Path]:
    """Give the place to write a file to; it takes its name when the block ends without an error.

    Parameters
    ----------
    path : Path
        Its folder exists. An earlier file is replaced in one step.
    shared : bool
        Whether others may read it, as the user's mask says; else the owner alone.

    Yields
    ------
    Path
        In the same folder; nothing stands there yet.

    Raises
    ------
    OSError
        If the folder cannot be written; nothing is left behind.
    """
    part = _part_of(path)
    try:
        part.touch(mode=0o666 if shared else 0o600, exist_ok=False)
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill; it becomes `path` when the block ends without an error.

    An earlier `path` is removed with everything in it: the caller knows that it is this program's.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind.
    """
    part = _part_of(path)
    try:
        part.mkdir(parents=True)
        yield part
        if path.exists():
            old = _part_of(path)
            path.replace(old)
            part.replace(path)
            shutil.rmtree(old, ignore_errors=True)
        else:
            part.replace(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_whole(path: Path, data: bytes, *, shared: bool = False) -> None:
    """Write `data` so that nobody meets half a file; see `whole_file`.

    Parameters
    ----------
    shared : bool
        Whether others may read it, as the user's mask says; by default the owner alone.

    Raises
    ------
    OSError
        If the folder cannot be written; nothing is left behind.
    """
    with whole_file(path, shared=shared) as part:
        part.write_bytes(data)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` whole or not at all; others may read it."""
    write_whole(path, data, shared=True)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with plain line ends, whole or not at all; others may read it."""
    write_bytes(path, text.encode("utf-8"))


def write_together(folder: Path, files: Mapping[str, bytes | Callable[[Path], None]]) -> None:
    """Write several files of a folder: all of them are new, or all are as they were.

    A file is given by its bytes, or by a function that writes it at the place that it is given: one that is larger than
    the memory should hold.

    Everything is written before the first is renamed, which is where a disk is full; they are renamed in the order
    given, and put back if that fails half-way.

    Raises
    ------
    OSError
        If one cannot be written; those that were there stay as they were.
    """
    there = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    parts = {name: _part_of(folder / name) for name in files}
    backups: dict[str, Path | None] = {}
    try:
        for name, data in files.items():
            if callable(data):
                data(parts[name])
            else:
                parts[name].write_bytes(data)
        try:
            for name, part in parts.items():
                backups[name] = _second_name(folder / name)
                part.replace(folder / name)
        except OSError:
            for name, backup in backups.items():
                if backup is not None:
                    os.replace(backup, folder / name)  # noqa: PTH105
                elif not parts[name].exists():
                    (folder / name).unlink(missing_ok=True)
            raise
    finally:
        for left in (*parts.values(), *filter(None, backups.values())):
            left.unlink(missing_ok=True)
        if not there:
            with contextlib.suppress(OSError):
                folder.rmdir()  # nothing came into being in it


def _second_name(path: Path) -> Path | None:
    """A backup of a file under a name of its own, as a link where the disk has them; None if there is no such file."""
    if not path.exists():
        return None
    backup = _part_of(path)
    try:
        os.link(path, backup)
    except OSError:
        shutil.copy2(path, backup)
    return backup


def sweep_parts(folder: Path, pattern: str = "*", *, older_than: float = 86400.0) -> list[Path]:
    """Remove what killed processes left unfinished; returns what is gone.

    Parameters
    ----------
    folder : Path
    pattern : str
        Which folders in it are looked through, as `Path.glob` reads it, with ``*`` for the name: ``*/*/*``.
    older_than : float
        Seconds since it was last written to; what is younger may be another process's work.
    """
    gone = []
    for part in folder.glob(pattern + _SUFFIX):
        # another process may be sweeping too, and the disk may be for reading only
        with contextlib.suppress(OSError):
            if time.time() - part.lstat().st_mtime <= older_than:
                continue
            if part.is_dir() and not part.is_symlink():
                shutil.rmtree(part)
            else:
                part.unlink()
            gone.append(part)
    return gone
