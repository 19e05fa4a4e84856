"""Suites by name or file: from TOML to a suite, every key known, every value of its type."""

from __future__ import annotations

import dataclasses
import difflib
import sys
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from gaitbench.datasets.splits import Split
from gaitbench.errors import ConfigError
from gaitbench.suites.checked_systems import checked_systems
from gaitbench.suites.parts import AttacksPart, DataPart, ExtrasPart, QualityPart, SystemsPart, WalksPart
from gaitbench.suites.suite import Suite
from gaitbench.suites.validation import check_suite
from gaitbench.system_value import SystemValue

__all__ = ["load_suite", "suite_from_table", "suite_names"]

#: Lists that may be empty.
_MAY_BE_EMPTY = ("controls", "measures", "naturalness_of")


def suite_names() -> list[str]:
    """Suites that ship with the package."""
    return sorted(
        p.name[:-5] for p in resources.files("gaitbench.suites").iterdir() if p.name.endswith(".toml")
    )


def load_suite(name_or_path: str) -> Suite:
    """Read a suite by name (``quick``) or from a TOML file, and check it whole.

    Raises
    ------
    ConfigError
        For an unknown suite, an unreadable file, an unknown key, a wrong type or an impossible value.
    """
    if name_or_path.endswith(".toml"):
        path = Path(name_or_path)
        if not path.is_file():
            raise ConfigError(f"no suite file {path}; give a TOML file or one of: {', '.join(suite_names())}")
        try:
            text, name = path.read_text(encoding="utf-8"), path.stem
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"suite file {path} cannot be read as UTF-8 text ({type(error).__name__})"
            ) from error
    elif name_or_path in suite_names():
        text = (resources.files("gaitbench.suites") / f"{name_or_path}.toml").read_text(encoding="utf-8")
        name = name_or_path
    else:
        near = difflib.get_close_matches(name_or_path, suite_names(), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ";"
        raise ConfigError(
            f"unknown suite {name_or_path!r}{hint} suites: {', '.join(suite_names())}, or a file ending in .toml"
        )
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"suite {name_or_path}: not valid TOML ({error})") from error
    return suite_from_table(table, name)


def suite_from_table(table: dict[str, Any], name: str) -> Suite:
    """Build a suite from what stood in its TOML file.

    Raises
    ------
    ConfigError
        For an unknown key, a wrong type or an impossible value.
    """
    parts = {
        "data": DataPart, "walks": WalksPart, "systems": SystemsPart, "attacks": AttacksPart,
        "quality": QualityPart, "extras": ExtrasPart,
    }  # fmt: skip
    plain = {
        "effort": float,
        "training_pictures": int,
        "resamples": int,
        "confidence": float,
        "seed": int,
        "samples": int,
        "name": str,
    }
    known = [*parts, *plain, "split"]
    for key in table:
        if key not in known:
            _unknown(name, key, known)
    values: dict[str, Any] = {"name": str(table.get("name", name))}
    for needed in ("split", "walks"):
        if needed not in table:
            raise ConfigError(f"suite {name}: the part [{needed}] is missing")
    if not isinstance(table["split"], dict):
        raise ConfigError(f"suite {name}: [split] must be a table of role and subjects")
    for role, who in table["split"].items():
        if not isinstance(who, (str, list)):
            raise ConfigError(
                f'suite {name}: split.{role} must be a text such as "001-050" or a list, not {who!r}'
            )
    values["split"] = Split.from_table(table["split"])
    for key, kind in parts.items():
        if key in table:
            values[key] = _part(name, key, kind, table[key])
    for key, kind in plain.items():
        if key in table and key != "name":
            values[key] = _number(name, key, kind, table[key])
    suite = checked_systems(Suite(**values))
    check_suite(suite)
    return suite


def _unknown(suite: str, key: str, known: list[str]) -> None:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
    raise ConfigError(f"suite {suite}: unknown key {key!r}; {hint}")


def _number(suite: str, key: str, kind: type, value: Any) -> Any:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or (kind is int and not isinstance(value, int))
    ):
        raise ConfigError(
            f"suite {suite}: {key} must be a {'whole ' if kind is int else ''}number, not {value!r}"
        )
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        raise ConfigError(f"suite {suite}: {key} is beyond what a number can hold; write a smaller one")
    return kind(value)


def _part(suite: str, part: str, kind: Any, table: Any) -> Any:
    if not isinstance(table, dict):
        raise ConfigError(f"suite {suite}: [{part}] must be a table")
    fields = {f.name: f for f in dataclasses.fields(kind)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in fields:
            _unknown(f"{suite} [{part}]", key, list(fields))
        annotation = str(fields[key].type)
        if annotation.startswith("tuple"):
            if not isinstance(value, list) or (not value and key not in _MAY_BE_EMPTY):
                raise ConfigError(
                    f"suite {suite}: {part}.{key} must be a list that is not empty, not {value!r}"
                )
            if "SystemValue" in annotation:
                try:
                    values[key] = tuple(map(SystemValue.read, value))
                except ConfigError as error:
                    raise ConfigError(f"suite {suite}: {part}.{key}: {error}") from error
                continue
            inner = int if "int" in annotation else str
            if any(not isinstance(v, inner) or isinstance(v, bool) for v in value):
                raise ConfigError(
                    f"suite {suite}: {part}.{key} must hold {inner.__name__} values, not {value!r}"
                )
            values[key] = tuple(value)
        elif annotation == "str":
            if not isinstance(value, str):
                raise ConfigError(f"suite {suite}: {part}.{key} must be a text, not {value!r}")
            values[key] = value
        elif annotation == "bool":
            if not isinstance(value, bool):
                raise ConfigError(f"suite {suite}: {part}.{key} must be true or false, not {value!r}")
            values[key] = value
        else:
            values[key] = _number(suite, f"{part}.{key}", int, value)
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(f"suite {suite}: [{part}] is incomplete ({error})") from error
