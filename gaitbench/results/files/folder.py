"""The folder of a run: locked while it is written, filled whole or not at all, nothing of the user's touched.

Everything is first written under ``.gaitbench/part`` in the folder and then moved to its place. What may be replaced or
removed is known by a list of what this program wrote, with hashes (`gaitbench.results.files.own_files`). A file that
stands where one of ours must go and is not on the list, or was changed since, is kept under another name.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from gaitbench.errors import ConfigError, DataError
from gaitbench.results.files.own_files import (
    HOUSE,
    LIST,
    content_hash,
    is_record,
    link_on_the_way,
    read_list,
    write_list,
)

__all__ = ["WAIT", "output_folder"]

log = logging.getLogger(__name__)

#: Seconds that a second run waits for a folder that another one is writing, before it gives up.
WAIT = 30.0

#: What a full, broken or closed disk answers.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


@contextlib.contextmanager
def output_folder(
    target: Path, *, option: str = "--output", renewed: tuple[str, ...] = ("",), wait: float = WAIT
) -> Iterator[Path]:
    """Give an empty folder to write into; its files stand in `target` when the block ends without an error.

    Parameters
    ----------
    target : path
        Absent, empty, or a folder that this program made: it has a record or a list of what was written.
    option : str
        What the user calls it, for messages.
    renewed : tuple of str
        Beginnings of relative names: files of ours under them that the block did not write again are removed.
    wait : float
        Seconds to wait for another process that writes the same folder.

    Raises
    ------
    ConfigError
        If `target` cannot be written, was not made by this program, holds a link where a file must go, or is being
        written by another process.
    DataError
        If the disk is full or fails; `target` is then as it was.
    """
    _check(target, option)
    root, made = _make(target, option)
    with _lock(root, target, option, wait):
        part = root / HOUSE / "part"
        try:
            # Another run may have filled it since.
            _check(root, option)
            # Left by a process that was killed: nobody writes there while we hold the lock.
            _remove_tree(part)
            with _disk_errors(root, f"{option} {target} cannot be written", "nothing in it was changed"):
                part.mkdir()
                yield part
            with _disk_errors(root, f"{option} {target} cannot be filled", "run the same command again"):
                _take_over(part, root, option, renewed)
        except BaseException:
            _remove_tree(part)
            _unmake(root, made)
            raise
        _remove_tree(part)


@contextlib.contextmanager
def _disk_errors(root: Path, what: str, way: str) -> Iterator[None]:
    """Say in one line that the disk is full or fails; errors of other places pass."""
    try:
        yield
    except OSError as error:
        names = [os.fsdecode(n) for n in (error.filename, error.filename2) if isinstance(n, str | bytes)]
        if error.errno not in _DISK and not any(Path(name).is_relative_to(root) for name in names):
            raise
        raise DataError(f"{what} ({error.strerror or error}); {way}") from error


def _check(target: Path, option: str) -> None:
    """Refuse what this program did not make."""
    house = target / HOUSE
    try:
        if target.is_symlink() and not target.exists():
            raise ConfigError(f"{option} {target} is a link that leads nowhere; give another folder")
        if not target.exists():
            return
        ours = target.is_dir() and (
            not house.is_symlink()
            and (house.is_dir() or not any(target.iterdir()) or is_record(target / "run.json"))
        )
    except OSError as error:
        raise ConfigError(
            f"{option} {target} cannot be read ({error.strerror}); give another folder"
        ) from None
    if not ours:
        raise ConfigError(
            f"{option} {target} exists and is no earlier run of gaitbench; nothing in it was touched: "
            "give another folder"
        )


def _make(target: Path, option: str) -> tuple[Path, list[Path]]:
    """The folder itself, and what had to be made for it, innermost first."""
    root = Path(os.path.realpath(target))
    made = [path for path in (root / HOUSE, root, *root.parents) if not path.exists()]
    try:
        (root / HOUSE).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _unmake(root, made)
        raise ConfigError(
            f"{option} {target} cannot be written ({error.strerror}); give another folder"
        ) from None
    return root, made


def _unmake(root: Path, made: list[Path]) -> None:
    """Take away what was made for nothing; what holds anything else stays."""
    if root / HOUSE in made and not (root / LIST).exists():
        with contextlib.suppress(OSError):
            (root / HOUSE / "lock").unlink()
    for path in made:
        with contextlib.suppress(OSError):
            path.rmdir()


@contextlib.contextmanager
def _lock(root: Path, target: Path, option: str, wait: float) -> Iterator[None]:
    """Hold the folder; wait with a word where another process does."""
    from filelock import FileLock, Timeout

    lock = FileLock(root / HOUSE / "lock")
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            log.warning("another gaitbench writes to %s; waiting up to %.0f s for it", target, wait)
            lock.acquire(timeout=wait)
    except Timeout:
        raise ConfigError(
            f"{option} {target} is being written by another gaitbench; wait for it, or give another folder"
        ) from None
    except FileNotFoundError:
        # The other one failed, and took away the folder that it had made.
        raise ConfigError(
            f"{option} {target} was removed by another gaitbench that failed; run the command again"
        ) from None
    except (OSError, NotImplementedError) as error:
        raise ConfigError(f"{option} {target} cannot be locked ({error}); give another folder") from None
    try:
        yield
    finally:
        lock.release()


def _remove_tree(part: Path) -> None:
    # `rmtree` itself follows no link inside; of a link only the link goes.
    if part.is_symlink():
        part.unlink()
    elif part.exists():
        shutil.rmtree(part, ignore_errors=True)


def _take_over(part: Path, root: Path, option: str, renewed: tuple[str, ...]) -> None:
    """Move the files of `part` to `root`, then remove those of ours that are no longer made."""
    files = sorted(path for path in part.rglob("*") if path.is_file() and not path.is_symlink())
    new = {path.relative_to(part).as_posix(): content_hash(path) for path in files}
    known = read_list(root)
    _refuse_obstacles(root, new, option)
    aside = [name for name, mark in new.items() if _not_ours(root, name, mark, known)]
    # Known before anything moves: whatever stops us, no file of ours is ever taken for the user's, or the reverse.
    write_list(
        root, {n: known.get(n, frozenset()) | {new[n]} if n in new else known[n] for n in {**known, **new}}
    )
    for name in aside:
        kept = _free_name(root / name)
        (root / name).rename(kept)
        log.warning("%s is not as gaitbench wrote it; it is kept as %s", root / name, kept.name)
    for name, mark in new.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not (place.is_file() and content_hash(place) == mark):
            (part / name).replace(place)
    left = {name: marks for name, marks in known.items() if name not in new}
    for name in [name for name in left if name.startswith(renewed)]:
        _remove_own(root, name, left.pop(name))
    write_list(root, {**left, **{name: {mark} for name, mark in new.items()}})


def _refuse_obstacles(root: Path, new: Mapping[str, str], option: str) -> None:
    for name in new:
        link = link_on_the_way(root, name)
        if link is not None:
            raise ConfigError(
                f"{link} is a link, and gaitbench follows none in {option}; nothing was changed: move the link away"
            )
        place = root / name
        over = [path for path in place.parents if path.is_relative_to(root)]
        wrong = next((p for p in over if p.exists() and not p.is_dir()), place if place.is_dir() else None)
        if wrong is not None:
            raise ConfigError(
                f"{wrong} stands where {option} needs {name}; nothing was changed: move it away"
            )


def _not_ours(root: Path, name: str, mark: str, known: Mapping[str, frozenset[str]]) -> bool:
    """Whether another file stands at `name` that this program did not write."""
    place = root / name
    if not place.exists():
        return False
    found = content_hash(place)
    if found == mark or found in known.get(name, ()):
        return False
    if name in ("run.json", "scores.parquet", "distances.parquet"):
        # A record may be saved into a folder by `Record.save` alone, which keeps no list.
        return not is_record(root / "run.json")
    # Before there were lists, a folder with a record and a page was filled by this program under these very names.
    return bool(known) or not (is_record(root / "run.json") and (root / "report.html").is_file())


def _free_name(place: Path) -> Path:
    for number in range(1, 10_000):
        kept = place.with_name(f"{place.name}.kept{'' if number == 1 else number}")
        if not os.path.lexists(kept):
            return kept
    raise DataError(f"{place} has 10,000 kept copies; move them away")


def _remove_own(root: Path, name: str, marks: frozenset[str]) -> None:
    place = root / name
    if link_on_the_way(root, name) is not None or not place.is_file():
        return
    if content_hash(place) not in marks:
        log.warning("%s is of an earlier run, but was changed since: it stays", place)
        return
    place.unlink()
    for folder in place.parents:
        if folder == root:
            break
        with contextlib.suppress(OSError):
            folder.rmdir()
