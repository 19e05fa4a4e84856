"""Files that are whole or absent."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, data: bytes, *, shared: bool = False) -> None:
    """Write `data` under a temporary name beside `path` (``*.part``) and rename it; nobody meets half a file.

    Parameters
    ----------
    path : Path
        Its folder exists.
    data : bytes
    shared : bool
        Whether others may read it, as the user's mask says; by default the owner alone.

    Raises
    ------
    OSError
        If the folder cannot be written; nothing is left behind.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if shared:
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
