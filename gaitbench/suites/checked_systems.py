"""The systems of a suite, checked: each takes its settings, none stands there twice, labels tell them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gaitbench.errors import ConfigError
from gaitbench.registry import ANONYMIZERS, COLORIZERS, RECOGNIZERS, Registry
from gaitbench.suites.building import checked_value, is_default
from gaitbench.suites.suite import Suite
from gaitbench.system_value import SystemValue, checked_seeds

__all__ = ["checked_systems"]

#: Part of the suite, its field, and where the systems in it are registered.
_FIELDS: tuple[tuple[str, str, Registry], ...] = (
    ("systems", "anonymizers", ANONYMIZERS),
    ("systems", "colorizers", COLORIZERS),
    ("systems", "recognizers", RECOGNIZERS),
    ("attacks", "recognizers", RECOGNIZERS),
    ("attacks", "informed_recognizers", RECOGNIZERS),
    ("attacks", "resegmented_painted_by", COLORIZERS),
    ("quality", "others_painted_by", COLORIZERS),
    ("extras", "sweep", ANONYMIZERS),
    ("extras", "sweep_recognizers", RECOGNIZERS),
    ("extras", "sweep_painted_by", COLORIZERS),
)


def checked_systems(suite: Suite) -> Suite:
    """The suite with every setting of its systems in the type that the system has it in.

    Raises
    ------
    ConfigError
        In one line: a system or setting that is unknown, a value that is refused, a system or label that stands twice.
    """
    try:
        checked_seeds(suite.seeds, "seeds")
        for part, field, registry in _FIELDS:
            values = tuple(checked_value(registry, v) for v in getattr(getattr(suite, part), field))
            _once(f"{part}.{field}", registry, values)
            extra = next(
                (v for v in values if v.seeds and (part != "systems" or field == "recognizers")), None
            )
            if extra is not None:
                raise ConfigError(
                    f"{part}.{field}: {extra} has seeds; give them in systems.anonymizers or systems.colorizers"
                )
            suite = replace(suite, **{part: replace(getattr(suite, part), **{field: values})})
        _labels(suite)
    except ConfigError as error:
        raise ConfigError(f"suite {suite.name}: {error}") from error
    return suite


def _once(place: str, registry: Registry, values: Sequence[SystemValue]) -> None:
    seen: set[SystemValue] = set()
    for value in values:
        if value in seen:
            raise ConfigError(f"{place} names {str(value)!r} twice; name each once")
        seen.add(value)
    for value in values:
        if value.settings and SystemValue(value.name) in seen and is_default(registry, value):
            raise ConfigError(f"{place}: {value} is {value.name}, these settings are its own; name it once")


def _labels(suite: Suite) -> None:
    for registry in (ANONYMIZERS, COLORIZERS, RECOGNIZERS):
        labels: dict[SystemValue, str] = {}
        for value in _all(suite, registry):
            if labels.setdefault(value, value.label) != value.label:
                raise ConfigError(f"{registry.kind} {value} has two labels; give it one, everywhere")
            if value.label and not value.settings and registry.origin(value.name) == "built in":
                raise ConfigError(
                    f"{registry.kind} {value} has a label and no settings: it is shown under its own name, by which "
                    "tables set it beside the slides; leave the label out"
                )
        shown: dict[str, SystemValue] = {}
        for value in labels:
            other = shown.setdefault(value.shown, value)
            if other != value or (value.label and value.label in registry.names()):
                raise ConfigError(f"the label {value.label or other.label!r} is taken; give {value} another")


def _all(suite: Suite, registry: Registry) -> Iterator[SystemValue]:
    for part, field, where in _FIELDS:
        if where is registry:
            yield from getattr(getattr(suite, part), field)
