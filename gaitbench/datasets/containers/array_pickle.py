"""Arrays out of pickles from elsewhere, of which nothing is run. See docs/decisions/012-arrays-out-of-pickles.md.

A pickle is a program. This reader knows the few instructions that a numpy array is written with, works through them on
its own stack, and makes of numpy's names nothing but notes of what was asked for; Python's unpickler and numpy's are
never called. Whatever else a file holds is refused by its name. Sizes are checked against the bytes that are there
before anything is allocated. The instructions are those of Python's ``pickletools``; the rest is ours.
"""

from __future__ import annotations

import pickletools
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import DataError

__all__ = ["MOST_BYTES", "read_array_pickle"]

#: Bytes of a file, and of all arrays in it together: one sequence of silhouettes has some 250 kB.
MOST_BYTES = 512 * 2**20
#: Instructions of a file; an array takes some thirty, a frame of a list as many.
_MOST_STEPS = 300_000

_RECONSTRUCT, _ARRAY, _DTYPE, _FROM_BUFFER, _ENCODE = (
    "reconstruct",
    "ndarray",
    "dtype",
    "frombuffer",
    "encode",
)
#: The names that are understood: numpy 1 and 2 write an array by these, protocols below 3 its bytes as latin-1 text.
_KNOWN = {
    ("numpy.core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy.core.numeric", "_frombuffer"): _FROM_BUFFER,
    ("numpy._core.numeric", "_frombuffer"): _FROM_BUFFER,
    ("numpy", "ndarray"): _ARRAY,
    ("numpy", "dtype"): _DTYPE,
    ("_codecs", "encode"): _ENCODE,
}
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
#: Instructions that put their argument on the stack.
_LITERALS = {
    "BININT", "BININT1", "BININT2", "LONG1", "INT", "LONG", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "UNICODE",
    "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8",
}  # fmt: skip
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_PUTS, _GETS = {"PUT", "BINPUT", "LONG_BINPUT"}, {"GET", "BINGET", "LONG_BINGET"}
#: dtypes by kind and size, as numpy writes them.
_DTYPES = {"b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"}


class _RefusedError(Exception):
    """What a file holds beside arrays."""


@dataclass(frozen=True)
class _Name:
    what: str


class _Mark:
    pass


@dataclass
class _Dtype:
    code: str
    order: str = "="

    def made(self) -> np.dtype[Any]:
        return np.dtype(f"{self.order}{self.code}" if self.order != "|" else self.code)


@dataclass
class _Array:
    values: NDArray[Any] | None = None


def read_array_pickle(content: bytes, name: str) -> NDArray[Any]:
    """The array of a pickle; a list of arrays of one shape becomes one.

    Parameters
    ----------
    content : bytes
        Of the file, at most `MOST_BYTES`.
    name : str
        How messages call the file.

    Returns
    -------
    array of bool, whole numbers or floats

    Raises
    ------
    DataError
        In one line with the file's name, if it holds anything but numpy arrays of numbers; nothing of it was run.
    """
    if len(content) > MOST_BYTES:
        raise DataError(f"{name} has {len(content) >> 20} MB; no sequence of silhouettes is that large")
    try:
        return _one_array(_Machine().run(content))
    except _RefusedError as error:
        raise DataError(
            f"{name} is refused: a pickle may hold numpy arrays alone, and this one {error}; nothing of it was run"
        ) from None
    except (ValueError, IndexError, OverflowError, MemoryError, RecursionError) as error:
        why = " ".join(str(error).split())[:120]
        raise DataError(f"{name} is no readable pickle of an array ({why or type(error).__name__})") from None


