"""Content hashes of plain values."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

__all__ = ["digest"]


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"__class__": type(value).__name__, **dataclasses.asdict(value)}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"cannot hash a {type(value).__name__}: use plain values and dataclasses")


def digest(*values: Any) -> str:
    """Sha-256 (first 32 hex digits) of plain values: numbers, strings, lists, dicts, dataclasses.

    Independent of dict order, of the process and of the machine.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    >>> digest(1) == digest("1")
    False
    """
    text = json.dumps(values, sort_keys=True, default=_plain, allow_nan=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
