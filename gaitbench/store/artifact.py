"""An artifact as bytes: arrays and metadata in the safetensors format, with a checksum that notices a changed byte."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

__all__ = ["Arrays", "DamagedError", "OtherVersionError", "pack", "read_meta", "unpack"]

Arrays = dict[str, NDArray[Any]]

#: The format needs one array at least.
_NOTHING = "_"
#: Where metadata and checksums stand.
_KEPT = "gaitbench"


class DamagedError(Exception):
    """Bytes are no whole artifact, or not the one that was written."""


class OtherVersionError(DamagedError):
    """Bytes carry no checksum: another version has written them."""


def pack(arrays: Mapping[str, NDArray[Any]], meta: Any) -> bytes:
    """Arrays (numeric or bool) and JSON metadata as one file of bytes."""
    from safetensors.numpy import save

    whole = {name: np.ascontiguousarray(a) for name, a in arrays.items()} or {_NOTHING: np.zeros(1, np.uint8)}
    text = json.dumps(meta, sort_keys=True)
    # one entry: the library writes several in an order of its own, and the same artifact has the same bytes
    kept = {"arrays_sum": _sum_of_arrays(whole), "meta": text, "meta_sum": _sum_of_text(text)}
    data: bytes = save(whole, metadata={_KEPT: json.dumps(kept, sort_keys=True)})
    return data


def unpack(data: bytes) -> tuple[Arrays, Any]:
    """Arrays and metadata.

    Raises
    ------
    DamagedError
        If anything differs from what was packed.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays: Arrays = load(data)
        (size,) = struct.unpack("<Q", data[:8])
        meta, expected = _meta_of(json.loads(data[8 : 8 + size]))
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise DamagedError(str(error) or type(error).__name__) from error
    if _sum_of_arrays(arrays) != expected:
        raise DamagedError("its values are not those that were written")
    arrays.pop(_NOTHING, None)
    return arrays, meta


def read_meta(file: BinaryIO, length: int) -> Any:
    """Metadata of an artifact of `length` bytes without its arrays, whose own checksum is not looked at.

    Raises
    ------
    DamagedError
        If the metadata differ from what was packed, or the file is not as long as its header says.
    """
    try:
        (size,) = struct.unpack("<Q", file.read(8))
        if size > length:
            raise DamagedError("its header is longer than the file")
        header = json.loads(file.read(size))
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        if length != 8 + size + max(ends, default=0):
            raise DamagedError("it is cut off")
        return _meta_of(header)[0]
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        struct.error,
    ) as error:
        raise DamagedError(str(error) or type(error).__name__) from error


def _meta_of(header: dict[str, Any]) -> tuple[Any, str]:
    if _KEPT not in header["__metadata__"]:
        raise OtherVersionError("it has no checksum: another version wrote it")
    kept = json.loads(header["__metadata__"][_KEPT])
    if kept["meta_sum"] != _sum_of_text(kept["meta"]):
        raise DamagedError("its metadata are not those that were written")
    return json.loads(kept["meta"]), kept["arrays_sum"]


def _sum_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _sum_of_arrays(arrays: Mapping[str, NDArray[Any]]) -> str:
    """Sha-256 (32 hex digits) of names, types, shapes and values."""
    found = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        found.update(json.dumps([name, array.dtype.str, list(arrays[name].shape)]).encode())
        found.update(array.reshape(-1).view(np.uint8).data)
    return found.hexdigest()[:32]