class _Machine:
    """The stack that a pickle's instructions work on."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def run(self, content: bytes) -> Any:
        """Work through all instructions; returns what is left at the end."""
        for step, (opcode, value, at) in enumerate(pickletools.genops(content)):
            if step >= _MOST_STEPS:
                raise _RefusedError(f"has more than {_MOST_STEPS} instructions")
            if opcode.name == "STOP":
                if at is not None and at + 1 != len(content):
                    raise _RefusedError("goes on after its end")
                break
            self._do(opcode.name, value)
        if len(self.stack) != 1:
            raise _RefusedError("leaves no single value")
        return self.stack[0]

    def _do(self, name: str, value: Any) -> None:
        stack = self.stack
        if name in ("PROTO", "FRAME"):
            return
        if name in _LITERALS:
            stack.append(value)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in _PUTS:
            self.memo[value] = stack[-1]
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif name in _GETS:
            if value not in self.memo:
                raise _RefusedError("asks for what it did not keep")
            stack.append(self.memo[value])
        elif name == "MARK":
            stack.append(_Mark)
        elif name in _TUPLES:
            stack.append(tuple(self._taken(_TUPLES[name])))
        elif name == "TUPLE":
            stack.append(tuple(self._since_mark()))
        elif name == "EMPTY_TUPLE":
            stack.append(())
        elif name in ("EMPTY_LIST", "LIST"):
            stack.append([] if name == "EMPTY_LIST" else self._since_mark())
        elif name in ("APPEND", "APPENDS"):
            more = self._taken(1) if name == "APPEND" else self._since_mark()
            self._top(list).extend(more)
        elif name == "GLOBAL":
            module, _, attribute = value.partition(" ")
            stack.append(_known(module, attribute))
        elif name == "STACK_GLOBAL":
            stack.append(_known(*self._taken(2)))
        elif name == "REDUCE":
            called, given = self._taken(2)
            stack.append(_called(called, given))
        elif name == "BUILD":
            (state,) = self._taken(1)
            _set_state(stack[-1], state)
        else:
            raise _RefusedError(f"holds the instruction {name}")

    def _taken(self, count: int) -> list[Any]:
        if len(self.stack) < count:
            raise _RefusedError("takes more than there is")
        taken = self.stack[-count:]
        del self.stack[-count:]
        return taken

    def _since_mark(self) -> list[Any]:
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place] is _Mark:
                taken = self.stack[place + 1 :]
                del self.stack[place:]
                return taken
        raise _RefusedError("takes more than there is")

    def _top(self, kind: type) -> Any:
        if not isinstance(self.stack[-1], kind):
            raise _RefusedError("adds to what is no list")
        return self.stack[-1]


def _known(module: Any, name: Any) -> _Name:
    if not (isinstance(module, str) and isinstance(name, str)):
        raise _RefusedError("names a thing by what is no text")
    if (module, name) not in _KNOWN:
        raise _RefusedError(f"names {f'{module}.{name}'[:80]!r}")
    return _Name(_KNOWN[module, name])


def _called(called: Any, given: Any) -> Any:
    """What stands for the result of a call; nothing is called."""
    what = called.what if isinstance(called, _Name) else ""
    match what, given:
        case "reconstruct", (_Name("ndarray"), (int(),), _):
            return _Array()
        case "dtype", (str() as code, *_):
            return _Dtype(_plain_dtype(code))
        case "encode", (str() as text, str() as how) if how.replace("-", "").lower() == "latin1":
            return text.encode("latin-1")
        case "frombuffer", (
            (bytes() | bytearray()) as raw,
            _Dtype() as kind,
            tuple() as shape,
            ("C" | "F") as order,
        ):
            return _Array(_filled(raw, kind, shape, order == "F"))
    raise _RefusedError("calls what makes no array")


def _set_state(thing: Any, state: Any) -> None:
    match thing, state:
        case _Array(), (int(), tuple() as shape, _Dtype() as kind, (bool() | int()) as fortran, raw):
            if not isinstance(raw, bytes | bytearray):
                raise _RefusedError("holds an array of objects")
            thing.values = _filled(raw, kind, shape, bool(fortran))
        case _Dtype(), (int(), str() as order, None, None, None, int(), int(), *_) if order in (
            "<",
            ">",
            "|",
            "=",
        ):
            thing.order = order
        case _Dtype(), _:
            raise _RefusedError("holds an array of records or objects")
        case _:
            raise _RefusedError("sets what belongs to no array")


def _plain_dtype(code: str) -> str:
    if code.startswith("O"):
        raise _RefusedError("holds an array of objects")
    if code not in _DTYPES:
        raise _RefusedError(f"holds an array of type {code[:20]!r}, not of numbers")
    return code


def _filled(raw: bytes | bytearray, kind: _Dtype, shape: tuple[Any, ...], fortran: bool) -> NDArray[Any]:
    """An array over bytes that are there; its shape must say exactly as many."""
    if len(shape) > 8 or not all(type(n) is int and n >= 0 for n in shape):
        raise _RefusedError("holds an array of no shape")
    dtype = kind.made()
    if prod(shape) * dtype.itemsize != len(raw):
        raise _RefusedError(f"holds an array of {len(raw)} bytes whose shape asks for others")
    return np.frombuffer(raw, dtype).reshape(shape, order="F" if fortran else "C")


def _one_array(found: Any) -> NDArray[Any]:
    if isinstance(found, _Array) and found.values is not None:
        return found.values
    if not isinstance(found, list | tuple):
        raise _RefusedError("holds no array at its end")
    parts = [one.values for one in found if isinstance(one, _Array) and one.values is not None]
    if not parts or len(parts) != len(found):
        raise _RefusedError("holds a list of other things than arrays")
    if any(one.shape != parts[0].shape or one.dtype != parts[0].dtype for one in parts):
        raise _RefusedError("holds arrays of several shapes or types")
    if sum(one.nbytes for one in parts) > MOST_BYTES:
        raise _RefusedError(f"unfolds to more than {MOST_BYTES >> 20} MB")
    return np.stack(parts)
