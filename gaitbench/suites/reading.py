"""Suites by name or file: from TOML to a suite, every key known, every value of its type."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from gaitbench.errors import ConfigError
from gaitbench.nearest import nearest
from gaitbench.suites.checked_systems import checked_systems
from gaitbench.suites.suite import Suite
from gaitbench.suites.validation import check_suite
from gaitbench.suites.written import built, written
from gaitbench.validation import convert

__all__ = ["load_suite", "suite_from_table", "suite_names"]


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
        raise ConfigError(
            f"unknown suite {name_or_path!r}{nearest(name_or_path, suite_names())}, or a file ending in .toml"
        )
    try:
        table = msgspec.toml.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        raise ConfigError(f"suite {name_or_path}: not valid TOML ({why})") from error
    return suite_from_table(table, name)


def suite_from_table(table: dict[str, Any], name: str) -> Suite:
    """Build a suite from what stood in its TOML file.

    Raises
    ------
    ConfigError
        For an unknown key, a wrong type or an impossible value.
    """
    where = f"suite {name}:"
    extras = table.get("extras")
    if isinstance(extras, dict) and "naturalness_of" in extras:
        raise ConfigError(
            f"{where} extras.naturalness_of is extras.sweep now, which measures more; rename the key"
        )
    read = convert(written(Suite), {"name": name, **table}, where, error=ConfigError, noun="key")
    try:
        suite = built(Suite, read)
    except ConfigError as error:
        raise ConfigError(f"{where} {error}") from error
    suite = checked_systems(suite)
    check_suite(suite)
    return suite
