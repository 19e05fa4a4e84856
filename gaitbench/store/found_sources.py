"""Where the source of a module lies: it is located and parsed, not imported."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from gaitbench.errors import ConfigError
from gaitbench.store.syntax import Source, read_source

__all__ = ["OURS", "data_files", "distribution", "file_digest", "follows", "forget_sources", "source_of"]

#: Packages of which each name counts by itself. Of any other that is followed, whole modules count.
OURS = ("gaitbench", "recognizer")

#: Data that a package ships and reads.
_DATA = {".csv", ".json", ".npy", ".npz", ".safetensors", ".toml"}


def data_files(folder: Path, *, deep: bool = True) -> set[Path]:
    """Data that lie in a folder, by their suffix; `deep` looks into the folders in it too."""
    return {p for p in (folder.rglob("*") if deep else folder.glob("*")) if p.suffix in _DATA and p.is_file()}


@cache
def file_digest(path: Path, changed: int) -> str:
    """Name and hash of a file; `changed` is when, so that a new content is not missed."""
    return f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}"


@cache
def follows(top: str) -> bool:
    """Whether a package is somebody's own code rather than an installed library: it lies outside site-packages."""
    if top in OURS:
        return True
    if top in sys.stdlib_module_names or top in sys.builtin_module_names:
        return False
    file = _origin(top)
    return (
        file is not None and file.suffix == ".py" and not {"site-packages", "dist-packages"} & set(file.parts)
    )


def _origin(top: str) -> Path | None:
    if top == "__main__":
        found = getattr(sys.modules[top], "__file__", None)
        return Path(found) if found else None
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return None
    return Path(spec.origin) if spec is not None and spec.has_location and spec.origin else None


@cache
def source_of(module: str) -> Source | None:
    """A module's source; None if there is none, as for what is compiled.

    Raises
    ------
    ConfigError
        If it cannot be read, or is no Python.
    """
    top, *inner = module.split(".")
    file = _origin(top)
    if file is None or file.suffix != ".py":
        return None
    if inner:
        if file.name != "__init__.py":
            return None
        place = file.parent.joinpath(*inner)
        file = next((f for f in (place / "__init__.py", place.with_suffix(".py")) if f.is_file()), None)
        if file is None:
            return None
    try:
        return read_source(module, file)
    except (OSError, SyntaxError, ValueError) as error:
        raise ConfigError(f"the source of {module} ({file}) cannot be read ({error}); mend it") from error


@cache
def distribution(top: str) -> frozenset[str]:
    """All top-level modules of the distributions that a plug-in's module belongs to."""
    if top in sys.stdlib_module_names:
        return frozenset()
    owners = metadata.packages_distributions()
    mine = set(owners.get(top, []))
    return frozenset({top} | {module for module, names in owners.items() if mine & set(names)})


def forget_sources() -> None:
    """Read all sources again when they are next asked for."""
    for kept in (source_of, follows, file_digest, distribution):
        kept.cache_clear()
