"""What a mutated input led to: a figure or one clear line; anything else is a finding."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

__all__ = ["COUNTS", "HANG", "mark_of", "told"]

#: Kind of input and of outcome -> how often.
COUNTS: Counter[tuple[str, str]] = Counter()
#: Seconds after which a case hangs.
HANG = 10


class _HangError(BaseException):
    """Nothing of the program may catch it."""


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise _HangError(f"still busy after {HANG} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANG)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def mark_of(root: Path) -> str:
    """Hash of everything below a folder: names, kinds, links, contents."""
    digest = hashlib.sha256()
    for folder, folders, files in sorted(os.walk(root)):
        for name in sorted([*folders, *files]):
            path = Path(folder) / name
            status = path.lstat()
            digest.update(
                f"{path}|{stat.S_IFMT(status.st_mode)}|{status.st_size}".encode("utf-8", "surrogateescape")
            )
            if stat.S_ISLNK(status.st_mode):
                digest.update(str(path.readlink()).encode())
            elif stat.S_ISREG(status.st_mode):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def told(kind: str, call: Callable[[], Any], expected: tuple[type[Exception], ...], *, inputs: Path) -> Any:
    """Run a case: its result, or None where it was refused in one line.

    Raises
    ------
    AssertionError
        For a traceback, a hang, a changed input, or a message that is no line.
    """
    before = mark_of(inputs)
    try:
        with _alarm():
            result = call()
        COUNTS[kind, "figure"] += 1
    except expected as error:
        text = str(error)
        assert text.strip(), f"{type(error).__name__} without a word"
        assert "\n" not in text, f"more than a line: {text!r}"
        assert len(text) < 2000, f"{len(text)} letters: {text[:200]!r}"
        assert "Traceback" not in text and "object at 0x" not in text, text
        COUNTS[kind, "one line"] += 1
        result = None
    except _HangError as error:
        raise AssertionError(str(error)) from None
    assert mark_of(inputs) == before, "the input was changed"
    return result
