"""Files by name, wherever they lie: in a folder, in an archive, or in the archives of a folder."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from pathlib import Path

from gaitbench.datasets.containers.archive import MOST_BYTES, Archive, is_readable_archive
from gaitbench.datasets.sources.tree import LeftOut, entries, is_archive, is_junk
from gaitbench.errors import DataError

__all__ = ["Members"]

#: Folders below the root that are looked through.
_DEEPEST = 8


class Members:
    """The files of a root.

    Parameters
    ----------
    root : Path
        A folder, or an archive. Archives in a folder are read where the folder holds no other files of use.

    Raises
    ------
    DataError
        On first use, where nothing can be read.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.left_out: list[LeftOut] = []

    @cached_property
    def places(self) -> dict[str, Path]:
        """Name of each file (with ``/``), and the path of itself or of the archive that holds it."""
        if not self.root.exists():
            raise DataError(f"{self.root}: no such folder or archive; give the root of the data")
        found: dict[str, Path] = {}
        if self.root.is_dir():
            self._folder(self.root, "", found, 0)
        elif is_readable_archive(self.root):
            self._archive(self.root, found)
        else:
            raise DataError(f"{self.root}: is a file, no folder and no archive (.zip, .tar.gz)")
        return found

    @cached_property
    def _archives(self) -> dict[Path, Archive]:
        return {}

    def _folder(self, folder: Path, above: str, found: dict[str, Path], depth: int) -> None:
        try:
            listed = [e for e in entries(folder) if not is_junk(e.name)]
        except OSError as error:
            self.left_out.append(
                LeftOut("unreadable", f"{folder}: cannot be read ({error.strerror}); check it")
            )
            return
        for entry in listed:
            path = Path(entry.path)
            if entry.is_symlink() and (entry.is_dir() or not path.exists()):
                self.left_out.append(LeftOut("link", f"{path}: a link to a folder or nowhere; not followed"))
            elif entry.is_dir():
                if depth >= _DEEPEST:
                    self.left_out.append(
                        LeftOut("deep", f"{path}: more than {_DEEPEST} folders below {self.root}")
                    )
                else:
                    self._folder(path, f"{above}{entry.name}/", found, depth + 1)
            elif is_readable_archive(path):
                self._archive(path, found)
            elif is_archive(entry.name):
                self.left_out.append(
                    LeftOut("archive", f"{path}: an archive of a kind that is not read; unpack it")
                )
            else:
                found[f"{above}{entry.name}"] = path

    def _archive(self, path: Path, found: dict[str, Path]) -> None:
        archive = self._archives[path] = Archive(path)
        self.left_out += archive.left_out
        for name in archive.names():
            if name in found:
                self.left_out.append(LeftOut("double", f"{name}: lies in {path}, too; read in {found[name]}"))
            else:
                found[name] = path

    def read(self, names: list[str]) -> list[bytes]:
        """Contents of files, in the order of `names`.

        Raises
        ------
        DataError
            If one cannot be read, is no regular file, or is too large.
        """
        out: dict[str, bytes] = {}
        packed: dict[Path, list[str]] = {}
        for name in names:
            place = self.places[name]
            if place in self._archives:
                packed.setdefault(place, []).append(name)
            else:
                out[name] = _plain(place)
        for place, wanted in packed.items():
            for other, archive in self._archives.items():
                if other != place:
                    archive.forget()
            out |= self._archives[place].read(wanted)
        return [out[name] for name in names]

    def files(self) -> list[Path]:
        """The archives that are read; empty for a folder without."""
        _ = self.places
        return sorted(self._archives)


def _plain(path: Path) -> bytes:
    try:
        status = os.stat(path)  # noqa: PTH116 - through a link, to what it leads to
        if not stat.S_ISREG(status.st_mode):
            raise DataError(f"{path} is no regular file; only files are read")
        if status.st_size > MOST_BYTES:
            raise DataError(f"{path} has {status.st_size >> 20} MB; no part of a sequence is that large")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error})") from error
