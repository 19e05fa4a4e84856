"""What is done to good inputs: bytes flipped, cut and doubled; values renamed, retyped and injected; files moved."""

from __future__ import annotations

import contextlib
import copy
import os
import shutil
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

__all__ = ["BYTES", "FILES", "VALUES", "change_bytes", "change_files", "change_values", "steps"]

BYTES = ("flip", "cut", "double", "drop", "insert", "zero", "empty")
VALUES = ("delete", "rename", "retype", "inject", "swap", "double")
FILES = (
    "delete",
    "rename",
    "copy",
    "move up",
    "bytes",
    "link",
    "loop",
    "folder",
    "fifo",
    "junk",
    "nest",
    "text",
)

#: Values that do not belong anywhere.
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, -(10**30), 0.5, 1e308, float("nan"), float("inf"), "", " ",
    "nan", "081", "../../etc/passwd", "\x00", "\ud800", "=1+1", "é" * 300, "a,b=c|d", [], [[]], [None], {}, {"a": {}},
    [1] * 50, "nm-01", 90, [90, 90], ["nm-01", 3],
)  # fmt: skip
NAMES = (
    "999",
    "nm-1",
    "NM-01",
    "a=b",
    "x",
    "081",
    "90",
    "nm-05",
    "frame",
    "01 02",
    "é",
    "-001",
    "001.png",
    "x" * 120,
)
_BYTES = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"\n",
    b";",
    b"{",
    b"NaN",
    b"9" * 40,
    b"\xed\xa0\x80",
    b"../",
    b"[[",
)


def steps(kinds: tuple[str, ...], most: int = 3) -> st.SearchStrategy[list[tuple[str, float, int]]]:
    """A few mutations: what, where (share of the length) and with which value."""
    where = st.floats(0, 1, exclude_max=True, allow_subnormal=False)
    return st.lists(
        st.tuples(st.sampled_from(kinds), where, st.integers(0, 2**16)), min_size=1, max_size=most
    )


def change_bytes(data: bytes, kind: str, where: float, value: int) -> bytes:
    """One mutation of bytes."""
    at = int(where * len(data))
    length = 1 + value % 40
    if kind == "flip" and data:
        return data[:at] + bytes([data[at] ^ (1 << value % 8)]) + data[at + 1 :]
    if kind == "cut":
        return data[:at]
    if kind == "double":
        return data[:at] + data[at : at + length] + data[at:]
    if kind == "drop":
        return data[:at] + data[at + length :]
    if kind == "zero":
        return data[:at] + bytes(length) + data[at + length :]
    if kind == "empty":
        return b""
    return data[:at] + _BYTES[value % len(_BYTES)] + data[at:]


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every container and key in a document of JSON's kind."""
    found: list[tuple[Any, Any]] = []
    todo = [tree]
    while todo:
        here = todo.pop()
        items = list(here.items()) if isinstance(here, dict) else list(enumerate(here))
        for key, inner in items:
            found.append((here, key))
            if isinstance(inner, (dict, list)):
                todo.append(inner)
    return found


def change_values(document: Any, kind: str, where: float, value: int) -> Any:
    """One mutation of a document of JSON's kind; the original stays as it is."""
    tree = copy.deepcopy(document)
    places = _places(tree) if isinstance(tree, (dict, list)) else []
    if not places:
        return ODD[value % len(ODD)]
    holder, key = places[int(where * len(places))]
    odd = ODD[value % len(ODD)]
    if kind == "delete":
        del holder[key]
    elif kind == "rename" and isinstance(holder, dict):
        holder[str(key) + ("x", " ", "_", "s")[value % 4]] = holder.pop(key)
    elif kind == "inject":
        if isinstance(holder, dict):
            holder[NAMES[value % len(NAMES)]] = odd
        else:
            holder.insert(key, odd)
    elif kind == "swap":
        other, name = places[value % len(places)]
        holder[key], other[name] = copy.deepcopy(other[name]), copy.deepcopy(holder[key])
    elif kind == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    else:
        holder[key] = odd
    return tree


def change_files(root: Path, kind: str, where: float, value: int) -> None:
    """One mutation of a folder."""
    paths = sorted(p for p in root.rglob("*") if not p.is_symlink())
    if not paths:
        return
    path = paths[int(where * len(paths))]
    name = NAMES[value % len(NAMES)]
    target = path.with_name(name)
    if kind == "delete":
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    elif kind == "rename" and not os.path.lexists(target):
        path.rename(target)
    elif kind == "copy" and not os.path.lexists(target):
        _copy(path, target)
    elif kind == "move up" and path.parent != root and not os.path.lexists(path.parents[1] / path.name):
        path.rename(path.parents[1] / path.name)
    elif kind == "bytes" and path.is_file():
        path.write_bytes(change_bytes(path.read_bytes(), BYTES[value % len(BYTES)], where, value))
    elif kind == "link" and not os.path.lexists(target):
        target.symlink_to(("/dev/zero", "/proc", "nowhere", "/etc/passwd", str(root), "/dev", "/")[value % 7])
    elif kind == "loop" and path.is_dir() and not os.path.lexists(path / name):
        (path / name).symlink_to(path)
    elif kind == "folder" and path.is_file():
        path.unlink()
        path.mkdir()
    elif kind == "fifo" and path.is_file():
        path.unlink()
        os.mkfifo(path)
    elif kind == "junk":
        place = path.parent / (".DS_Store", "Thumbs.db", "._x.png", "x.zip")[value % 4]
        if not os.path.lexists(place):
            place.write_bytes(b"x")
    elif kind == "nest" and path.is_dir() and not os.path.lexists(path / path.name):
        held = list(path.iterdir())
        (path / path.name).mkdir()
        for one in held:
            one.rename(path / path.name / one.name)
    elif kind == "text" and path.is_file():
        path.write_text("version https://git-lfs.github.com/spec/v1")


def _copy(path: Path, target: Path) -> None:
    if path.is_dir():
        with contextlib.suppress(shutil.Error):  # a pipe among them is not copied, the rest is
            shutil.copytree(path, target, symlinks=True)
    if path.is_file():
        shutil.copy(path, target)
