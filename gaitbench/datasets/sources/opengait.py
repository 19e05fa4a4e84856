"""OpenGait's tree: ``ID/TYPE/VIEW/*.pkl``, aligned silhouettes in pickles, of which nothing is run.

What its pretreatment writes for CASIA-B, OU-MVLP, SUSTech1K, CCPG, Gait3D, GREW and others: one pickle a sequence with
a uint8 array (frames, 64, 64) or (frames, 64, 44), levels of grey at the rim. Names of types are read as these sets
spell them: ``nm-01`` and SUSTech1K's ``00-nm`` are a condition and a take, all others (``00``, ``U0_D0_BG``,
``camid9_videoid2``) a condition. A view of three digits is degrees, any other a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.containers.array_pickle import read_array_pickle
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.plain_source import Levels, PlainSource
from gaitbench.datasets.sources.tree import LeftOut, entries, is_junk
from gaitbench.errors import DataError
from gaitbench.validation import convert, read_json

__all__ = ["NUMBERS", "OpenGait", "parts_of_type"]

#: Folder beside the ids with the frame numbers of each sequence, which the pickles do not hold; ours.
NUMBERS = "frame_numbers"

_TAKE_LAST = re.compile(r"([a-z]+)-([0-9]+)\Z")
_TAKE_FIRST = re.compile(r"([0-9]{2})-([a-z][a-z-]*)\Z")
#: Folders of each level that are looked into before a guess.
_TRIED = 8

_Numbers = tuple[Annotated[int, msgspec.Meta(ge=1)], ...]


def parts_of_type(name: str) -> tuple[str, str | None]:
    """Condition and take of a type's name.

    Examples
    --------
    >>> parts_of_type("nm-01"), parts_of_type("00-nm"), parts_of_type("U0_D0_BG")
    (('nm', '01'), ('nm', '00'), ('U0_D0_BG', None))
    """
    if found := _TAKE_LAST.match(name):
        return found[1], found[2]
    if found := _TAKE_FIRST.match(name):
        return found[2], found[1]
    return name, None


class OpenGait(PlainSource):
    """A tree of OpenGait's (the `Dataset` protocol).

    Parameters
    ----------
    root : Path or str
        The folder that holds the ids.
    rate : float, optional
        Frames a second; 25, and said, if not given.
    """

    label = "opengait"

    @staticmethod
    def fits(root: Path) -> bool:
        """A folder with pickles three folders down."""
        if not root.is_dir():
            return False
        level = [root]
        for _ in range(3):
            level = [inner for folder in level for inner in _folders(folder)[:_TRIED]][: _TRIED * _TRIED]
        return any(path.suffix == ".pkl" for folder in level for path in folder.iterdir())

    def _scan(self) -> dict[SequenceKey, Path]:
        if not self.root.is_dir():
            raise DataError(f"{self.root}: no such folder; give the one that holds ID/TYPE/VIEW/*.pkl")
        found: dict[SequenceKey, Path] = {}
        for subject in _folders(self.root):
            for kind in _folders(subject):
                for view in _folders(kind):
                    self._view(found, subject.name, kind.name, view)
        if not found:
            raise DataError(f"{self.root}: no ID/TYPE/VIEW/*.pkl here; give the folder that holds the ids")
        return found

    def _view(self, found: dict[SequenceKey, Path], subject: str, kind: str, view: Path) -> None:
        path = self._pickle(view)
        if path is None:
            return
        condition, take = parts_of_type(kind)
        try:
            key = SequenceKey.of(subject, condition, view.name, take=take)
        except DataError as error:
            self.left_out.append(LeftOut("name", f"{view}: {error}"))
            return
        if key in found:
            self.left_out.append(LeftOut("double", f"{key}: lies in {path}, too; read in {found[key]}"))
            return
        found[key] = path

    def _pickle(self, view: Path) -> Path | None:
        """The pickle of silhouettes in a folder: the only one, the one named for them, or the one named as the view."""
        files = [Path(e.path) for e in entries(view) if e.name.endswith(".pkl") and not is_junk(e.name)]
        if not files:
            self.left_out.append(LeftOut("empty", f"{view}: holds no .pkl"))
            return None
        for wanted in (
            files,
            [f for f in files if "sil" in f.stem.lower() and "aligned" in f.stem.lower()],
            [f for f in files if "sil" in f.stem.lower()],
            [f for f in files if f.stem == view.name],
        ):
            if len(wanted) == 1:
                return wanted[0]
        text = f"{view}: {len(files)} pickles, and none is named as that of the silhouettes (first: {files[0].name})"
        self.left_out.append(LeftOut("name", text))
        return None

    def _read(self, key: SequenceKey, place: Path) -> Levels:
        levels = read_array_pickle(place)
        if levels.ndim != 3:
            raise DataError(
                f"{place}: an array of shape {levels.shape}, no silhouettes (frames, height, width)"
            )
        return Levels(levels, self._numbers(key, len(levels)), aligned=True)

    def _numbers(self, key: SequenceKey, count: int) -> NDArray[np.int32]:
        path = self.root / NUMBERS / f"{key}.json"
        if not path.is_file():
            return np.arange(1, count + 1, dtype=np.int32)
        numbers = np.array(convert(_Numbers, read_json(path), f"{path}:"), dtype=np.int32)
        if len(numbers) != count or (np.diff(numbers) <= 0).any():
            raise DataError(f"{path}: not {count} ascending frame numbers; remove it")
        return numbers

    def _files(self) -> Iterator[tuple[str, Path]]:
        for key, path in self.places.items():
            yield str(key), path
            numbers = self.root / NUMBERS / f"{key}.json"
            if numbers.is_file():
                yield f"{key}/numbers", numbers


def _folders(folder: Path) -> list[Path]:
    try:
        return [
            Path(e.path) for e in entries(folder) if e.is_dir() and not is_junk(e.name) and e.name != NUMBERS
        ]
    except OSError as error:
        raise DataError(f"{folder}: cannot be read ({error.strerror}); check the permissions") from None
