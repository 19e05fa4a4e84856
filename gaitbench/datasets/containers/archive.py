"""Archives as data sets are distributed: zip and tar, read without unpacking them and without leaving them.

Nothing is written. A member is a regular file with a relative name that stays inside; links, devices, pipes, absolute
names and names with ``..`` are left out and said. What unpacks to more than its share is refused before it fills the
memory. Ours.
"""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from gaitbench.datasets.sources.tree import LeftOut, is_junk
from gaitbench.errors import DataError

__all__ = ["MOST_BYTES", "Archive", "is_readable_archive"]

#: Bytes of one member, and members of one archive.
MOST_BYTES, _MOST_MEMBERS = 512 * 2**20, 5_000_000
#: A member larger than this that unpacks to more than so many times its packed size is a bomb; pictures of
#: silhouettes, which are mostly black, stay far under it because they are packed already.
_BOMB_FROM, _BOMB = 64 * 2**20, 200
#: Bytes that an archive of which no part can be read by itself (tar) may unpack to and be kept for the next sequence.
_KEPT = 512 * 2**20
#: Bytes that a tar may unpack to at all.
_MOST_UNPACKED = 64 * 2**30
_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_DAMAGE = (
    OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, ValueError,
    NotImplementedError, RuntimeError, UnicodeError,
)  # fmt: skip


def is_readable_archive(path: Path) -> bool:
    """Whether a name is that of an archive that is read."""
    return path.name.lower().endswith(_SUFFIXES)


class Archive:
    """One archive.

    Parameters
    ----------
    path : Path

    Raises
    ------
    DataError
        If it is damaged, encrypted, or holds more than can be believed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.left_out: list[LeftOut] = []
        self._members: dict[str, int] = {}
        self._kept: dict[str, bytes] | None = None
        self._total = 0
        self._is_zip = path.name.lower().endswith(".zip")
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError(f"{path} is no regular file; only files are read as archives")
        try:
            self._index()
        except _DAMAGE as error:
            raise self._damaged(error) from None

    def names(self) -> list[str]:
        """Names of the members, in the archive's order."""
        return list(self._members)

    def read(self, wanted: list[str]) -> dict[str, bytes]:
        """Contents of some members.

        Raises
        ------
        DataError
            If one cannot be read.
        """
        try:
            return self._from_zip(wanted) if self._is_zip else self._from_tar(wanted)
        except _DAMAGE as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> DataError:
        why = " ".join(str(error).split())[:120] or type(error).__name__
        if "password" in why or "encrypted" in why:
            return DataError(f"{self.path} is encrypted; unpack it with its password, and give the folder")
        return DataError(f"{self.path} cannot be read as an archive ({why}); download it again")

    def _index(self) -> None:
        for name, size, packed, ok in self._listed():
            if why := ok or _outside(name):
                self.left_out.append(
                    LeftOut("link", f"{self.path}: the member {name[:80]!r} is {why}; not read")
                )
                continue
            if is_junk(name.rpartition("/")[2]) or name.startswith("__MACOSX/"):
                continue
            if size > MOST_BYTES or (packed and size > _BOMB_FROM and size > _BOMB * packed):
                raise DataError(
                    f"{self.path}: the member {name[:80]!r} would unpack to {size >> 20} MB; it is not read"
                )
            self._total += size
            if len(self._members) >= _MOST_MEMBERS or (not self._is_zip and self._total > _MOST_UNPACKED):
                raise DataError(f"{self.path}: unpacks to more than can be a data set; it is not read")
            name = name.removeprefix("./")
            if name in self._members:
                self.left_out.append(LeftOut("double", f"{self.path}: holds {name[:80]!r} twice"))
            self._members[name] = size

    def _listed(self) -> Iterator[tuple[str, int, int, str]]:
        """Name, size, packed size (0: not known) and what it is where it is no plain file; folders are passed over."""
        if self._is_zip:
            with zipfile.ZipFile(self.path) as found:
                for one in found.infolist():
                    if one.is_dir():
                        continue
                    if one.flag_bits & 1:
                        raise RuntimeError("encrypted")
                    kind = stat.S_IFMT(one.external_attr >> 16)
                    yield (
                        one.filename,
                        one.file_size,
                        one.compress_size,
                        "" if kind in (0, stat.S_IFREG) else "a link",
                    )
            return
        with tarfile.open(self.path, "r|*") as stream:
            for member in stream:
                if not member.isdir():
                    what = (
                        "" if member.isreg() else "a link" if member.issym() or member.islnk() else "no file"
                    )
                    yield member.name, member.size, 0, what

    def _from_zip(self, wanted: list[str]) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as found:
            plain = {one.filename.removeprefix("./"): one for one in found.infolist() if not one.is_dir()}
            out = {}
            for name in wanted:
                with found.open(plain[name]) as stream:
                    out[name] = self._bounded(stream, name)
            return out

    def _from_tar(self, wanted: list[str]) -> dict[str, bytes]:
        if self._kept is None and self._total <= _KEPT:
            self._kept = self._streamed(set(self._members))
        if self._kept is not None:
            return {name: self._kept[name] for name in wanted}
        return self._streamed(set(wanted))

    def _streamed(self, wanted: set[str]) -> dict[str, bytes]:
        out: dict[str, bytes] = {}
        with tarfile.open(self.path, "r|*") as stream:
            for member in stream:
                name = member.name.removeprefix("./")
                if member.isreg() and name in wanted:
                    opened = stream.extractfile(member)
                    assert opened is not None
                    out[name] = self._bounded(opened, name)
        if wanted - set(out):
            raise EOFError("changed while it was read")
        return out

    def _bounded(self, stream: IO[bytes], name: str) -> bytes:
        """A member's content, no more than its head says."""
        said = self._members[name]
        content = stream.read(said + 1)
        if len(content) != said:
            raise EOFError(f"{name[:80]} is not of the size that it says")
        return content

    def forget(self) -> None:
        """Let go of what is kept in memory."""
        self._kept = None


def _outside(name: str) -> str:
    """Why a name leads out of the archive; "" where it does not."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":"):
        return "an absolute name"
    if ".." in parts:
        return "a name that leads out of the archive"
    if "\0" in name or "\\" in name or not name:
        return "no name of a file"
    return ""
