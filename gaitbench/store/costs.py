"""What work has cost on this store's machines: what the estimates of a plan go by."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from gaitbench.store.atomic import write_whole
from gaitbench.store.store import Store

__all__ = ["Cost", "costs_of", "note_costs"]

_FOLDER = ".costs"
#: Records that a store keeps.
_MOST = 200


@dataclass(frozen=True)
class Cost:
    """What some work of one kind took.

    Parameters
    ----------
    kind, label : str
        Kind of the tasks, and by what they were done; see `gaitbench.evaluation.planning.task`.
    suite : str
    units : float
        Artifacts that were made, each counted by its size; see `gaitbench.evaluation.run.costs.scale_of`.
    seconds : float
        Of one process: what several did side by side is added up.
    memory_mb : float
        Peak of one process; 0 where it is not known.
    size : int
        Bytes of the artifacts; 0 where they are not known.
    """

    kind: str
    label: str
    suite: str
    units: float
    seconds: float
    memory_mb: float = 0.0
    size: int = 0


def note_costs(store: Store, costs: Iterable[Cost]) -> None:
    """Remember what work took; a store that is for reading only remembers nothing."""
    rows = [asdict(one) for one in costs]
    if not rows:
        return
    folder = store.root / _FOLDER
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():020d}-{os.getpid()}.json"
        write_whole(folder / name, json.dumps(rows, indent=0).encode(), shared=True)
        for old in sorted(folder.glob("*.json"))[:-_MOST]:
            old.unlink(missing_ok=True)


def costs_of(store: Store) -> list[Cost]:
    """What a store remembers, the newest first; what cannot be read is passed over."""
    found = []
    for path in sorted((store.root / _FOLDER).glob("*.json"), reverse=True):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            for row in json.loads(path.read_text("utf-8")):
                one = Cost(
                    str(row["kind"]), str(row["label"]), str(row["suite"]), float(row["units"]), float(row["seconds"]),
                    float(row["memory_mb"]), int(row["size"]),
                )  # fmt: skip
                if one.units > 0 and 0 <= one.seconds < float("inf"):
                    found.append(one)
    return found
