"""A system as a value: its name in the registry, the settings that differ from its own, and a label for reports.

Its text, ``model-2[strength=0.5]``, is its identity: rows of records, keys of artifacts and failed cells hold it, and
`SystemValue.parse` gives the value back. Settings are sorted and written as JSON; a group of settings is written with a
dot (``training.steps``).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from gaitbench.errors import ConfigError
from gaitbench.validation import convert

__all__ = [
    "Seed", "Setting", "SystemTable", "SystemValue", "WrittenSystem", "base_name", "checked_seeds", "settings_text",
]  # fmt: skip

#: What a setting may be: TOML's values, frozen.
Setting = bool | int | float | str | tuple[Any, ...] | None

#: Signs that part names, settings and failed cells from each other.
_SIGNS = ",=|[]()\n\r"


#: A seed as it is written.
Seed = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1, description=f"a whole number from 0 to {2**32 - 1}")]

_Seeds = Annotated[tuple[Seed, ...], msgspec.Meta(description="a list such as [0, 1, 2]")]


class SystemTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A system as a suite writes it where its name alone does not say it."""

    name: str
    settings: dict[str, Any] = {}
    label: str = ""
    seeds: tuple[Seed, ...] = ()


WrittenSystem = Annotated[
    str | SystemTable,
    msgspec.Meta(description='a name, or {name = "model-2", settings = {strength = 0.5}, label = "half"}'),
]


@dataclass(frozen=True, eq=False, repr=False)
class SystemValue:
    """A system of a suite. Equal are two values with the same name and settings; the label is for reports only.

    Parameters
    ----------
    name : str
        As registered.
    settings : mapping of str to setting, optional
        Booleans, numbers, texts, lists of these; a mapping is a group, ``{"training": {"steps": 9}}``, and is the same
        as ``{"training.steps": 9}``. Kept as sorted pairs.
    label : str
        How reports name it; empty: its text.
    seeds : tuple of int
        It is trained once under each; like the label no part of its identity. Empty: under the suite's.

    Raises
    ------
    ConfigError
        If a name holds one of ``,=|[]()``, the label a comma before a space (it parts the cells of failures), or a
        setting is none of these types.

    Examples
    --------
    >>> value = SystemValue("model-2", {"strength": 0.5}, label="model-2 at 0.5")
    >>> str(value), value == SystemValue.parse("model-2[strength=0.5]")
    ('model-2[strength=0.5]', True)
    """

    name: str
    settings: tuple[tuple[str, Setting], ...] = ()
    label: str = ""
    seeds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        given: Any = self.settings
        pairs = dict(_flat(given if isinstance(given, Mapping) else dict(given)))
        object.__setattr__(self, "settings", tuple(sorted((k, _frozen(k, v)) for k, v in pairs.items())))
        for what, text in (("name", self.name), *(("setting", k) for k, _ in self.settings)):
            if any(sign in text for sign in _SIGNS) or text != text.strip() or not text:
                raise ConfigError(
                    f"the {what} {text!r} of a system is not possible; leave out spaces at its ends and the signs "
                    f"{' '.join(_SIGNS.strip())}"
                )
        object.__setattr__(self, "seeds", checked_seeds(self.seeds, f"the seeds of {self.name}"))
        if ", " in self.label or self.label != " ".join(self.label.split()):
            raise ConfigError(
                f"the label {self.label!r} of {self.name} is not possible; write it on one line, with single spaces "
                "and without a comma before a space"
            )

    def under(self, seed: int) -> SystemValue:
        """One of its trainings, as a value: ``proposed[seed=3]``."""
        return SystemValue(self.name, (*self.settings, ("seed", seed)))

    @property
    def chosen(self) -> dict[str, Setting]:
        """The settings by name; a group's with a dot."""
        return dict(self.settings)

    @property
    def shown(self) -> str:
        """What a report calls it: the label, or else the text."""
        return self.label or str(self)

    def __str__(self) -> str:
        if not self.settings:
            return self.name
        return f"{self.name}[{','.join(f'{k}={_text(v)}' for k, v in self.settings)}]"

    def __repr__(self) -> str:
        return f"SystemValue.parse({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, SystemValue) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    @classmethod
    def parse(cls, text: str) -> SystemValue:
        """The value of a text such as ``model-2[strength=0.5]``.

        Raises
        ------
        ConfigError
            If it is none.
        """
        return _parsed(text)

    @classmethod
    def read(cls, given: object) -> SystemValue:
        """The value that a suite writes: a text, or a table of ``name``, ``settings`` and ``label``.

        Raises
        ------
        ConfigError
            In one line, if it is neither.
        """
        if isinstance(given, str):
            return cls.parse(given)
        table = (
            given
            if isinstance(given, SystemTable)
            else convert(SystemTable, given, "a system", error=ConfigError, noun="key")
        )
        return cls(table.name, table.settings, table.label, table.seeds)  # type: ignore[arg-type]

    def plain(self) -> Any:
        """As a record's suite holds it: the name, or an object with the text where there are settings or a label."""
        if not self.settings and not self.label and not self.seeds:
            return self.name
        settings = {k: _thawed(v) for k, v in self.settings}
        return {
            "name": self.name, "settings": settings, "label": self.label, "text": str(self), "seeds": list(self.seeds),
        }  # fmt: skip


