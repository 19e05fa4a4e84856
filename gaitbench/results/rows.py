"""Rows of the record: a frozen dataclass out of a JSON object, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from gaitbench.validation import convert

__all__ = ["WAY_OUT", "read_row", "row_to_dict"]

_Row = TypeVar("_Row")

#: What to do about a record that lacks something.
WAY_OUT = "the record is damaged, run the suite again"


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
    return convert(cls, row, where, way_out=WAY_OUT)


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
