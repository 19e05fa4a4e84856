"""OpenGait's tree: ``ID/TYPE/VIEW/*.pkl``, aligned silhouettes in pickles, of which nothing is run.

What its pretreatment writes for CASIA-B, OU-MVLP, SUSTech1K, CCPG, Gait3D, GREW and others: one pickle a sequence with
a uint8 array (frames, 64, 64) or (frames, 64, 44), levels of grey at the rim. Names of types are read as these sets
spell them: ``nm-01`` and SUSTech1K's ``00-nm`` are a condition and a take, all others (``00``, ``U0_D0_BG``,
``camid9_videoid2``) a condition. A view of three digits is degrees, any other a label.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.containers.array_pickle import read_array_pickle
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.member_source import MemberSource, first_names
from gaitbench.datasets.sources.plain_source import Levels
from gaitbench.datasets.sources.tree import LeftOut
from gaitbench.errors import DataError
from gaitbench.validation import convert

__all__ = ["NUMBERS", "OpenGait", "parts_of_type"]

#: Folder beside the ids with the frame numbers of each sequence, which the pickles do not hold; ours.
NUMBERS = "frame_numbers"

_TAKE_LAST = re.compile(r"([a-z]+)-([0-9]+)\Z")
_TAKE_FIRST = re.compile(r"([0-9]{2})-([a-z][a-z-]*)\Z")

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


class OpenGait(MemberSource):
    """A tree of OpenGait's (the `Dataset` protocol).

    Parameters
    ----------
    root : Path or str
        The folder that holds the ids, an archive of it, or a folder of such archives.
    rate : float, optional
        Frames a second; 25, and said, if not given.
    """

    label = "opengait"

    @staticmethod
    def fits(root: Path) -> bool:
        """Pickles three folders down."""
        return any(name.endswith(".pkl") and name.count("/") >= 3 for name in first_names(root))

    def _looked_for(self) -> str:
        return "ID/TYPE/VIEW/*.pkl"

    def _is_beside(self, name: str) -> bool:
        return NUMBERS in name.split("/") or super()._is_beside(name)

    def _sequence_of(self, name: str) -> tuple[SequenceKey, int] | None:
        parts = name.split("/")
        if len(parts) < 4 or not name.endswith(".pkl"):
            return None
        subject, kind, view = parts[-4:-1]
        condition, take = parts_of_type(kind)
        # several pickles of a view are told apart when all are known
        place = self._several.setdefault((*parts[:-1],), [])
        place.append(name)
        return SequenceKey.of(subject, condition, view, take=take), len(place) - 1

    def _scan(self) -> dict[SequenceKey, dict[int, str]]:
        self._several: dict[tuple[str, ...], list[str]] = {}
        found = super()._scan()
        chosen: dict[SequenceKey, dict[int, str]] = {}
        for key, files in found.items():
            name = _silhouettes_among(list(files.values()))
            if name is None:
                text = f"{key}: {len(files)} pickles, and none is named as that of the silhouettes (first: {files[0]})"
                self.left_out.append(LeftOut("name", text))
            else:
                chosen[key] = {0: name}
        return chosen

    def _read(self, key: SequenceKey, place: dict[int, str]) -> Levels:
        name = place[0]
        (content,) = self.members.read([name])
        shown = str(self.root / name) if self.root.is_dir() else f"{name} in {self.root}"
        levels = read_array_pickle(content, shown)
        if levels.ndim != 3 or not len(levels):
            raise DataError(
                f"{shown}: an array of shape {levels.shape}, no silhouettes (frames, height, width)"
            )
        return Levels(levels, self._numbers(key, len(levels)), aligned=True)

    def _numbers(self, key: SequenceKey, count: int) -> NDArray[np.int32]:
        name = f"{NUMBERS}/{key}.json"
        if name not in self.members.places:
            return np.arange(1, count + 1, dtype=np.int32)
        (content,) = self.members.read([name])
        try:
            given = json.loads(content)
        except ValueError:
            raise DataError(f"{self.root}/{name}: no JSON; remove it") from None
        numbers = np.array(convert(_Numbers, given, f"{self.root}/{name}:"), dtype=np.int64)
        if len(numbers) != count or (np.diff(numbers) <= 0).any() or numbers[-1] >= 2**31:
            raise DataError(f"{self.root}/{name}: not {count} ascending frame numbers; remove it")
        return numbers.astype(np.int32)

    def _files(self) -> Iterator[tuple[str, Path]]:
        yield from super()._files()
        for name, path in self.members.places.items():
            if name.startswith(f"{NUMBERS}/") and path not in self.members.files():
                yield name, path


def _silhouettes_among(names: list[str]) -> str | None:
    """The pickle of silhouettes in a view: the only one, the one named for them, or the one named as the view."""
    stems = {name: name.rpartition("/")[2].removesuffix(".pkl").lower() for name in names}
    for wanted in (
        names,
        [n for n, stem in stems.items() if "sil" in stem and "aligned" in stem],
        [n for n, stem in stems.items() if "sil" in stem],
        [n for n, stem in stems.items() if stem == n.split("/")[-2].lower()],
    ):
        if len(wanted) == 1:
            return wanted[0]
    return None
