"""The notes of an import: what the whole was made of, and one a sequence. Ours.

They lie in a folder that every reader passes over. A sequence is there when its note is: the note is written last.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.validation import convert, read_json

__all__ = [
    "FOLDER",
    "ImportNote",
    "SequenceNote",
    "note_place",
    "read_import_note",
    "read_sequence_note",
    "sequence_place",
]

#: Below the root of an import.
FOLDER = ".import"

_Note = TypeVar("_Note", bound=msgspec.Struct)
_Count = Annotated[int, msgspec.Meta(ge=0)]


class ImportNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an import is.

    Parameters
    ----------
    source : str
        What the report calls the data: the kind of the source.
    layout : str
        ``casia-b`` (a tree of pictures) or ``npz``.
    rendered : bool
        The people are walkers.
    how : str
        What tells one way of reading the source from another.
    """

    source: str
    layout: Literal["casia-b", "npz"]
    rendered: bool
    how: str
    version: Literal[1] = 1


class SequenceNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a sequence came in.

    Parameters
    ----------
    key : str
    mark : str
        Of the source's files and of how they were read: another mark is another sequence.
    frames : int
        Silhouettes written.
    total : int
        Frames of the video behind them.
    aligned : bool
        Crops that somebody has aligned.
    score : float
        Share of the frames that look like one whole person, 0 to 1.
    faults : dict of str to int
        Why the other frames do not: frames by kind.
    notes : tuple of str
    """

    key: str
    mark: str
    frames: _Count
    total: _Count
    aligned: bool
    score: Annotated[float, msgspec.Meta(ge=0, le=1)]
    faults: dict[str, _Count] = {}
    notes: tuple[str, ...] = ()


def note_place(root: Path) -> Path:
    """The note of an import."""
    return root / FOLDER / "import.json"


def sequence_place(root: Path, key: SequenceKey) -> Path:
    """The note of a sequence."""
    return root / FOLDER / "sequences" / f"{key}.json"


def read_import_note(root: Path) -> ImportNote:
    """The note of an import.

    Raises
    ------
    DataError
        If it is damaged.
    """
    return _read(ImportNote, note_place(root))


def read_sequence_note(root: Path, key: SequenceKey) -> SequenceNote:
    """The note of a sequence.

    Raises
    ------
    DataError
        If it is damaged.
    """
    return _read(SequenceNote, sequence_place(root, key))


def _read(kind: type[_Note], path: Path) -> _Note:
    again = "no note of an import; remove it and import again"
    return convert(kind, read_json(path, way_out=again), f"{path} ({again}):")
