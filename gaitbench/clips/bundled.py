"""The systems that anonymize a video: bundled, in need of no training, or trained by the user."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from gaitbench.errors import ConfigError
from gaitbench.registry import ANONYMIZERS, COLORIZERS, Registry
from gaitbench.suites.building import build, checked_value
from gaitbench.system_value import SystemValue, base_name
from gaitbench.systems import Anonymizer, Colorizer
from gaitbench.training import load_system, restore_state

__all__ = ["FOLDER", "bundled_names", "open_anonymizer", "open_colorizer"]

#: A folder for each system, as `gaitbench.training.save_system` writes it.
FOLDER = Path(__file__).parent / "pretrained"
#: Controls: they hide nobody, or need people who are not in a video.
_NO_ANONYMIZERS = ("original", "someone-else", "constant", "oracle")


def bundled_names() -> list[str]:
    """Systems whose weights are here, sorted."""
    return sorted(path.parent.name for path in FOLDER.glob("*/card.json"))


def open_anonymizer(name: str, strength: float | None = None, device: str = "cpu") -> Anonymizer:
    """An anonymizer that is ready.

    Parameters
    ----------
    name : str
        As registered, with settings where wanted, or the folder of one that `gaitbench train` wrote.
    strength : float, optional
        Its setting of that name.
    device : str

    Raises
    ------
    ConfigError
        If it is unknown, a control, not to be had without training, or takes no strength.
    """
    if base_name(name) in _NO_ANONYMIZERS:
        raise ConfigError(f"anonymizer {name!r} is a control of the suites and hides nobody in a video")
    found: Anonymizer = _opened(ANONYMIZERS, name, strength, device)
    return found


def open_colorizer(name: str, device: str = "cpu") -> Colorizer:
    """A colorizer that is ready; see `open_anonymizer`.

    Raises
    ------
    ConfigError
        If it is unknown, or not to be had without training.
    """
    found: Colorizer = _opened(COLORIZERS, name, None, device)
    return found


def _opened(registry: Registry, name: str, strength: float | None, device: str) -> Any:
    if base_name(name) not in registry.names() and Path(name).is_dir():
        system = load_system(name, device=device)
        if not hasattr(system, "anonymize" if registry is ANONYMIZERS else "colorize"):
            raise ConfigError(f"{name} holds {system.name}, which is no {registry.kind}")
        return system if strength is None else _stronger(system, {"strength": strength}, device)
    value = checked_value(registry, SystemValue.parse(name))
    given = dict(value.settings)
    if strength is not None:
        given["strength"] = strength
    factory = registry.get(value.name)
    if not getattr(factory, "trainable", True):
        if strength is not None:
            value = checked_value(registry, dataclasses.replace(value, settings=tuple(sorted(given.items()))))
        return build(registry, value).fit([], seed=0)
    if value.name not in bundled_names():
        ready = [n for n in registry.names() if _ready(registry, n)]
        raise ConfigError(
            f"{registry.kind} {value.name!r} must be trained first: give the folder that `gaitbench train` wrote, "
            f"or one of {', '.join(ready)}"
        )
    system = load_system(FOLDER / value.name, device=device)
    return _stronger(system, given, device) if given else system


def _ready(registry: Registry, name: str) -> bool:
    if name in _NO_ANONYMIZERS or registry.broken(name):
        return False
    return name in bundled_names() or not getattr(registry.get(name), "trainable", True)


def _stronger(system: Any, given: dict[str, Any], device: str) -> Any:
    """The same weights under other settings, of those that play no part in training."""
    may = tuple(getattr(system, "applied", ()))
    wrong = sorted(set(given) - set(may))
    if wrong:
        raise ConfigError(
            f"{system.name} cannot be given another {', '.join(wrong)} once it is trained; free are: "
            f"{', '.join(may) or 'none'}"
        )
    other = type(system)(dataclasses.replace(system.settings, **given))
    return restore_state(other, system.state(), device)
