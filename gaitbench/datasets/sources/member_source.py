"""Sources whose sequences are told by the names of their files, in a folder or in archives."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np

from gaitbench.datasets.containers.archive import is_readable_archive
from gaitbench.datasets.containers.members import Members
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.plain_source import Levels, PlainSource
from gaitbench.datasets.sources.tree import LeftOut, entries, is_junk
from gaitbench.errors import DataError
from recognizer.gait_energy.mask_files import MaskError, decode_content
from recognizer.gait_energy.masks import masks_of_pictures

__all__ = ["MemberSource", "first_names"]

#: Entries of each folder, and names in all, that are looked at before a guess.
_TRIED, _NAMES = 6, 400


class MemberSource(PlainSource):
    """A source of files by name; a subclass says which names are a sequence's (`_sequence_of`), and reads one.

    Places are the names of a sequence's files, by frame number where each is a frame.
    """

    @cached_property
    def members(self) -> Members:
        """The files."""
        return Members(self.root)

    def _sequence_of(self, name: str) -> tuple[SequenceKey, int] | None:
        """The sequence and the frame number (or 0) that a file belongs to; None where its name is of no such form.

        Raises
        ------
        DataError
            If the name is of the form, and a part of it can be none.
        """
        raise NotImplementedError

    def _scan(self) -> dict[SequenceKey, dict[int, str]]:
        found: dict[SequenceKey, dict[int, str]] = {}
        for name in self.members.places:
            try:
                told = self._sequence_of(name)
            except DataError as error:
                self.left_out.append(LeftOut("name", f"{name}: {error}"))
                continue
            if told is None:
                if not self._is_beside(name):
                    self.left_out.append(LeftOut("other", f"{name}: its name is not of this form"))
                continue
            key, number = told
            other = found.setdefault(key, {}).setdefault(number, name)
            if other != name:
                what = f"{key}, frame {number}" if number else str(key)
                self.left_out.append(LeftOut("double", f"{what}: {name} and {other}; the first is read"))
        self.left_out = [*self.members.left_out, *self.left_out]
        if not found:
            holds = ", ".join(list(self.members.places)[:3]) or "nothing"
            raise DataError(f"{self.root}: no {self._looked_for()} here (it holds {holds})")
        return found

    def _looked_for(self) -> str:
        """The form of the names, for a message."""
        return self.label

    def _is_beside(self, name: str) -> bool:
        """Whether a file without a sequence belongs there."""
        return "/" not in name and name.endswith((".json", ".txt", ".md", ".csv"))

    def _files(self) -> Iterator[tuple[str, Path]]:
        archives = set(self.members.files())
        yield from ((f"archive/{path.name}", path) for path in archives)
        for key, files in self.places.items():
            for number, name in files.items():
                path = self.members.places[name]
                if path not in archives:
                    yield f"{key}/{number}/{name.rpartition('/')[2]}", path

    def _read_pictures(self, key: SequenceKey, files: dict[int, str]) -> Levels:
        """Pictures of silhouettes, one a frame."""
        numbers = sorted(files)
        names = [files[n] for n in numbers]
        shown = f"{key} in {self.root}"
        try:
            pictures = [
                decode_content(content, name)
                for content, name in zip(self.members.read(names), names, strict=True)
            ]
            sizes = {p.shape[:2] for p in pictures}
            if len(sizes) > 1:
                raise DataError(
                    f"{shown}: pictures of several sizes ({', '.join(map(str, sorted(sizes)[:2]))})"
                )
            masks, report = masks_of_pictures(pictures, name=shown)
        except MaskError as error:
            raise DataError(str(error)) from None
        notes = (report.converted,) if report.converted else ()
        if numbers[0] == 0:
            numbers = [n + 1 for n in numbers]
            notes = (*notes, "frames counted from 0")
        if missing := numbers[-1] - numbers[0] + 1 - len(numbers):
            notes = (*notes, f"{missing} frame numbers missing between the first and the last")
        return Levels(masks, np.array(numbers, dtype=np.int32), notes, ready=True, report=report)


def first_names(root: Path) -> list[str]:
    """Some names of the files below a root, enough for a guess: a few of each folder, and those of a first archive."""
    if root.is_file():
        return _names_in(root, root.stat().st_mtime_ns) if is_readable_archive(root) else []
    found: list[str] = []
    level = [("", root)]
    for _ in range(6):
        deeper: list[tuple[str, Path]] = []
        for above, folder in level:
            try:
                listed = [e for e in entries(folder) if not is_junk(e.name)]
            except OSError:
                continue
            folders = [e for e in listed if e.is_dir() and not e.is_symlink()]
            deeper += [(f"{above}{e.name}/", Path(e.path)) for e in folders[:_TRIED]]
            files = [e for e in listed if not e.is_dir()][:_TRIED]
            packed = next((Path(e.path) for e in files if is_readable_archive(Path(e.name))), None)
            if packed is not None and not folders:
                found += _names_in(packed, packed.stat().st_mtime_ns)
            found += [f"{above}{e.name}" for e in files]
        level = deeper[: _TRIED * _TRIED]
        if len(found) >= _NAMES:
            break
    return found


@functools.lru_cache(maxsize=4)
def _names_in(archive: Path, _changed: int) -> list[str]:
    """Some names in an archive; every format that guesses asks."""
    return list(Members(archive).places)[:_NAMES]