def checked_seeds(given: object, what: str) -> tuple[int, ...]:
    """Seeds of repeated trainings: different whole numbers.

    Raises
    ------
    ConfigError
    """
    seeds: tuple[int, ...] = convert(_Seeds, given, what, error=ConfigError)
    if len(set(seeds)) < len(seeds):
        raise ConfigError(f"{what} are {given!r}, not different numbers; name each once")
    return seeds


def base_name(text: str) -> str:
    """The registered name in the text of a system.

    Examples
    --------
    >>> base_name("model-2[strength=0.5]"), base_name("none")
    ('model-2', 'none')
    """
    return text.partition("[")[0]


def settings_text(text: str) -> str:
    """The settings in the text of a system, without the brackets; empty where it has none.

    Examples
    --------
    >>> settings_text("model-2[strength=0.5]"), settings_text("model-2")
    ('strength=0.5', '')
    """
    return text.partition("[")[2].removesuffix("]")


@lru_cache(maxsize=1024)
def _parsed(text: str) -> SystemValue:
    name, sign, inside = text.partition("[")
    if not sign:
        return SystemValue(name)
    try:
        if not inside.endswith("]"):
            raise ValueError("it ends without ]")
        # a comma inside a list stands before no NAME=; texts hold no bare = (see `_text`)
        pairs = [part.partition("=") for part in re.split(r",(?=[^,=\[\]\"]+=)", inside[:-1])]
        if any(not equals for _, equals, _ in pairs):
            raise ValueError("a setting is written NAME=VALUE")
        return SystemValue(name, {key: json.loads(value) for key, _, value in pairs})  # type: ignore[arg-type]
    except ValueError as error:
        raise ConfigError(
            f"{text!r} is no system ({error}); write it as model-2 or model-2[strength=0.5]"
        ) from error


def _flat(settings: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in settings.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{before}{key}.")
        else:
            found.append((f"{before}{key}", value))
    return found


def _frozen(key: str, value: Any) -> Setting:
    if isinstance(value, list | tuple):
        return tuple(_frozen(key, one) for one in value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"setting {key} is {value}; give a finite number")
    if value is not None and not isinstance(value, bool | int | float | str):
        raise ConfigError(
            f"setting {key} is a {type(value).__name__}; give a number, a text, true or false, or a list of these"
        )
    return value


def _thawed(value: Setting) -> Any:
    return [_thawed(one) for one in value] if isinstance(value, tuple) else value


def _text(value: Setting) -> str:
    """JSON without spaces; in texts, signs that part cells and settings from each other are escaped."""
    if isinstance(value, tuple):
        return f"[{','.join(map(_text, value))}]"
    text = json.dumps(value)
    if isinstance(value, str):
        text = "".join(f"\\u{ord(sign):04x}" if sign in _SIGNS else sign for sign in text)
    return text
