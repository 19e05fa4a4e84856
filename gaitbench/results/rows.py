"""Reading a dataclass out of a JSON object: types are checked field by field, errors name the place."""

from __future__ import annotations

import dataclasses
import functools
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from gaitbench.errors import DataError

__all__ = ["read_row", "row_to_dict"]

_Row = TypeVar("_Row")

_NAMES = {str: "text", int: "a whole number", float: "a number", bool: "true or false", type(None): "null"}


def _finite(value: int | float) -> bool:
    """Whether a number is one that a float can hold."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _accepts(kind: Any, value: Any) -> bool:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return any(_accepts(one, value) for one in typing.get_args(kind))
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        return isinstance(value, (list, tuple)) and all(_accepts(inner, one) for one in value)
    if origin in (dict, Mapping):
        _, inner = typing.get_args(kind)
        return isinstance(value, Mapping) and all(
            isinstance(name, str) and _accepts(inner, one) for name, one in value.items()
        )
    if kind is Any:
        return True
    if kind is bool or kind is str or kind is type(None):
        return isinstance(value, kind)
    # JSON knows one kind of number; a bool is an int in Python and must not pass for one.
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and _finite(value)
    raise TypeError(f"the schema uses a type that is not read: {kind!r}")


def _convert(kind: Any, value: Any) -> Any:
    """Give `value` the type the field declares: tuples for lists, floats for whole numbers."""
    origin = typing.get_origin(kind)
    if origin is tuple:
        return tuple(value)
    if kind is float or (origin in (typing.Union, types.UnionType) and float in typing.get_args(kind)):
        return None if value is None else float(value)
    return dict(value) if isinstance(value, Mapping) else value


def _describe(kind: Any) -> str:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return " or ".join(_describe(one) for one in typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return "a list of " + _describe(typing.get_args(kind)[0])
    return _NAMES.get(kind, "an object")


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    """The types of a dataclass' fields; looking them up for every row took most of the time of reading a record."""
    return typing.get_type_hints(cls)


def read_row(cls: type[_Row], row: object, where: str) -> _Row:
    """Build the frozen dataclass `cls` from a JSON object.

    Fields that the schema does not know are passed over, so that a record with more fields of the same
    version stays readable.

    Parameters
    ----------
    cls : type
        A dataclass whose fields are text, numbers, booleans, lists or objects of these.
    row : object
        What stood in the JSON file.
    where : str
        The place for messages, e.g. ``"tables.success_rate[3]"``.

    Raises
    ------
    DataError
        If `row` is not an object, a field is missing or of another type, or the values contradict.
    """
    if not isinstance(row, Mapping):
        raise DataError(f"{where} is not an object; the record is damaged, run the suite again")
    hints = _hints(typing.cast(Any, cls))
    values: dict[str, Any] = {}
    for field in dataclasses.fields(typing.cast(Any, cls)):
        if field.name not in row:
            if field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING:
                continue
            raise DataError(
                f"{where} has no field {field.name!r}; the record is damaged, run the suite again"
            )
        value = row[field.name]
        if not _accepts(hints[field.name], value):
            raise DataError(f"{where}.{field.name} is {value!r}, not {_describe(hints[field.name])}")
        values[field.name] = _convert(hints[field.name], value)
    try:
        return cls(**values)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error


def row_to_dict(row: Any) -> dict[str, Any]:
    """The JSON object of a row: as declared, tuples as lists; one that is an object already stays one."""
    if isinstance(row, Mapping):
        return {str(name): _plain(value) for name, value in row.items()}
    return {field.name: _plain(getattr(row, field.name)) for field in dataclasses.fields(row)}


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value
