"""From the value of a system to the system: which settings it takes, and an instance that has them."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from gaitbench.errors import ConfigError, GaitbenchError
from gaitbench.nearest import nearest
from gaitbench.registry import Registry
from gaitbench.system_value import Setting, SystemValue, checked_seeds
from gaitbench.validation import convert

__all__ = ["ANY", "apart", "build", "checked_value", "is_default", "learns", "settings_of"]

#: Stands for a default that says nothing of the type: any value will do.
ANY = object()


def settings_of(factory: Callable[..., Any]) -> dict[str, Any] | None:
    """Settings that a system takes, with their defaults.

    Parameters
    ----------
    factory : callable
        A class with a parameter ``settings`` (a dataclass; a group in it is written with a dot), or one that takes its
        settings as keyword arguments.

    Returns
    -------
    dict of str to default, or None
        `ANY` where a keyword has no default; None if any keyword will do (``**settings``).
    """
    taken, group = _parameters(factory), _group(factory)
    if group is not None:
        return _fields(group)
    if any(p.kind is p.VAR_KEYWORD for p in taken.values()):
        return None
    return {
        name: ANY if p.default in (p.empty, None) else p.default
        for name, p in taken.items()
        if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    }


def checked_value(registry: Registry, value: SystemValue) -> SystemValue:
    """The value with every setting in the type that the system has it in (``1`` becomes ``1.0``).

    Raises
    ------
    ConfigError
        In one line: an unknown system, a setting that it does not take, another type, or a value that it refuses.
    """
    if value.name not in registry.names():
        registry.get(value.name)  # raises with the nearest name
    if not (value.settings or value.seeds) or registry.broken(value.name):
        return value  # what cannot be loaded is a failed cell of the run
    bare, seed = apart(registry, value)
    who = f"{registry.kind} {value.name}"
    if value.seeds and (seed is not None or not learns(registry, value.name)):
        why = (
            "it has a seed among its settings" if seed is not None else "nothing of it is trained under them"
        )
        raise ConfigError(f"{who} can have no seeds: {why}; leave them out")
    known = settings_of(registry.get(value.name))
    found: dict[str, Setting] = {} if seed is None else {"seed": seed}
    for key, given in bare.settings:
        if known is None:
            found[key] = given
        elif key in known:
            found[key] = _typed(known[key], given, f"{who}: setting {key}")
        else:
            raise ConfigError(_unknown(who, key, known))
    checked = dataclasses.replace(value, settings=tuple(found.items()))
    build(registry, checked)
    return checked


def is_default(registry: Registry, value: SystemValue) -> bool:
    """Whether all settings of a value are those that the system has anyway."""
    if not value.settings or registry.broken(value.name) or apart(registry, value)[1] is not None:
        return not value.settings
    known = settings_of(registry.get(value.name))
    return known is not None and all(known.get(key, ANY) == given for key, given in value.settings)


def build(registry: Registry, value: SystemValue, **more: Any) -> Any:
    """A new system, not fitted, with the settings of a value.

    Parameters
    ----------
    **more
        Further keyword arguments; settings win over them.

    Raises
    ------
    ConfigError
        If it refuses them.
    """
    factory, value = registry.get(value.name), apart(registry, value)[0]
    if not value.settings:
        return factory(**more)
    try:
        group = _group(factory)
        if group is not None:
            return factory(settings=_replaced(group, value.chosen), **more)
        return factory(**{**more, **value.chosen})
    except GaitbenchError:
        raise
    except (TypeError, ValueError) as error:
        why = " ".join(str(error).split())[:200]
        raise ConfigError(f"{registry.kind} {value}: its settings are refused ({why})") from error


def learns(registry: Registry, name: str) -> bool:
    """Whether a system is trained by a run, under a seed: no recognizer is repeated."""
    return registry.kind != "recognizer" and bool(getattr(registry.get(name), "trainable", True))


def apart(registry: Registry, value: SystemValue) -> tuple[SystemValue, int | None]:
    """A value without the seed of its training, and that seed.

    ``proposed[seed=3]`` is `proposed` trained under 3. A system that takes a setting ``seed`` itself keeps it.
    """
    seed = value.chosen.get("seed")
    if seed is None or not learns(registry, value.name):
        return value, None
    known = settings_of(registry.get(value.name))
    if known is None or "seed" in known:
        return value, None
    bare = dataclasses.replace(value, settings=tuple(pair for pair in value.settings if pair[0] != "seed"))
    return bare, checked_seeds([seed], f"{value.name}: the setting seed, in a list,")[0]


def _parameters(factory: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(factory).parameters
    except (TypeError, ValueError):
        return {}


def _group(factory: Callable[..., Any]) -> Any:
    """The dataclass of a system's own settings, where its parameter ``settings`` takes one; else None."""
    taken = _parameters(factory).get("settings")
    if taken is None or taken.kind in (taken.VAR_KEYWORD, taken.VAR_POSITIONAL):
        return None
    settings = getattr(factory(), "settings", None)
    return settings if dataclasses.is_dataclass(settings) else None


def _fields(settings: Any, before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in dataclasses.fields(settings):
        value = getattr(settings, one.name)
        if dataclasses.is_dataclass(value):
            found |= _fields(value, f"{before}{one.name}.")
        else:
            found[before + one.name] = ANY if value is None else value
    return found


def _replaced(settings: Any, chosen: Mapping[str, Setting]) -> Any:
    """The dataclass with these fields changed; a group's with a dot."""
    groups: dict[str, dict[str, Setting]] = {}
    for key, value in chosen.items():
        group, dot, rest = key.partition(".")
        if dot:
            groups.setdefault(group, {})[rest] = value
    own = {key: value for key, value in chosen.items() if "." not in key}
    inner = {group: _replaced(getattr(settings, group), part) for group, part in groups.items()}
    return dataclasses.replace(settings, **own, **inner)


def _unknown(who: str, key: str, known: Mapping[str, Any]) -> str:
    if not known:
        return f"{who} takes no settings; write its name alone"
    groups = [name for name in known if name.startswith(f"{key}.")]
    if groups:
        return f"{who}: {key} is a group of settings; give one of {', '.join(groups)}"
    return f"{who} takes no setting {key!r}{nearest(key, known)}"


def _typed(default: Any, given: Setting, where: str) -> Setting:
    return given if default is ANY else convert(_kind_of(default), given, where, error=ConfigError)


def _kind_of(default: Any) -> Any:
    """The type of a setting by its default; lists have entries of the kind of their first."""
    if isinstance(default, list | tuple):
        return tuple[_kind_of(default[0]) if default else Any, ...]  # type: ignore[misc]
    return type(default) if type(default) in (bool, int, float, str) else Any
