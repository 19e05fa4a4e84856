"""A folder of artifacts: arrays with metadata, written once, atomically, under a content hash."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import ConfigError, DataError, LostArtifactError
from gaitbench.store.artifact import Arrays, DamagedError, pack, read_meta, unpack
from gaitbench.store.atomic import sweep_parts, write_whole
from gaitbench.store.remote.address import cache_of, is_address
from gaitbench.store.remote.mirror import Mirror

__all__ = ["FINITE", "Arrays", "Store", "default_place", "default_root"]

log = logging.getLogger(__name__)

#: Stages whose arrays hold finite numbers alone; in the others NaN means that nothing was measured.
FINITE = ("anonymized", "external", "features", "known-noise", "models", "samples", "sequences")


def default_root() -> Path:
    """The folder of `default_place`, or the cache in front of it where that is an address."""
    place = default_place()
    return cache_of(place) if isinstance(place, str) else place


def default_place() -> Path | str:
    """``$GAITBENCH_STORE``, a folder or an address, else ``gaitbench`` where this system keeps a user's cache.

    Until version 0.2 that was ``~/.cache/gaitbench`` everywhere; where that holds a store and the new place none, it is
    used, with a word.
    """
    own = os.environ.get("GAITBENCH_STORE")
    if own:
        return own.rstrip("/") if is_address(own) else Path(own)
    from platformdirs import user_cache_path

    place = user_cache_path("gaitbench", appauthor=False)
    cache = os.environ.get("XDG_CACHE_HOME")
    old = (Path(cache) if cache else Path.home() / ".cache") / "gaitbench"
    if old != place and old.is_dir() and not place.exists():
        log.warning("the store at %s is used; move it to %s, its place on this system", old, place)
        return old
    return place


class Store:
    """Artifacts by stage and key.

    One file an artifact, in the safetensors format (no code can hide in it), its metadata in the header. A file is
    written under a temporary name and renamed, so that it is whole or absent, also when several processes make
    the same artifact at once.

    Parameters
    ----------
    root : path
        Folder of the store; made when the first artifact is written.
    mirror : Mirror, optional
        An object store that the folder is the cache of: what the folder lacks is fetched from there, and what is saved
        goes there, too. All else (claims, records, pruning) is the folder's alone.
    """

    def __init__(self, root: Path | str, mirror: Mirror | None = None) -> None:
        self.root = Path(root)
        self.mirror = mirror
        #: ``stage/key`` of everything that this process asked for or made.
        self.used: set[str] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        return Store, (self.root, self.mirror)  # what was used here is of no use to a worker

    @property
    def place(self) -> str:
        """As a user calls it: the folder, or the address of what is behind it."""
        return str(self.root) if self.mirror is None else self.mirror.address

    def refresh(self, older_than: float = 0.0) -> None:
        """Hear what other machines have made meanwhile; a folder needs no telling.

        Parameters
        ----------
        older_than : float
            Seconds since it was last heard; what is younger will do.
        """
        if self.mirror is not None:
            self.mirror.refresh(older_than)

    def sweep(self, older_than: float = 86400.0) -> list[Path]:
        """Remove the unfinished files that killed processes left behind; returns them.

        Parameters
        ----------
        older_than : float
            Seconds since a file was last written to; younger ones may be another process's work.
        """
        return sweep_parts(self.root, "*/*/*", older_than=older_than)

    def path(self, stage: str, key: str) -> Path:
        """Where the artifact is, or would be; it counts as used from now on."""
        self.used.add(f"{stage}/{key}")
        return self.root.joinpath(stage, key[:2], f"{key}.safetensors")  # one step: a plan asks 18,000 times

    def has(self, stage: str, key: str) -> bool:
        """Whether the artifact exists."""
        try:
            there = self.path(stage, key).is_file()
        except OSError as error:
            raise self._unusable("read", error) from error
        return there or (self.mirror is not None and self.mirror.has(stage, key))

    def _unusable(self, what: str, error: OSError) -> ConfigError:
        return ConfigError(
            f"the store at {self.root} cannot be {what} ({error.strerror or error}); "
            "free some space, or set GAITBENCH_STORE to another folder"
        )

    def save(self, stage: str, key: str, arrays: Mapping[str, NDArray[Any]], meta: Any = None) -> None:
        """Write an artifact.

        Parameters
        ----------
        arrays : mapping of str to array
            Numeric or bool arrays.
        meta : JSON value
            Kept beside the arrays.

        Raises
        ------
        ConfigError
            If the store cannot be written.
        DataError
            If a stage of `FINITE` holds NaN or an infinite value; nothing is kept.
        """
        target = self.path(stage, key)
        if stage in FINITE:
            _refuse_not_finite(stage, arrays)
        data = pack(arrays, meta)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, data)
        except OSError as error:
            raise self._unusable("written", error) from error
        if self.mirror is not None:
            self.mirror.put(stage, key, data)

    def load(self, stage: str, key: str) -> tuple[Arrays, Any]:
        """Read an artifact, arrays and metadata, and verify its checksum.

        Raises
        ------
        KeyError
            If it does not exist or is damaged; a damaged file is named and removed, so that the stage makes it again.
        ConfigError
            If the store cannot be read, or a damaged file cannot be removed.
        """
        target = self.path(stage, key)
        try:
            return unpack(target.read_bytes())
        except FileNotFoundError:
            return self._fetched(stage, key)
        except OSError as error:
            raise self._unusable("read", error) from error
        except DamagedError as error:
            self._remove_damaged(target, error)
            raise KeyError(f"{stage}/{key}") from error

    def load_meta(self, stage: str, key: str) -> Any:
        """Read the metadata of an artifact without its arrays.

        Raises
        ------
        KeyError
            If it does not exist or is damaged (a file that is not as long as its header says).
        ConfigError
            If the store cannot be read, or a damaged file cannot be removed.
        """
        target = self.path(stage, key)
        try:
            with target.open("rb") as file:
                return read_meta(file, target.stat().st_size)
        except FileNotFoundError:
            return self._meta_behind(stage, key)
        except OSError as error:
            raise self._unusable("read", error) from error
        except DamagedError as error:
            self._remove_damaged(target, error)
            raise KeyError(f"{stage}/{key}") from error

    def _fetched(self, stage: str, key: str) -> tuple[Arrays, Any]:
        """An artifact from behind the cache, which has it from now on; KeyError where it is not there or damaged."""
        data = None if self.mirror is None else self.mirror.get(stage, key)
        if self.mirror is None or data is None:
            raise KeyError(f"{stage}/{key}")
        try:
            found = unpack(data)
        except DamagedError as error:
            self._remove_behind(self.mirror, stage, key, error)
            raise KeyError(f"{stage}/{key}") from error
        target = self.path(stage, key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, data)
        except OSError as error:
            raise self._unusable("written", error) from error
        return found

    def _meta_behind(self, stage: str, key: str) -> Any:
        """Metadata from behind the cache; KeyError where they are not there or damaged."""
        if self.mirror is None:
            raise KeyError(f"{stage}/{key}")
        try:
            return self.mirror.meta(stage, key)
        except DamagedError as error:
            self._remove_behind(self.mirror, stage, key, error)
            raise KeyError(f"{stage}/{key}") from error

    @staticmethod
    def _remove_behind(mirror: Mirror, stage: str, key: str, why: DamagedError) -> None:
        mirror.remove(stage, key)
        log.warning(
            "damaged artifact %s/%s of %s removed (%s); it is made again", stage, key, mirror.address, why
        )

    def expect(self, stage: str, key: str) -> tuple[Arrays, Any]:
        """Read an artifact that an earlier stage has made.

        Raises
        ------
        LostArtifactError
            If it is damaged or gone: the run begins again, and what is finished is not made twice.
        """
        try:
            return self.load(stage, key)
        except KeyError:
            raise LostArtifactError(f"{self.path(stage, key)} is damaged or gone") from None

    def expect_meta(self, stage: str, key: str) -> Any:
        """As `expect`, metadata alone."""
        try:
            return self.load_meta(stage, key)
        except KeyError:
            raise LostArtifactError(f"{self.path(stage, key)} is damaged or gone") from None

    def _remove_damaged(self, target: Path, why: DamagedError) -> None:
        try:
            target.unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(
                f"the artifact {target} is damaged ({why}) and cannot be removed ({error.strerror or error}); "
                "make the store writable, or set GAITBENCH_STORE to another folder"
            ) from error
        log.warning("damaged artifact %s removed (%s); it is made again", target, why)

    def get(
        self, stage: str, key: str, make: Callable[[], tuple[Mapping[str, NDArray[Any]], Any]]
    ) -> tuple[Arrays, Any, bool]:
        """Read an artifact, or make and keep it. The third value says whether it was there."""
        try:
            arrays, meta = self.load(stage, key)
            return arrays, meta, True
        except KeyError:
            made, meta = make()
            self.save(stage, key, made, meta)
            # read back, so that a first run and a second one see the same bytes and types
            arrays, meta = self.expect(stage, key)
            return arrays, meta, False


def _refuse_not_finite(stage: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    for name, array in arrays.items():
        if np.issubdtype(array.dtype, np.floating) and not np.isfinite(array).all():
            bad = int(np.count_nonzero(~np.isfinite(array)))
            raise DataError(
                f"an artifact of {stage} holds {bad} of {array.size} values of {name} that are no finite numbers, "
                "and is not kept; what made it failed"
            )
