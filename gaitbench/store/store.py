"""A folder of artifacts: arrays with metadata, written once, atomically, under a content hash."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import struct
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import ConfigError
from gaitbench.store.atomic import write_whole

__all__ = ["Arrays", "Store", "default_root"]

log = logging.getLogger(__name__)

Arrays = dict[str, NDArray[Any]]


def default_root() -> Path:
    """``$GAITBENCH_STORE``, else ``gaitbench`` in the user's cache folder."""
    own = os.environ.get("GAITBENCH_STORE")
    if own:
        return Path(own)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "gaitbench"


class Store:
    """Artifacts by stage and key.

    One file an artifact, in the safetensors format (no code can hide in it), its metadata in the header. A file is
    written under a temporary name and renamed, so that it is whole or absent, also when several processes make
    the same artifact at once.

    Parameters
    ----------
    root : path
        Folder of the store; made when the first artifact is written.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def sweep(self, older_than: float = 86400.0) -> int:
        """Remove the unfinished files that killed processes left behind; returns how many.

        Parameters
        ----------
        older_than : float
            Seconds since a file was last written to; younger ones may be another process's work.
        """
        removed = 0
        for part in self.root.glob("*/*/*.part"):
            # another process may be sweeping too, and a store may be for reading only
            with contextlib.suppress(OSError):
                if time.time() - part.stat().st_mtime > older_than:
                    part.unlink()
                    removed += 1
        return removed

    def path(self, stage: str, key: str) -> Path:
        """Where the artifact is, or would be."""
        return self.root / stage / key[:2] / f"{key}.safetensors"

    def has(self, stage: str, key: str) -> bool:
        """Whether the artifact exists."""
        try:
            return self.path(stage, key).is_file()
        except OSError as error:
            raise self._unusable("read", error) from error

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
        """
        from safetensors.numpy import save

        target = self.path(stage, key)
        data = save(
            {name: np.ascontiguousarray(a) for name, a in arrays.items()} or {"_": np.zeros(1, np.uint8)},
            metadata={"meta": json.dumps(meta, sort_keys=True)},
        )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, data)
        except OSError as error:
            raise self._unusable("written", error) from error

    def load(self, stage: str, key: str) -> tuple[Arrays, Any]:
        """Read an artifact: arrays and metadata.

        Raises
        ------
        KeyError
            If it does not exist or is damaged; a damaged file is removed, so that the stage makes it again.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load

        target = self.path(stage, key)
        try:
            raw = target.read_bytes()
            arrays = load(raw)
            (size,) = struct.unpack("<Q", raw[:8])
            header = json.loads(raw[8 : 8 + size])
            meta = json.loads(header["__metadata__"]["meta"])
        except FileNotFoundError:
            raise KeyError(f"{stage}/{key}") from None
        except OSError as error:
            raise self._unusable("read", error) from error
        except (SafetensorError, ValueError, KeyError, struct.error) as error:
            log.warning("damaged artifact %s removed (%s); it is made again", target, error)
            target.unlink(missing_ok=True)
            raise KeyError(f"{stage}/{key}") from error
        arrays.pop("_", None)
        return arrays, meta

    def load_meta(self, stage: str, key: str) -> Any:
        """Read the metadata of an artifact without its arrays.

        Raises
        ------
        KeyError
            If it does not exist or is damaged (a file that is not as long as its header says).
        """
        target = self.path(stage, key)
        try:
            with target.open("rb") as file:
                (size,) = struct.unpack("<Q", file.read(8))
                length = target.stat().st_size
                if size > length:
                    raise ValueError("the header is longer than the file")
                header = json.loads(file.read(size))
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
            if length != 8 + size + max(ends, default=0):
                raise ValueError("the file is cut off")
            return json.loads(header["__metadata__"]["meta"])
        except FileNotFoundError:
            raise KeyError(f"{stage}/{key}") from None
        except OSError as error:
            raise self._unusable("read", error) from error
        except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
            log.warning("damaged artifact %s removed (%s); it is made again", target, error)
            target.unlink(missing_ok=True)
            raise KeyError(f"{stage}/{key}") from error

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
            arrays, meta = self.load(stage, key)
            return arrays, meta, False
