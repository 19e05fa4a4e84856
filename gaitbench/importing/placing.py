"""Files and folders that appear whole, and never take the place of something else."""

from __future__ import annotations

import contextlib
import filecmp
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from gaitbench.errors import DataError

__all__ = ["put_file", "put_folder"]


def put_file(place: Path, write: Callable[[Path], None]) -> None:
    """Write a file; one that is there with the same content stays.

    Parameters
    ----------
    place : Path
    write : callable
        Writes to the path that it is given.

    Raises
    ------
    DataError
        If something else is there.
    OSError
        If it cannot be written; nothing is left.
    """
    with _beside(place) as part:
        write(part)
        if not place.exists():
            part.replace(place)
        elif not (place.is_file() and filecmp.cmp(part, place, shallow=False)):
            raise _taken(place)


def put_folder(place: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder; one that is there with the same content stays. Parameters and errors are `put_file`'s."""
    with _beside(place) as part:
        part.mkdir()
        fill(part)
        if not place.exists():
            part.replace(place)
        elif not (place.is_dir() and _alike(part, place)):
            raise _taken(place)


def _alike(one: Path, other: Path) -> bool:
    names = sorted(p.name for p in one.iterdir())
    if names != sorted(p.name for p in other.iterdir()):
        return False
    same, _, _ = filecmp.cmpfiles(one, other, names, shallow=False)
    return len(same) == len(names)


def _taken(place: Path) -> DataError:
    return DataError(
        f"{place} is there already with other content: the source has changed, or it is read in another way; "
        "import into another folder, or move it away"
    )


@contextlib.contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """A name beside `place` that readers pass over; what is left under it is removed."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{secrets.token_hex(8)}.part{place.suffix}")
    try:
        yield part
    finally:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
