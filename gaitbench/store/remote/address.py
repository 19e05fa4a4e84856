"""Which texts are the address of an object store, and where its cache lies."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from gaitbench.errors import ConfigError

__all__ = ["cache_of", "is_address"]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_address(text: str) -> bool:
    """Whether a store is meant that is no folder, such as ``s3://bucket/prefix``."""
    return _ADDRESS.match(text) is not None


def cache_of(address: str) -> Path:
    """Folder of this machine in front of an object store.

    One for each address, in ``$GAITBENCH_STORE_CACHE``, else in ``gaitbench-remote`` where this system keeps a user's
    cache.

    Raises
    ------
    ConfigError
        If the address holds a password, which would stand in logs.
    """
    if "@" in address.partition("://")[2].partition("/")[0]:
        raise ConfigError(
            f"the address {address.partition('://')[0]}://... of the store holds a name or password; take it out, and "
            "give it as the client's own settings"
        )
    own = os.environ.get("GAITBENCH_STORE_CACHE")
    if own:
        base = Path(own)
    else:
        from platformdirs import user_cache_path

        base = user_cache_path("gaitbench-remote", appauthor=False)
    plain = re.sub(r"[^A-Za-z0-9]+", "-", address).strip("-").lower()[:60]
    return base / f"{plain}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"
