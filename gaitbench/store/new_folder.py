"""A folder of results that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gaitbench.errors import ConfigError

__all__ = ["new_folder"]


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a folder beside `target` to write into; it becomes `target` when the block ends without an error.

    An earlier run at `target` is replaced, anything else there is left alone.

    Raises
    ------
    ConfigError
        If `target` cannot be written, or holds something that is no run.
    """
    if target.exists() and (
        not target.is_dir() or (any(target.iterdir()) and not (target / "run.json").is_file())
    ):
        raise ConfigError(f"--output {target} exists and is no earlier run; give another folder")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
    except OSError as error:
        raise ConfigError(
            f"--output {target} cannot be written ({error.strerror}); give another folder"
        ) from None
    try:
        yield part
        old = target.with_name(f".{target.name}.{os.getpid()}.old")
        if target.exists():
            target.replace(old)
        part.replace(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)
