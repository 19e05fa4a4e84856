"""Picture files opened with care: regular files of a sane size alone, decoded as they are."""

from __future__ import annotations

import stat
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_PIXELS", "MaskError", "decode", "decode_content"]

#: Pixels of one picture; a few kilobytes of PNG can unpack to gigabytes.
MOST_PIXELS = 64_000_000
#: Bytes of one file.
MOST_BYTES = 512 * 2**20


class MaskError(ValueError):
    """A picture, or a sequence of them, that is no silhouette of a person.

    `kind` is ``unreadable``, ``size``, ``ambiguous``, ``inverted``, ``filled``, ``constant`` or ``empty``.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def decode(path: str | Path) -> NDArray[Any]:
    """A picture as its file holds it: (H, W) or (H, W, 3 or 4) in OpenCV's order, of 8 or 16 bits.

    Raises
    ------
    MaskError
        Of kind ``unreadable``: no regular file (a pipe or a device never ends), too large, or no picture.
    """
    path = Path(path)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise MaskError("unreadable", f"{path} is no regular file; only files are read as pictures")
        if found.st_size > MOST_BYTES:
            raise MaskError(
                "unreadable", f"{path} has {found.st_size / 2**20:.0f} MB; no silhouette is that large"
            )
        content = path.read_bytes()
    except OSError as error:
        raise MaskError("unreadable", f"{path} cannot be read ({error.strerror or error})") from None
    return decode_content(content, path)


def decode_content(content: bytes, name: str | Path) -> NDArray[Any]:
    """A picture from the bytes of its file; see `decode`.

    Parameters
    ----------
    content : bytes
    name : str or Path
        How messages call it.

    Raises
    ------
    MaskError
        Of kind ``unreadable``.
    """
    import cv2

    size = _size(content)
    if size is not None and size[0] * size[1] > MOST_PIXELS:
        raise MaskError(
            "unreadable",
            f"{name} says it is {size[0]} x {size[1]} pixels; at most {MOST_PIXELS // 10**6} million are read",
        )
    picture = None
    if content and size is not None:
        try:
            picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
        except cv2.error:
            picture = None
    if picture is None:
        raise MaskError("unreadable", f"{name} is no picture that can be read; write it again as PNG")
    return np.asarray(picture)


def _size(content: bytes) -> tuple[int, int] | None:
    """Width and height as the head of the file says them, before anything is unpacked; None if it is no picture."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    import io
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as picture:
                return picture.size
    except Exception:  # whatever a damaged head makes the library raise, it is no picture
        return None
