"""The note that lies beside exported walkers: that they were rendered, and of what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from gaitbench.validation import convert, read_json

__all__ = ["ExportNote", "WalkerParameters", "read_note"]

_Seed = Annotated[int, msgspec.Meta(ge=0)]


class WalkerParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the walkers of an export were made of; the arguments of `gaitbench.datasets.walkers.Walkers`."""

    seed: _Seed
    subjects: Annotated[int, msgspec.Meta(ge=1, le=9999)]
    length: Annotated[int, msgspec.Meta(ge=10, le=90)]
    fps: Annotated[float, msgspec.Meta(gt=0)]


class ExportNote(msgspec.Struct, frozen=True):
    """What of the note is read again; the rest is for people.

    `frames` is the limit that broke sequences off, None where all frames were written; `film` one of
    `gaitbench.datasets.walkers.films`, None for the usual one; `kind` one of
    `gaitbench.protocol.WALKER_KINDS`, None for the plain ones.
    """

    seed: _Seed
    parameters: WalkerParameters
    frames: Annotated[int, msgspec.Meta(ge=1)] | None = None
    film: Literal["grey", "small", "indoor", "cctv"] | None = None
    kind: Literal["uneven"] | None = None


def read_note(path: Path) -> ExportNote:
    """Read the note of an export.

    Raises
    ------
    DataError
        If it is damaged or not the note of an export.
    """
    again = "not the note of an export; export the walkers again"
    return convert(ExportNote, read_json(path, way_out=again), f"{path} ({again}):")
