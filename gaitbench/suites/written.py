"""The form in which a suite is written: a Struct for each part, so that what does not fit is refused with its place.

The Structs are made of the parts themselves: a field that is added there is read, and the limits in its type hold.
"""

from __future__ import annotations

import dataclasses
import typing
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec

from gaitbench.datasets.splits import Split, WrittenSplit
from gaitbench.suites.parts import Angle
from gaitbench.system_value import SystemValue, WrittenSystem

__all__ = ["built", "written"]

_Kind = TypeVar("_Kind")
_Degrees = Annotated[
    int, msgspec.Meta(ge=0, le=360, description="a whole number of degrees from 0 to 360, or a label")
]
#: Digits alone are three, as names of sequences print them: "0" is a slip of the finger.
_Label = Annotated[str, msgspec.Meta(pattern=r"[^0-9]|^[0-9]{3}$", max_length=60, description="a label")]
#: A view in a suite.
WrittenView = _Degrees | _Label


@cache
def written(kind: type[Any]) -> type[msgspec.Struct]:
    """The Struct in which the dataclass `kind` is written; names that it does not have are refused."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields: list[tuple[str, Any, Any]] = []
    for one in dataclasses.fields(kind):
        default: Any = one.default
        if one.default_factory is not dataclasses.MISSING:
            default = msgspec.field(default_factory=one.default_factory)
        elif default is dataclasses.MISSING:
            default = msgspec.NODEFAULT
        fields.append((one.name, _form(hints[one.name]), default))
    return msgspec.defstruct(kind.__name__, fields, kw_only=True, frozen=True, forbid_unknown_fields=True)


def built(kind: type[_Kind], table: Any) -> _Kind:
    """The dataclass that stood in `table`; its parts check themselves, and read the systems in them.

    Raises
    ------
    ConfigError
        Where values contradict each other.
    """
    values = {one.name: getattr(table, one.name) for one in dataclasses.fields(typing.cast(Any, kind))}
    hints = typing.get_type_hints(kind)
    for name, value in values.items():
        if isinstance(value, WrittenSplit):
            values[name] = Split.read(value)
        elif isinstance(value, msgspec.Struct):
            values[name] = built(hints[name], value)
    return kind(**values)


def _form(hint: Any) -> Any:
    """The type of a field as it is written: systems and splits have a form of their own."""
    if hint is SystemValue:
        return WrittenSystem
    if hint is Split:
        return WrittenSplit
    if dataclasses.is_dataclass(hint):
        return written(typing.cast(Any, hint))
    if hint == Angle:
        return WrittenView
    inside = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Annotated:
        return typing.Annotated[(_form(inside[0]), *inside[1:])]
    if typing.get_origin(hint) is tuple:
        return tuple[tuple(one if one is ... else _form(one) for one in inside)]  # type: ignore[misc]
    return hint
