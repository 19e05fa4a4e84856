"""Splits: which subject plays which role. Roles are disjoint; a subject in two of them is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from gaitbench.errors import ConfigError
from gaitbench.validation import convert

__all__ = ["ROLES", "Split", "WrittenSplit", "parse_subjects"]

#: recognizer: trains the attacker; models: trains anonymizers and colorizers; test: gallery and probes.
ROLES: tuple[str, ...] = ("recognizer", "models", "test")

#: Subjects of one range; a slip of the finger must not fill the memory.
_MOST = 100_000
_RANGE = re.compile(r"^(\d+)\s*-\s*(\d+)$")


def parse_subjects(text: str | Iterable[str]) -> tuple[str, ...]:
    """Read subjects written as ranges and names: ``"001-003, 007"``.

    Raises
    ------
    ConfigError
        If a range runs backwards or nothing is named.

    Examples
    --------
    >>> parse_subjects("001-003, 007")
    ('001', '002', '003', '007')
    >>> parse_subjects(["anna", "ben"])
    ('anna', 'ben')
    """
    parts = [p.strip() for p in text.split(",")] if isinstance(text, str) else [str(p).strip() for p in text]
    found: list[str] = []
    for part in parts:
        match = _RANGE.match(part)
        if match is None:
            if part:
                found.append(part)
            continue
        first, last = match.groups()
        if int(first) > int(last):
            raise ConfigError(f"subjects {part!r} run backwards; write the smaller number first")
        if int(last) - int(first) >= _MOST:
            raise ConfigError(f"subjects {part!r} are more than {_MOST}; name those that there are")
        width = len(first)
        found += [f"{i:0{width}d}" for i in range(int(first), int(last) + 1)]
    if not found:
        raise ConfigError(f"no subjects in {text!r}; write for example 001-050")
    return tuple(dict.fromkeys(found))


_Subjects = Annotated[
    str | tuple[str, ...], msgspec.Meta(description='a text such as "001-050", or a list of texts')
]


class WrittenSplit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A split as it is written: ranges and names by role."""

    recognizer: _Subjects
    models: _Subjects
    test: _Subjects


@dataclass(frozen=True)
class Split:
    """Subjects by role.

    Parameters
    ----------
    recognizer, models, test : tuple of str
        Subject ids.

    Raises
    ------
    ConfigError
        If a subject has two roles or a role has nobody.

    Examples
    --------
    >>> Split(("001", "002"), ("003",), ("002", "004"))
    Traceback (most recent call last):
        ...
    gaitbench.errors.ConfigError: subject 002 is in two roles (recognizer and test); give each subject one role
    """

    recognizer: tuple[str, ...]
    models: tuple[str, ...]
    test: tuple[str, ...]

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for role in ROLES:
            subjects = getattr(self, role)
            if not subjects:
                raise ConfigError(f"the split gives nobody the role {role!r}; name at least one subject")
            for subject in subjects:
                if subject in seen:
                    raise ConfigError(
                        f"subject {subject} is in two roles ({seen[subject]} and {role}); give each subject one role"
                    )
                seen[subject] = role

    @classmethod
    def from_table(cls, table: Mapping[str, str | Iterable[str]]) -> Split:
        """Build from role -> subjects (ranges allowed).

        Raises
        ------
        ConfigError
            Also for a role that is unknown or missing.
        """
        return cls.read(convert(WrittenSplit, table, "the split", error=ConfigError, noun="role"))

    @classmethod
    def read(cls, table: WrittenSplit) -> Split:
        """The split that was written."""
        return cls(**{role: parse_subjects(getattr(table, role)) for role in ROLES})

    def role(self, subject: str) -> str | None:
        """The role of a subject, None if it has none."""
        return next((r for r in ROLES if subject in getattr(self, r)), None)
