"""A store from what a user calls it: a folder, or the address of an object store."""

from __future__ import annotations

import logging
from pathlib import Path

from gaitbench.errors import ConfigError
from gaitbench.store.artifact import DamagedError, unpack
from gaitbench.store.keeping import artifacts
from gaitbench.store.remote.address import cache_of, is_address
from gaitbench.store.remote.mirror import Mirror
from gaitbench.store.store import Store, default_place

__all__ = ["catch_up", "open_store"]

log = logging.getLogger(__name__)


def open_store(place: Path | str | None = None) -> Store:
    """The store at a place; nothing is asked of the network yet.

    Parameters
    ----------
    place : path or str, optional
        A folder, or an address such as ``s3://bucket/prefix``; ``$GAITBENCH_STORE`` or the user's cache if not given.

    Raises
    ------
    ConfigError
        If an address holds a password.
    """
    if place is None:
        place = default_place()
    if isinstance(place, Path) or not is_address(place):
        return Store(place)
    address = place.rstrip("/")
    return Store(cache_of(address), Mirror(address))


def catch_up(store: Store) -> int:
    """Send what is in the cache and not behind it: an earlier run has made it and lost the network; how much it was.

    Raises
    ------
    UnreachableError
        If the network is lost again.
    ConfigError
        If the cache cannot be read.
    """
    if store.mirror is None:
        return 0
    sent = 0
    for entry in artifacts(store):
        if store.mirror.has(entry.stage, entry.key):
            continue
        try:
            data = entry.path.read_bytes()
            unpack(data)
        except FileNotFoundError:
            continue  # another process prunes
        except OSError as error:
            raise ConfigError(
                f"{entry.path} of the cache cannot be read ({error.strerror or error}); mend that"
            ) from error
        except DamagedError as error:
            log.warning("%s is damaged (%s) and does not leave the cache", entry.path, error)
            continue
        store.mirror.put(entry.stage, entry.key, data)
        sent += 1
    if sent:
        log.warning("%d artifacts of the cache that %s lacked were sent there", sent, store.mirror.address)
    return sent
