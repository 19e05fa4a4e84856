"""Trained systems on disk: a folder with ``weights.safetensors`` and, for people too, ``card.json``. No pickle."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from gaitbench import __version__
from gaitbench.errors import ConfigError, GaitbenchError, ModelError
from gaitbench.registry import ANONYMIZERS, COLORIZERS
from gaitbench.store.atomic import write_whole
from gaitbench.validation import convert, read_json

__all__ = ["load_system", "restore_state", "save_system"]

FORMAT = "gaitbench-system"
FORMAT_VERSION = 1
_REGISTRIES = {"anonymizer": ANONYMIZERS, "colorizer": COLORIZERS}


def restore_state(system: Any, state: Mapping[str, NDArray[Any]], device: str = "cpu") -> Any:
    """Give an unfitted system its fitted state, on a device if it computes on one.

    Parameters
    ----------
    system : Anonymizer or Colorizer
    state : mapping of str to array
        What ``system.state()`` returned.
    device : str
        Where it will anonymize or paint; systems that know no device ignore it.
    """
    knows = "device" in inspect.signature(system.load_state).parameters
    return system.load_state(state, device=device) if knows else system.load_state(state)


def save_system(system: Any, kind: str, folder: Path, card: Mapping[str, Any] | None = None) -> Path:
    """Write a fitted system.

    Parameters
    ----------
    system : Anonymizer or Colorizer
    kind : {"anonymizer", "colorizer"}
    folder : path
        Made if it is not there.
    card : mapping, optional
        What a reader should know beside the system's own card: data, seed, losses; JSON values only.

    Returns
    -------
    Path
        `folder`.

    Raises
    ------
    ConfigError
        If it cannot be written.
    """
    blob = save({name: np.ascontiguousarray(a) for name, a in system.state().items()})
    settings = system.settings
    text = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "version": __version__,
        "kind": kind,
        "name": system.name,
        "settings": dataclasses.asdict(settings),
        "weights_sha256": hashlib.sha256(blob).hexdigest(),
        "system": system.card(),
        **(card or {}),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "weights.safetensors", blob, shared=True)
        write_whole(folder / "card.json", (json.dumps(text, indent=1) + "\n").encode(), shared=True)
    except OSError as error:
        raise ConfigError(
            f"{folder} cannot be written ({error.strerror or error}); give another --output"
        ) from error
    return folder


def load_system(path: Path | str, *, device: str = "cpu") -> Any:
    """Read a system that `save_system` or ``gaitbench train`` wrote.

    Parameters
    ----------
    path : path
        The folder, or one of the two files in it.
    device : str
        ``auto``, ``cpu`` or ``cuda``: where it will compute.

    Returns
    -------
    Anonymizer or Colorizer
        Ready for ``anonymize`` or ``colorize``.

    Raises
    ------
    ModelError
        If a file is missing, truncated, foreign, or of another version.
    """
    given = Path(path)
    folder = given.parent if given.name in ("weights.safetensors", "card.json") else given
    weights, described = folder / "weights.safetensors", folder / "card.json"
    for file in (weights, described):
        if not file.is_file():
            raise ModelError(f"{file} is missing; a trained system is a folder with both of these files")
    card = _read_card(described)
    try:
        blob = weights.read_bytes()
    except OSError as error:
        raise ModelError(f"{weights} cannot be read ({error.strerror or error})") from error
    if hashlib.sha256(blob).hexdigest() != card.weights_sha256:
        raise ModelError(f"{weights} is truncated or belongs to another card than {described}; train again")
    try:
        factory = _REGISTRIES[card.kind].get(card.name)
        settings = _settings(type(factory().settings), card.settings)
        return restore_state(factory(settings), load(blob), device)
    except ConfigError:
        raise
    except GaitbenchError as error:
        raise ModelError(f"{folder}: {card.kind} {card.name}: {error}") from error
    except (SafetensorError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"{described} does not fit {card.kind} {card.name} of version {__version__} ({error}); train again"
        ) from error


class _Card(msgspec.Struct, frozen=True):
    """What must stand in ``card.json``; further fields are for people."""

    kind: Literal["anonymizer", "colorizer"]
    name: str
    settings: dict[str, Any]
    weights_sha256: str


def _read_card(path: Path) -> _Card:
    card = read_json(path, error=ModelError, way_out="train again")
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelError(
            f"{path} describes no system of gaitbench; give a folder that `gaitbench train` wrote"
        )
    if card.get("format_version") != FORMAT_VERSION:
        raise ModelError(
            f"{path} has format version {card.get('format_version')}, this package reads {FORMAT_VERSION}; "
            "train again"
        )
    return convert(_Card, card, f"{path} (train again):", error=ModelError)


def _settings(kind: type[Any], values: dict[str, Any]) -> Any:
    """The settings of a system from plain JSON: all of their fields, for a default may be another by now."""
    made = convert(kind, values, "settings", error=ModelError)
    if differ := _differences(made, values):
        raise ModelError(f"settings differ: {', '.join(sorted(differ))}; train again")
    return made


def _differences(settings: Any, values: Mapping[str, Any]) -> set[str]:
    """Fields that only one of the two has, in parts that are dataclasses themselves too."""
    fields = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    inner = [_differences(one, values[name]) for name, one in fields.items()
             if name in values and dataclasses.is_dataclass(one)]  # fmt: skip
    return (set(fields) ^ set(values)).union(*inner)
