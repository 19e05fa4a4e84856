"""What users write is checked by msgspec against a declared type; what does not fit is said in one line.

The line says where (file and dotted path), what stands there and what may stand there; msgspec's own words name
Python's types and not the value.
"""

from __future__ import annotations

import math
import re
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gaitbench.errors import DataError, GaitbenchError
from gaitbench.nearest import nearest

__all__ = ["convert", "read_json", "refuse_unbounded"]

_Kind = TypeVar("_Kind")
_NAMES = {
    "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "null": "null",
    "array": "a list", "object": "an object of names and values",
}  # fmt: skip
_SIGNS = {">=": "of at least", "<=": "of at most", ">": "above", "<": "below"}
#: Letters of a wrong value that are shown.
_SHOWN = 80


def read_json(path: Path, *, error: type[GaitbenchError] = DataError, way_out: str = "") -> Any:
    """The JSON document in a file: no NaN, no infinity, no half of a surrogate pair.

    Parameters
    ----------
    path : Path
    error : type
        What is raised.
    way_out : str
        What to do about a damaged file.

    Raises
    ------
    GaitbenchError
        As `error`, if the file cannot be read or is no JSON.
    """
    end = f"; {way_out}" if way_out else ""
    try:
        return msgspec.json.decode(path.read_bytes())
    except OSError as fault:
        raise error(f"{path} cannot be read ({fault.strerror or fault}){end}") from fault
    except (msgspec.DecodeError, ValueError, RecursionError) as fault:
        raise error(f"{path} is damaged: not readable JSON ({_line(fault)}){end}") from fault


def convert(
    kind: type[_Kind],
    value: object,
    where: str,
    *,
    error: type[GaitbenchError] = DataError,
    way_out: str = "",
    noun: str = "field",
    bounded: bool = False,
) -> _Kind:
    """A value of the type `kind` out of what stood in a file.

    Parameters
    ----------
    kind : type
        A msgspec Struct, a dataclass, or any other type that msgspec knows.
    value : object
        Text, numbers, booleans, None, lists and dicts of these.
    where : str
        The place for messages: ``"tables.success_rate[3]"`` leads to ``tables.success_rate[3].rate``,
        ``"m.csv line 3:"`` to ``m.csv line 3: rate``; empty where the caller names the file.
    error : type
        What is raised.
    way_out : str
        What to do where something is missing.
    noun : str
        What a name is called: ``field``, ``key`` or ``column``.
    bounded : bool
        `refuse_unbounded` has looked at `value` already.

    Raises
    ------
    GaitbenchError
        As `error`, on one line.
    """
    if not bounded:
        refuse_unbounded(value, where, error=error)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as fault:
        raise error(_explained(fault, kind, value, where, noun, way_out)) from fault
    except (RecursionError, OverflowError, TypeError) as fault:  # TypeError: a third party's type
        raise error(f"{where}: {_line(fault)}") from fault


def refuse_unbounded(value: object, where: str, *, error: type[GaitbenchError] = DataError) -> None:
    """Refuse numbers that no table holds (NaN, infinity, beyond 64 bits) and text that no file holds.

    msgspec lets them through where they come from Python or TOML.

    Raises
    ------
    GaitbenchError
        As `error`, with the path of the first one.
    """
    if _is_plain(value):
        return
    # the same again, slower, for the place
    todo: list[tuple[str, object]] = [(where, value)]
    while todo:
        place, one = todo.pop()
        if isinstance(one, dict):
            for name, inner in one.items():
                if isinstance(name, str) and not _is_text(name):
                    raise error(f"{place} has the name {_shown(name)}, which is no Unicode text")
                todo.append((_joined(place, str(name)), inner))
        elif isinstance(one, list | tuple):
            todo += [(f"{place}[{i}]", inner) for i, inner in enumerate(one)]
        elif isinstance(one, float) and not math.isfinite(one):
            raise error(f"{place} is {one}, not a number that can be used")
        elif isinstance(one, int) and abs(one) >= 2**63:
            raise error(f"{place} is {_shown(one)}, beyond what a whole number may be (64 bits)")
        elif isinstance(one, str) and not _is_text(one):
            raise error(f"{place} is {_shown(one)}, which is no Unicode text")


def _is_plain(value: object) -> bool:
    """Whether all in a document is surely bounded: a record has half a million values, and hardly ever a bad one."""
    todo: list[Any] = [value]
    while todo:
        one = todo.pop()
        kind = type(one)
        if kind is dict:
            todo += one
            todo += one.values()
        elif kind is list or kind is tuple:
            todo += one
        elif kind is str:
            if not _is_text(one):
                return False
        elif kind is float:
            if not math.isfinite(one):
                return False
        elif kind is int:
            if abs(one) >= 2**63:
                return False
        elif kind is not bool and one is not None:
            return False
    return True


