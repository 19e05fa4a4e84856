"""What stands behind a store that is a cache: an object store that a client of `fsspec` reaches.

Artifacts have the names of what they are made from and never change. So all that is asked of the other side is a
listing, a whole object, its beginning, and to put one whole; two who put the same one harm nothing. The listing is held
in memory: whether something is there is never asked over the network.
"""

from __future__ import annotations

import contextlib
import io
import re
import time
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, TypeVar

from gaitbench.errors import ConfigError, UnreachableError
from gaitbench.store.artifact import read_meta

__all__ = ["TRIES", "Mirror"]

T = TypeVar("T")

#: How often something is asked before the network counts as lost, and seconds before the second time; twice that
#: before the third, and so on.
TRIES, FIRST_WAIT = 4, 2.0
#: Bytes in which most headers end, and with them what is said of an artifact.
_HEAD = 16384
#: The listing may take this part of the time.
_SHARE = 0.05
_OURS = re.compile(r"[a-z][a-z0-9-]*/([0-9a-f]{2})/(\1[0-9a-f]{30})\.safetensors")


class Mirror:
    """Artifacts on an object store, under the names that they have in a folder.

    Parameters
    ----------
    address : str
        As `fsspec` reads it, such as ``s3://bucket/prefix``. Credentials are those of its client's own surroundings.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        #: ``stage/key`` -> bytes, once it was listed.
        self._sizes: dict[str, int] | None = None
        self._metas: dict[str, Any] = {}
        #: When the listing was taken (monotonic), and how long that took.
        self._listed = self._took = 0.0

    def __reduce__(self) -> tuple[Any, ...]:
        return _of_this_process, (self.address,)  # a worker lists once, not with every task

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        """The client, and the place as it spells it.

        Raises
        ------
        ConfigError
            If there is no client for this kind of address.
        """
        kind = self.address.partition("://")[0]
        # the client's own patience would multiply with ours
        own: dict[str, Any] = {}
        if kind in ("s3", "s3a"):
            own["config_kwargs"] = {"retries": {"max_attempts": 0}, "connect_timeout": 10, "read_timeout": 30}
        if kind in ("file", "local"):
            own["auto_mkdir"] = True
        try:
            from fsspec.core import url_to_fs

            client, root = url_to_fs(self.address, **own)
        except ImportError as error:
            extra = "gaitbench[s3]" if kind in ("s3", "s3a") else "what it names"
            raise ConfigError(
                f"--store {self.address} needs a package that is not here ({_short(error)}); install {extra}"
            ) from error
        except ValueError as error:
            raise ConfigError(
                f"--store {self.address} cannot be opened ({_short(error)}); give a folder, or an address such as "
                "s3://bucket/prefix"
            ) from error
        return client, str(root).rstrip("/")

    def refresh(self, older_than: float = 0.0) -> None:
        """List what is there, where the last listing is older than so many seconds.

        A listing that takes long is taken less often than that.

        Raises
        ------
        UnreachableError
            If it cannot be listed.
        """
        began = time.monotonic()
        if (
            self._sizes is not None
            and older_than
            and began - self._listed < max(older_than, self._took / _SHARE)
        ):
            return
        client, root = self._opened

        def listed() -> dict[str, dict[str, Any]]:
            client.invalidate_cache()
            found: dict[str, dict[str, Any]] = client.find(root, detail=True)
            return found

        try:
            found = self._asked("listed", listed)
        except FileNotFoundError as error:
            raise UnreachableError(
                f"{self.address} is not there ({_short(error)}); make the bucket first"
            ) from error
        sizes = {}
        for name, entry in found.items():
            place = name.removeprefix(root).lstrip("/")
            if _OURS.fullmatch(place):
                stage, _, file = place.split("/")
                sizes[f"{stage}/{file.removesuffix('.safetensors')}"] = int(entry.get("size") or 0)
        self._sizes, self._listed = sizes, time.monotonic()
        self._took = self._listed - began

    def has(self, stage: str, key: str) -> bool:
        """Whether the artifact was there when it was last listed, or has been put since."""
        return f"{stage}/{key}" in self._known()

    def get(self, stage: str, key: str) -> bytes | None:
        """A whole artifact; None where it is not there.

        Raises
        ------
        UnreachableError
            If the network is lost.
        """
        if not self.has(stage, key):
            return None
        client, place = self._opened[0], self._place(stage, key)
        try:
            data: bytes = self._asked("read", lambda: client.cat_file(place))
            return data
        except FileNotFoundError:  # somebody has removed it
            self._forget(stage, key)
            return None

    def meta(self, stage: str, key: str) -> Any:
        """Metadata of an artifact, of which the beginning alone is fetched.

        Raises
        ------
        KeyError
            If it is not there.
        DamagedError
            If it is not what was put.
        UnreachableError
            If the network is lost.
        """
        name = f"{stage}/{key}"
        if name not in self._known():
            raise KeyError(name)
        if name not in self._metas:
            client, place, size = self._opened[0], self._place(stage, key), self._known()[name]

            def beginning(end: int) -> bytes:
                found: bytes = self._asked(
                    "read", lambda: client.cat_file(place, start=0, end=min(end, size))
                )
                return found

            try:
                head = beginning(_HEAD)
                end = 8 + int.from_bytes(head[:8], "little")
                if len(head) < end <= size:
                    head = beginning(end)
            except FileNotFoundError:
                self._forget(stage, key)
                raise KeyError(name) from None
            self._metas[name] = read_meta(io.BytesIO(head), size)
        return self._metas[name]

    def put(self, stage: str, key: str, data: bytes) -> None:
        """Put an artifact whole.

        Raises
        ------
        UnreachableError
            If that is not possible.
        """
        client, place = self._opened[0], self._place(stage, key)

        def put() -> None:
            with client.transaction:  # where a client can, the name appears when all is there
                client.pipe_file(place, data)

        try:
            self._asked("written", put)
        except FileNotFoundError as error:
            raise UnreachableError(
                f"{self.address} is not there ({_short(error)}); make the bucket first"
            ) from error
        self._known()[f"{stage}/{key}"] = len(data)

    def remove(self, stage: str, key: str) -> None:
        """Remove an artifact that is damaged.

        Raises
        ------
        UnreachableError
            If that is not possible.
        """
        client, place = self._opened[0], self._place(stage, key)
        with contextlib.suppress(FileNotFoundError):
            self._asked("mended", lambda: client.rm_file(place))
        self._forget(stage, key)

    def _known(self) -> dict[str, int]:
        if self._sizes is None:
            self.refresh()
        assert self._sizes is not None
        return self._sizes

    def _forget(self, stage: str, key: str) -> None:
        self._known().pop(f"{stage}/{key}", None)
        self._metas.pop(f"{stage}/{key}", None)

    def _place(self, stage: str, key: str) -> str:
        return f"{self._opened[1]}/{stage}/{key[:2]}/{key}.safetensors"

    def _asked(self, what: str, call: Callable[[], T]) -> T:
        """What a call to the other side gives, tried again where the network may be to blame."""
        for number in range(1, TRIES + 1):
            try:
                return call()
            except FileNotFoundError:
                raise
            except Exception as error:  # every client has errors of its own
                refused = isinstance(error, PermissionError) or "Credential" in type(error).__name__
                if refused or number == TRIES:
                    way = "mend the credentials of its client" if refused else f"tried {number} times"
                    raise UnreachableError(
                        f"{self.address} cannot be {what} ({_short(error)}; {way}); what was made stays in the cache "
                        "and goes there with the next run: run the same command again"
                    ) from error
            time.sleep(FIRST_WAIT * 2 ** (number - 1))
        raise AssertionError("unreachable")


@cache
def _of_this_process(address: str) -> Mirror:
    return Mirror(address)


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:160].rstrip(": ")
