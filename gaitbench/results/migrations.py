"""Records of older versions, made into ones of this version step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gaitbench.errors import DataError
from gaitbench.results.schema import SCHEMA_VERSION

__all__ = ["migrate"]

#: What checks about the controls and the attacks themselves began with in version 3, and what the slides claim.
_CONTROLS = (
    "control ", "on the control original", "all colorizers have equal success", "no attack names strangers",
    "everything that was handed in",
)  # fmt: skip
_CLAIMS = ("proposed ", "model-1 keeps", "model-1 breaks", "model-2 keeps", "model-2 breaks")


def migrate(document: object) -> dict[str, Any]:
    """The document of a ``run.json``, as this version would have written it.

    Raises
    ------
    DataError
        If it is no record, of a newer version, or of one that can no longer be read.
    """
    if not isinstance(document, Mapping):
        raise DataError("this is not a record (no JSON object); run 'gaitbench run-all' again")
    current = dict(document)
    version = current.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise DataError("this is not a record (no 'schema_version'); run 'gaitbench run-all' again")
    if version > SCHEMA_VERSION:
        raise DataError(
            f"written by a newer gaitbench (schema version {version}; this one reads up to "
            f"{SCHEMA_VERSION}); update with 'pip install --upgrade gaitbench'"
        )
    while version < SCHEMA_VERSION:
        if version not in _MIGRATIONS:
            raise DataError(
                f"schema version {version} can no longer be read (this gaitbench reads {SCHEMA_VERSION}); "
                "run the suite again, or read it with the gaitbench that wrote it"
            )
        current = _MIGRATIONS[version](current)
        version += 1
    return current


def _map_is_mrr(document: dict[str, Any]) -> dict[str, Any]:
    """What version 2 called `map` had one entry a person: the mean reciprocal rank."""
    tables = document.get("tables")
    rows = tables.get("identification") if isinstance(tables, Mapping) else None
    if not isinstance(tables, Mapping) or not isinstance(rows, list):
        return document
    renamed = [
        r | {"mrr": r.get("map"), "map": None} if isinstance(r, dict) and "map" in r else r for r in rows
    ]
    return document | {"tables": dict(tables) | {"identification": renamed}}


def _kinds_of_checks(document: dict[str, Any]) -> dict[str, Any]:
    """Version 3 told controls, findings and claims apart by their names alone."""
    checks = document.get("checks")
    if not isinstance(checks, list):
        return document
    return document | {
        "checks": [
            c | {"kind": _kind_of(c["name"])} if isinstance(c, dict) and isinstance(c.get("name"), str) else c
            for c in checks
        ]
    }


def _kind_of(name: str) -> str:
    if name.startswith(_CONTROLS):
        return "control"
    slides = name.startswith(_CLAIMS) or "as well as in the slides" in name
    return "claim" if slides else "finding"


#: version -> what turns its document into one of the next version. Version 2 added tables; those of version 1 are read
#: as they are.
_MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: lambda document: document,
    2: _map_is_mrr,
    3: _kinds_of_checks,
}
