"""Content hashes: of plain values, and of the code that a stage runs."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["code_digest", "digest"]


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


@cache
def code_digest(*modules: str) -> str:
    """Hash of the source of modules or whole packages, so that an artifact never outlives its code.

    Parameters
    ----------
    *modules : str
        Dotted names; a package stands for all Python and JSON files in it. They are located, not imported.

    Raises
    ------
    ModuleNotFoundError
        If a name leads nowhere.
    """
    parts: list[tuple[str, str]] = []
    for name in modules:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"no module {name!r}")
        origin = Path(spec.origin)
        package = origin.name == "__init__.py"
        files = (
            sorted(f for e in ("py", "json") for f in origin.parent.rglob(f"*.{e}")) if package else [origin]
        )
        base = origin.parent
        parts += [(f"{name}:{f.relative_to(base).as_posix()}", f.read_text(encoding="utf-8")) for f in files]
    return digest(parts)