def _is_text(text: str) -> bool:
    return text.isascii() or not re.search("[\ud800-\udfff]", text)


def _explained(
    fault: msgspec.ValidationError, kind: Any, value: object, where: str, noun: str, way_out: str
) -> str:
    """The complaint of msgspec in our words."""
    text, at, path = str(fault).rpartition(" - at `$")
    if not at:
        text, path = path, ""
    place, found, wanted = _followed(kind, value, where, path.rstrip("`"))
    end = f"; {way_out}" if way_out else ""
    if match := re.fullmatch(r"Object missing required field `(.*)`", text):
        return f"{place} has no {noun} {match[1]!r}{end}"
    if match := re.fullmatch(r"Object contains unknown field `(.*)`", text):
        known = [name for one in _alternatives(wanted) for name in _fields(one)]
        return f"{place}: unknown {noun} {match[1]!r}{nearest(match[1], known)}"
    if re.match(r"Invalid enum value", text):
        known = [str(name) for one in _alternatives(wanted) for name in typing.get_args(one)]
        return f"{place} is {_shown(found)}, which is unknown{nearest(str(found), known)}"
    if text.startswith("Expected `") and (said := _described(wanted)):
        return f"{place} is {_shown(found)}, not {said}"
    if match := re.match(r"Expected `([^`]+)`(?: (of length )?(>=|<=|>|<)? ?(-?[\d.e+-]+))?", text):
        names = {**_NAMES, "object": "a table"} if noun == "key" else _NAMES
        kinds = " or ".join(names.get(name, f"a {name}") for name in match[1].split(" | "))
        if " | " in match[1] and match[4] is None:
            kinds = kinds.replace(" or null", ", nor null") if found is None else kinds
        more = f" {_SIGNS.get(match[3] or '', 'of')} {match[4]}" if match[4] else ""
        entries = " entries" if match[2] and match[1] == "array" else " letters" if match[2] else ""
        return f"{place} is {_shown(found)}, not {kinds}{more}{entries}"
    if text == "Number out of range":
        return f"{place} is {_shown(found)}, not a number that can be used"
    return f"{place}: {_line(text)}"


def _followed(kind: Any, value: object, where: str, path: str) -> tuple[str, object, Any]:
    """The place a path of msgspec's leads to, as users write it; what stands there, and the type it should have."""
    for step in re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", path):
        name, index = step
        kind = _inner(kind, name)
        if index == "...":
            name, value = _first_wrong(kind, value)
        elif index:
            value = value[int(index)] if isinstance(value, list | tuple) else None
            where = f"{where}[{index}]"
            continue
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
        where = _joined(where, name)
    return where.rstrip(":") or "the document", value, kind


def _joined(where: str, name: str) -> str:
    return f"{where}{' ' if where.endswith(':') else '.' if where else ''}{name}"


def _first_wrong(kind: Any, value: object) -> tuple[str, object]:
    """Name and value of the first entry of an object that is not of `kind`; msgspec does not say which it was."""
    for name, one in value.items() if isinstance(value, Mapping) else ():
        try:
            msgspec.convert(one, kind)
        except msgspec.ValidationError:
            return str(name), one
    return "...", value


def _alternatives(kind: Any) -> list[Any]:
    """The members of a union, else the type itself; without what `Annotated` adds."""
    if typing.get_origin(kind) is typing.Annotated:
        return _alternatives(typing.get_args(kind)[0])
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return [one for member in typing.get_args(kind) for one in _alternatives(member)]
    return [kind]


def _described(kind: Any) -> str:
    """What a value should be in the words of its own `Meta(description=...)`; empty where it has none."""
    if typing.get_origin(kind) is typing.Annotated:
        metas = [meta for meta in typing.get_args(kind)[1:] if isinstance(meta, msgspec.Meta)]
        return next((meta.description for meta in metas if meta.description), "")
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return next(filter(None, map(_described, typing.get_args(kind))), "")
    return ""


def _fields(kind: Any) -> dict[str, Any]:
    """Fields of a Struct or a dataclass with their types; none for anything else."""
    known = getattr(kind, "__struct_fields__", None) or getattr(kind, "__dataclass_fields__", None)
    hints = typing.get_type_hints(kind, include_extras=True) if known else {}
    return {name: hint for name, hint in hints.items() if name in (known or ())}


def _inner(kind: Any, name: str) -> Any:
    """Type of the field `name`, or of the entries of a list or an object (name empty)."""
    for one in _alternatives(kind):
        if name and name in _fields(one):
            return _fields(one)[name]
        if not name and typing.get_args(one):
            inside = typing.get_args(one)
            return inside[-1] if len(inside) == 2 and inside[-1] is not ... else inside[0]
    return Any


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python prints no number of more than some thousand digits
        return "a number of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _line(fault: object) -> str:
    return " ".join(str(fault).split())[:200]
