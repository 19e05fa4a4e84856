"""Looking through a folder of somebody else's: what is junk, what is an archive, and links followed once."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "REASONS",
    "LeftOut",
    "count_left_out",
    "entries",
    "identity",
    "is_archive",
    "is_junk",
    "is_picture",
    "is_video",
    "of_one_kind",
    "system_devices",
]

#: Why something is not read: kind -> what is counted.
REASONS: dict[str, str] = {
    "double": "sequences that lie in two places (the first is read)",
    "name": "folders or files whose name is no subject, walk or view",
    "empty": "view folders without a picture",
    "outside": "folders with pictures outside SUBJECT/WALK/VIEW",
    "archive": "archives (unpack them, and give the folder)",
    "link": "links that lead back to a folder above them or nowhere",
    "unreadable": "folders that cannot be read",
    "deep": "folders too deep below the root",
    "other": "other files, no part of a set",
}

_JUNK = {
    ".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "__pycache__", ".ipynb_checkpoints", "@eadir",
    "$recycle.bin", "system volume information", "lost+found",
}  # fmt: skip
_ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar")
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
_VIDEOS = (".avi", ".mp4", ".mov", ".mkv", ".webm", ".m4v")


@dataclass(frozen=True)
class LeftOut:
    """Something of a folder that is not read.

    Parameters
    ----------
    kind : str
        One of `REASONS`.
    text : str
        One line that names it.
    """

    kind: str
    text: str


def is_junk(name: str) -> bool:
    """Whether a name is what systems and programs leave behind (``.DS_Store``, ``._x``, ``Thumbs.db``)."""
    return name.startswith((".", "__")) or name.lower() in _JUNK


def is_archive(name: str) -> bool:
    """Whether a name is that of an archive."""
    return name.lower().endswith(_ARCHIVES)


def is_picture(name: str) -> bool:
    """Whether a name is that of a picture."""
    return name.lower().endswith(_PICTURES)


def of_one_kind(names: Iterable[str]) -> list[str]:
    """The pictures among names, those of the commonest suffix alone (PNG where as many): a sequence is of one kind."""
    found: dict[str, list[str]] = {}
    for name in names:
        if is_picture(name) and not is_junk(name):
            found.setdefault(name.lower().rpartition(".")[2], []).append(name)
    return max(found.values(), key=lambda n: (len(n), n[0].lower().endswith(".png")), default=[])


def is_video(name: str) -> bool:
    """Whether a name is that of a video."""
    return name.lower().endswith(_VIDEOS)


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """Entries of a folder by name, junk among them.

    Raises
    ------
    OSError
    """
    with os.scandir(folder) as found:
        return sorted(found, key=lambda e: e.name)


def identity(folder: Path) -> tuple[int, int]:
    """What a folder is, whatever path leads to it.

    Raises
    ------
    OSError
    """
    status = folder.stat()
    return status.st_dev, status.st_ino


def system_devices() -> frozenset[int]:
    """Numbers of the file systems of processes, devices and the kernel, which hold nobody's data."""
    found = set()
    for place in ("/proc", "/sys", "/dev"):
        with contextlib.suppress(OSError):
            found.add(os.stat(place).st_dev)  # noqa: PTH116 - not a path of the user's
    with contextlib.suppress(OSError):
        found.discard(os.stat("/").st_dev)  # noqa: PTH116 - where they are plain folders
    return frozenset(found)


def count_left_out(found: Iterable[LeftOut]) -> dict[str, int]:
    """How many there are of each kind, in the order of `REASONS`."""
    counts = Counter(one.kind for one in found)
    return {kind: counts[kind] for kind in REASONS if counts[kind]}
