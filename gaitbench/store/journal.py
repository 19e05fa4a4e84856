"""Which artifacts the runs of a store used: what `gaitbench store prune` goes by."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass

from gaitbench.store.atomic import write_whole
from gaitbench.store.store import Store

__all__ = ["Run", "note_run", "runs_of"]

_FOLDER = ".runs"
#: Runs that a store remembers.
_MOST = 200


@dataclass(frozen=True)
class Run:
    """A run that ended well.

    Parameters
    ----------
    name : str
        Suite and data set.
    ended : float
        Seconds since 1970.
    used : frozenset of str
        ``stage/key`` of the artifacts that it used or made.
    """

    name: str
    ended: float
    used: frozenset[str]


def note_run(store: Store, name: str, used: Iterable[str]) -> None:
    """Remember a run; a store that is for reading only remembers nothing."""
    folder, now = store.root / _FOLDER, time.time()
    text = json.dumps({"name": name, "ended": now, "used": sorted(used)}, indent=0)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{time.time_ns():020d}-{os.getpid()}.json", text.encode(), shared=True)
        for old in sorted(folder.glob("*.json"))[:-_MOST]:
            old.unlink(missing_ok=True)


def runs_of(store: Store) -> list[Run]:
    """The runs that a store remembers, the newest first; what cannot be read is passed over."""
    found = []
    for path in sorted((store.root / _FOLDER).glob("*.json"), reverse=True):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(path.read_text("utf-8"))
            found.append(Run(str(kept["name"]), float(kept["ended"]), frozenset(map(str, kept["used"]))))
    return found
