"""What a store holds, whether it is whole, and what of it can go. Only the store's own files are ever touched."""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gaitbench.errors import ConfigError
from gaitbench.store.artifact import DamagedError, OtherVersionError, unpack
from gaitbench.store.journal import runs_of
from gaitbench.store.store import Store

__all__ = ["Entry", "Verified", "artifacts", "prune", "verify"]

log = logging.getLogger(__name__)

_STAGE = re.compile(r"[a-z][a-z0-9-]*")
_NAME = re.compile(r"[0-9a-f]{32}\.safetensors")
#: Seconds: what is younger may be the work of a run that goes on.
_YOUNG = 3600.0


@dataclass(frozen=True)
class Entry:
    """An artifact: its place, bytes, and when it was made (seconds since 1970)."""

    stage: str
    key: str
    path: Path
    size: int
    made: float


@dataclass
class Verified:
    """What a look through a store found: artifacts that are whole, those that are not, with the reason, and others.

    Artifacts of another version have no checksum to compare with; no run of this one reads them.
    """

    whole: int = 0
    other: int = 0
    damaged: dict[Path, str] = field(default_factory=dict)


def artifacts(store: Store) -> Iterator[Entry]:
    """Every artifact, by stage and key. What only looks like one (a link, another name) is none."""
    try:
        stages = sorted(p for p in store.root.iterdir() if _STAGE.fullmatch(p.name) and _is_folder(p))
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigError(
            f"the store at {store.root} cannot be read ({error.strerror}); mend that"
        ) from error
    for stage in stages:
        for path in sorted(stage.glob("[0-9a-f][0-9a-f]/*.safetensors")):
            if not _NAME.fullmatch(path.name) or path.parent.name != path.name[:2] or path.is_symlink():
                continue
            if not _is_folder(path.parent):
                continue
            with contextlib.suppress(FileNotFoundError):  # another process prunes too
                found = path.stat()
                yield Entry(stage.name, path.stem, path, found.st_size, found.st_mtime)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def verify(
    store: Store, *, remove: bool = False, progress: Callable[[int], None] = lambda count: None
) -> Verified:
    """Read every artifact and compare it with its checksum.

    Parameters
    ----------
    remove : bool
        Whether damaged ones go, so that the next run makes them again.
    progress : callable
        Told the bytes of each artifact that was read.

    Raises
    ------
    ConfigError
        If a damaged artifact cannot be removed.
    """
    found = Verified()
    for entry in artifacts(store):
        try:
            unpack(entry.path.read_bytes())
            found.whole += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            found.damaged[entry.path] = f"cannot be read: {error.strerror}"
        except OtherVersionError:
            found.other += 1
        except DamagedError as error:
            found.damaged[entry.path] = str(error)
        if remove and entry.path in found.damaged:
            _remove(store, entry.path)
        progress(entry.size)
    return found


def prune(
    store: Store,
    *,
    older_than: float | None = None,
    keep_last: int | None = None,
    unused: bool = False,
    dry_run: bool = False,
) -> list[Entry]:
    """Remove artifacts that every given wish lets go; returns them.

    Parameters
    ----------
    older_than : float, optional
        Days since an artifact was made or last used by a run.
    keep_last : int, optional
        What none of the last so many runs used.
    unused : bool
        What the last run of no suite and data set used.
    dry_run : bool
        Only say what would go.

    Raises
    ------
    ConfigError
        If nothing is wished, a number is negative, or a file cannot be removed.
    """
    if older_than is None and keep_last is None and not unused:
        raise ConfigError("say what can go: --older-than DAYS, --keep-last N or --unused")
    if (older_than or 0) < 0 or (keep_last or 0) < 0:
        raise ConfigError("--older-than and --keep-last are numbers from 0 on")
    runs = runs_of(store)  # the newest first
    last_use: dict[str, float] = {}
    for run in reversed(runs):
        last_use.update(dict.fromkeys(run.used, run.ended))
    kept: set[str] = set()
    if keep_last is not None:
        kept.update(*(run.used for run in runs[:keep_last]))
    if unused:
        newest = {run.name: run for run in reversed(runs)}
        kept.update(*(run.used for run in newest.values()))
    now = time.time()
    going = []
    for entry in artifacts(store):
        place = f"{entry.stage}/{entry.key}"
        age = now - max(entry.made, last_use.get(place, 0.0))
        if (
            place in kept
            or now - entry.made < _YOUNG
            or (older_than is not None and age < older_than * 86400)
        ):
            continue
        going.append(entry)
    if not dry_run:
        for entry in going:
            _remove(store, entry.path)
    return going


def _remove(store: Store, path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be removed ({error.strerror}); make the store at {store.root} writable"
        ) from error
    for folder in (path.parent, path.parent.parent):
        with contextlib.suppress(OSError):  # what is not empty stays
            folder.rmdir()
