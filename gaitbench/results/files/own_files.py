"""Which files of a folder this program wrote: a list with hashes, kept in the folder, and names that stay inside."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from gaitbench.errors import ConfigError
from gaitbench.store.atomic import write_whole

__all__ = [
    "HOUSE", "LIST", "content_hash", "default_folder", "file_name", "is_record", "link_on_the_way", "read_list",
    "safe_relative", "write_list",
]  # fmt: skip

#: Folder inside a folder of results that holds the list, the lock and what is being written.
HOUSE = ".gaitbench"
LIST = f"{HOUSE}/files.json"

#: Names that Windows gives to devices, whatever their ending.
_DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))])

#: Bytes that the name of a folder may have on every file system, with room for endings.
_LONGEST = 200


def content_hash(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def safe_relative(text: str) -> bool:
    r"""Whether `text` names something below a folder: forward slashes, no ``..``, no root, no drive, no backslash.

    Examples
    --------
    >>> [safe_relative(one) for one in ("tables/all.tex", "../x", "/etc/passwd", "C:/x", "a\\b", "a//b", "")]
    [True, False, False, False, False, False, False]
    """
    if not text or "\\" in text or "\0" in text or re.match(r"[A-Za-z]:", text):
        return False
    parts = text.split("/")
    return PurePosixPath(text).as_posix() == text and not any(part in ("", ".", "..") for part in parts)


def file_name(text: str) -> str:
    """A name of the world as the name of one file: what is not a letter, digit or one of ``-_.+`` becomes ``_``.

    A name that had to be changed ends in a part of its hash, so that two names never share a file.

    Examples
    --------
    >>> file_name("model-2"), file_name("../../x")
    ('model-2', '_.._x-9cdf6a50')
    """
    kept = re.sub(r"[^A-Za-z0-9_.+-]", "_", text).lstrip(".")[:80].rstrip(".")
    if kept == text and kept and kept.partition(".")[0].lower() not in _DEVICES:
        return kept
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{'_' if kept.partition('.')[0].lower() in _DEVICES else ''}{kept}-{mark}"


def default_folder(name: str, parent: str = "reports") -> Path:
    """Folder for results that are called `name` when none was given.

    Raises
    ------
    ConfigError
        If `name` would lead outside `parent` or is no name of a folder.

    Examples
    --------
    >>> default_folder("quick").as_posix()
    'reports/quick'
    """
    outside = (
        name in ("", ".", "..") or PureWindowsPath(name).name != name or PurePosixPath(name).name != name
    )
    if outside or not name.isprintable() or len(name.encode("utf-8", "replace")) > _LONGEST:
        raise ConfigError(
            f"{name[:80]!r} cannot be the name of a folder in {parent}/; take a short name without / and \\, "
            "or give the folder by --output"
        )
    return Path(parent) / name


def is_record(path: Path) -> bool:
    """Whether `path` is a ``run.json`` that this program wrote, of whatever version."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and isinstance(document.get("schema_version"), int)


def link_on_the_way(root: Path, relative: str) -> Path | None:
    """The first symbolic link among the folders and the file of `relative` below `root`, if there is one."""
    path = root
    for part in relative.split("/"):
        path = path / part
        if path.is_symlink():
            return path
    return None


def read_list(root: Path) -> dict[str, frozenset[str]]:
    """Relative names of the files that this program wrote in `root`, and the hashes they may have.

    A list that is missing or damaged is empty: what is not known to be ours is not ours.
    """
    try:
        document = json.loads((root / LIST).read_text(encoding="utf-8"))
        files = document["files"]
        return {
            name: frozenset(str(mark) for mark in marks)
            for name, marks in files.items()
            if safe_relative(name) and isinstance(marks, list)
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write_list(root: Path, files: Mapping[str, Iterable[str]]) -> None:
    """Write the list of `root`; raises OSError."""
    document = {
        "what": "the files in this folder that gaitbench wrote (SHA-256); it replaces and removes no others",
        "files": {name: sorted(marks) for name, marks in sorted(files.items())},
    }
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    write_whole(root / LIST, text.encode("utf-8", "surrogateescape"), shared=True)
