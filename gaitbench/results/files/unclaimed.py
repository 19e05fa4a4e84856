"""A default folder that replaces no other run: the name itself, or the next number that is free."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gaitbench.errors import DataError
from gaitbench.validation import read_json

log = logging.getLogger(__name__)

__all__ = ["unclaimed"]

#: Numbers that are tried.
_MOST = 10_000


def unclaimed(folder: Path, mine: Callable[[Mapping[str, Any]], bool]) -> Path:
    """`folder`, or ``folder-2``, ``folder-3``: the first that holds no run, or one that may be replaced.

    Which one is taken is said, where it is not `folder` itself.

    Parameters
    ----------
    folder : path
        The default.
    mine : callable
        Told the provenance of the run that is there: whether it is the same job, whose results may be renewed.

    Raises
    ------
    DataError
        If ten thousand of them are taken.
    """
    for number in range(1, _MOST + 1):
        place = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
        held = _provenance(place / "run.json")
        if held is None or mine(held):
            if number > 1:
                log.warning("%s holds another run and stays as it is: the results go to %s", folder, place)
            return place
    raise DataError(f"{folder} and {_MOST} numbers after it hold runs; give --output")


def _provenance(path: Path) -> Mapping[str, Any] | None:
    """The provenance of a record; empty where it cannot be read, None where there is none."""
    if not path.is_file():
        return None
    try:
        document = read_json(path)
    except DataError:
        return {}
    held = document.get("provenance") if isinstance(document, Mapping) else None
    return held if isinstance(held, Mapping) else {}
