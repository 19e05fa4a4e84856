"""Splits: which subject plays which role. Roles are disjoint; a subject in two of them is an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from gaitbench.errors import ConfigError
from gaitbench.validation import convert, read_json

__all__ = ["ROLES", "Split", "WrittenSplit", "parse_subjects", "read_partition"]

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


class _Partition(msgspec.Struct, frozen=True):
    """OpenGait's partition file; further entries are allowed, as its own files have them."""

    TRAIN_SET: tuple[str, ...]
    TEST_SET: tuple[str, ...]


def read_partition(path: Path, present: Iterable[str]) -> Split:
    """A split from OpenGait's partition: ``{"TRAIN_SET": [...], "TEST_SET": [...]}``.

    Who is in the training set teaches the recognizers, every fourth of them (in the order of the names) the
    anonymizers and colorizers instead: no partition knows that role (ours).

    Parameters
    ----------
    path : Path
    present : iterable of str
        Subjects that the data hold; others are left out, as OpenGait does.

    Raises
    ------
    ConfigError
        If the file is no partition, or a role has nobody.
    """
    read = convert(_Partition, read_json(path, error=ConfigError), f"{path}:", error=ConfigError)
    there = set(present)
    train = [s for s in dict.fromkeys(read.TRAIN_SET) if s in there]
    test = tuple(s for s in dict.fromkeys(read.TEST_SET) if s in there)
    named = len({*read.TRAIN_SET, *read.TEST_SET})
    if len(train) < 2 or not test:
        raise ConfigError(
            f"{path}: of {named} subjects the data hold {len(train)} for training and {len(test)} for the test; it is "
            "the partition of another set"
        )
    train.sort()
    models = tuple(train[3::4] or train[-1:])
    return Split(tuple(s for s in train if s not in models), models, test)
