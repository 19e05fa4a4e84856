"""Finding a set in CASIA-B's layout on a disk: where the silhouettes and the videos of each sequence lie.

Two releases, which may lie side by side under one root, in one folder or in several:

- silhouettes, ``001/nm-01/000/001-nm-01-000-001.png``; a careless extraction gives ``001/001/nm-01/...``;
- videos, ``001-nm-01-090.avi`` under ``video/`` of ``DatasetB-1`` and ``DatasetB-2``, with the background clips
  ``001-bkgrd-090.avi`` (and, ours, ``001-nm-01-bkgrd-090.avi`` where each walk has a background of its own).

Names are read by position, never by a pattern on a part: the subjects 018, 036, ... are also names of views. A subject
is any folder that holds walks, a view any whole number of degrees. What is not read is noted with its reason.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.tree import (
    LeftOut,
    entries,
    identity,
    is_archive,
    is_junk,
    is_picture,
    is_video,
    of_one_kind,
    system_devices,
)
from gaitbench.errors import DataError

__all__ = ["MARKER", "Layout", "scan", "view_of"]

_log = logging.getLogger(__name__)

#: Written beside exported walkers: says that the people are rendered, and how.
MARKER = "walkers.json"

_LOOKED_FOR = (
    "looked for silhouettes (001/nm-01/000/*.png) and videos (video/001-nm-01-000.avi, also under DatasetB-1 "
    "and DatasetB-2)"
)
#: Folders below the root that are looked through for subjects.
_DEEPEST = 6


@dataclass
class Layout:
    """What was found.

    Parameters
    ----------
    root : Path
        The folder that holds the set, further down or up from the given one where that was wrong.
    silhouettes : dict of SequenceKey to Path
        Folder of PNG files.
    videos : dict of SequenceKey to Path
    backgrounds : dict of (subject, walk or None, angle) to Path
        Clips of the empty scene; walk None is CASIA-B's own, for all walks of a subject.
    left_out : list of LeftOut
        What lies there and is not read.
    junk : int
        Files and folders that systems leave behind.
    """

    root: Path
    silhouettes: dict[SequenceKey, Path] = field(default_factory=dict)
    videos: dict[SequenceKey, Path] = field(default_factory=dict)
    backgrounds: dict[tuple[str, str | None, int], Path] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    junk: int = 0

    def background(self, key: SequenceKey) -> Path | None:
        """Clip of the empty scene behind a sequence: the walk's own, else the subject's."""
        own = self.backgrounds.get((key.subject, key.walk, key.angle))
        return own or self.backgrounds.get((key.subject, None, key.angle))


def view_of(name: str) -> int | None:
    """The angle in degrees that a view's name says, with zeros before it or without; None if it is none."""
    plain = name.isascii() and name.isdecimal() and len(name) <= 3
    return int(name) if plain and int(name) <= 360 else None


def scan(root: Path) -> Layout:
    """Find the set at or below `root`, or (where `root` lies inside the set) above it.

    Raises
    ------
    DataError
        If the root is missing, is a file, holds nothing of either release, or holds a whole set twice.
    """
    if not root.exists():
        raise DataError(f"{root}: no such folder; give the root of CASIA-B")
    if not root.is_dir():
        packed = ", an archive: unpack it" if is_archive(root.name) else ""
        raise DataError(f"{root}: is a file{packed}; give the folder that holds CASIA-B")
    above = _above(root)
    layout = None if above else _Scan(root).run()
    if layout is None and above:
        layout = _Scan(above[0]).run()
        if layout is not None:
            _log.warning(
                "%s: the data set lies one folder further up, at %s; reading it there", root, above[0]
            )
    if layout is not None:
        return layout
    holds = [e.name for e in entries(root) if not is_junk(e.name)]
    says = "it is empty" if not holds else f"it holds {', '.join(holds[:4])}{', ...' if holds[4:] else ''}"
    packed = "; unpack the archive first" if any(is_archive(name) for name in holds) else ""
    raise DataError(f"{root}: nothing of CASIA-B here ({says}){packed}; {_LOOKED_FOR}")


def _above(root: Path) -> list[Path]:
    """The folder over a root that lies inside a set: a view, a walk or a subject."""
    root = root.resolve()
    name = root.name
    depth = 0
    if view_of(name) is not None and _is_walk(root.parent.name):
        depth = 3
    elif _is_walk(name):
        depth = 2
    elif len(name) == 3 and name.isdecimal() and any(_is_walk(e.name) for e in entries(root) if e.is_dir()):
        depth = 1
    return [root.parents[depth - 1]] if depth else []


def _is_walk(name: str) -> bool:
    condition, _, number = name.partition("-")
    return condition.isascii() and condition.isalpha() and condition.islower() and number.isdecimal()


class _Scan:
    """One way through the folders below a root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.layout = Layout(root)
        self.doubled: list[str] = []
        #: sequences, those that lie in two places twice
        self.seen = 0
        #: folders that hold subjects, in order
        self.parents: dict[Path, int] = {}
        #: numbers of the file systems that hold no files: processes, devices
        self.of_the_system = system_devices()
        #: identities over the root do not count as depth
        self.start = len(root.resolve().parents)

    def run(self) -> Layout | None:
        """What lies there; None where that is no sequence."""
        # the folders over the root count as above it: a link to one of them would bring in the whole disk
        self._folder(self.root, tuple(identity(p) for p in (*self.root.resolve().parents, self.root)))
        layout = self.layout
        if not layout.silhouettes and not layout.videos:
            return None
        self._refuse_a_set_twice()
        if self.doubled:
            _log.warning(
                "%s: %d subjects lie in a folder twice (such as %s); reading them there",
                self.root, len(self.doubled), self.doubled[0],
            )  # fmt: skip
        first = next(iter(self.parents), self.root)
        if first != self.root and len(self.parents) == 1:
            if (first / MARKER).is_file() or len(first.relative_to(self.root).parts) > 1:
                layout.root = first
            if len(first.relative_to(self.root).parts) > 1:
                _log.warning("%s: the data set lies further down, at %s; reading it there", self.root, first)
        return layout

    def _refuse_a_set_twice(self) -> None:
        doubles = sum(one.kind == "double" for one in self.layout.left_out)
        total = len(self.layout.silhouettes)
        if doubles > 1 and 2 * doubles >= total and len(self.parents) > 1:
            first, second = list(self.parents)[:2]
            raise DataError(
                f"{self.root}: holds a set twice ({doubles} of {total} sequences), in {first} and in {second}; give "
                "one of them"
            )

    def _leave(self, kind: str, text: str) -> None:
        self.layout.left_out.append(LeftOut(kind, text))

    def _listed(self, folder: Path, above: tuple[tuple[int, int], ...]) -> Iterator[tuple[Path, bool]]:
        """Entries of a folder that are worth a look, and whether each is a folder; the rest is noted."""
        try:
            found = entries(folder)
        except OSError as error:
            self._leave("unreadable", f"{folder}: cannot be read ({error.strerror}); check the permissions")
            return
        for entry in found:
            path = Path(entry.path)
            if is_junk(entry.name):
                self.layout.junk += 1
                continue
            try:
                is_folder = entry.is_dir()
                if entry.is_symlink() and not path.exists():
                    self._leave("link", f"{path}: a link that leads nowhere")
                    continue
                if is_folder and identity(path)[0] in self.of_the_system:
                    self._leave("link", f"{path}: leads into a folder of the system; not followed")
                    continue
                if is_folder and identity(path) in above:
                    self._leave("link", f"{path}: a link that leads back to a folder above it; followed once")
                    continue
            except OSError as error:
                self._leave("unreadable", f"{path}: cannot be read ({error.strerror}); check it")
                continue
            yield path, is_folder

    def _folder(self, folder: Path, above: tuple[tuple[int, int], ...]) -> None:
        """A folder that may hold subjects, videos, or further folders of them."""
        listed = list(self._listed(folder, above))
        if any(inner and _is_walk(path.name) for path, inner in listed):
            self._subject(folder, listed, above)
            return
        self._files(folder, [path for path, inner in listed if not inner])
        for path in [path for path, inner in listed if inner]:
            self._further(path, above)

    def _further(self, path: Path, above: tuple[tuple[int, int], ...]) -> None:
        if len(above) - self.start > _DEEPEST:
            self._leave(
                "deep", f"{path}: more than {_DEEPEST} folders below {self.root}; give a folder nearer to it"
            )
            return
        try:
            here = identity(path)
        except OSError as error:  # gone or closed since it was listed
            self._leave("unreadable", f"{path}: cannot be read ({error.strerror}); check it")
            return
        self._folder(path, (*above, here))

    def _subject(
        self, folder: Path, listed: list[tuple[Path, bool]], above: tuple[tuple[int, int], ...]
    ) -> None:
        name = folder.name if folder != self.root else folder.resolve().name
        if any(sign in name for sign in "/\\,=|\n") or name != name.strip():
            self._leave("name", f"{folder}: {name!r} is no subject; write a name without \\ , = |")
            return
        before = self.seen
        self._files(folder, [path for path, inner in listed if not inner])
        for path, inner in listed:
            if inner and _is_walk(path.name):
                self._walk(name, path, (*above, identity(path)))
            elif inner:  # perhaps a set beside a stray walk, or 001/001
                self._further(path, above)
        if self.seen > before:
            parent = self.root if folder == self.root else folder.parent
            if parent.name == name:
                self.doubled.append(f"{name}/{name}")
                parent = parent.parent
            self.parents[parent] = self.parents.get(parent, 0) + 1

    def _walk(self, subject: str, folder: Path, above: tuple[tuple[int, int], ...]) -> None:
        loose = []
        for path, inner in self._listed(folder, above):
            angle = view_of(path.name if inner else path.stem)
            if inner and angle is not None:
                self._view(SequenceKey(subject, folder.name, angle), path)
            elif inner:
                self._leave("name", f"{path}: {path.name!r} is no view (a whole number of degrees, 0 to 360)")
            elif angle is not None and is_video(path.name):
                self._keep(self.layout.videos, SequenceKey(subject, folder.name, angle), path)
            else:
                loose.append(path)
        self._files(folder, loose)

    def _view(self, key: SequenceKey, folder: Path) -> None:
        place, (pictures, inner) = folder, self._pictures(folder)
        if not pictures and len(inner) == 1:
            place, (pictures, inner) = inner[0], self._pictures(inner[0])
        if pictures:
            self._keep(self.layout.silhouettes, key, place)
        else:
            self._leave("empty", f"{folder}: holds no picture")
        for path in inner if pictures else []:
            self._leave("name", f"{path}: a folder beside the pictures of {key}")

    def _pictures(self, folder: Path) -> tuple[int, list[Path]]:
        """How many pictures a view holds, and its folders; other files are noted."""
        names, inner, others = list[str](), list[Path](), list[str]()
        try:
            with os.scandir(folder) as found:
                for entry in found:
                    if is_junk(entry.name):
                        self.layout.junk += 1
                    elif is_picture(entry.name):
                        names.append(entry.name)
                    elif entry.is_dir():
                        inner.append(Path(entry.path))
                    else:
                        others.append(entry.name)
        except OSError as error:
            self._leave("unreadable", f"{folder}: cannot be read ({error.strerror}); check the permissions")
        pictures = of_one_kind(names)
        others += sorted(set(names) - set(pictures))
        if others:
            text = f"{folder}: {len(others)} files that are no pictures of its frames (first: {min(others)})"
            self._leave("other", text)
        return len(pictures), sorted(inner)

    def _keep(self, kept: dict[SequenceKey, Path], key: SequenceKey, path: Path) -> None:
        self.seen += 1
        if key in kept:
            self._leave("double", f"{key}: lies in {path}, too; read in {kept[key]}")
        else:
            kept[key] = path

    def _files(self, folder: Path, paths: list[Path]) -> None:
        """Files that lie in no view: videos by their names, the rest noted."""
        pictures = 0
        for path in paths:
            if is_video(path.name):
                self._video(path)
            elif is_archive(path.name):
                self._leave("archive", f"{path}: an archive is not looked into; unpack it")
            elif is_picture(path.name):
                pictures += 1
            elif path.name != MARKER:
                self._leave("other", f"{path}: no part of a set")
        if pictures:
            self._leave("outside", f"{folder}: {pictures} pictures lie outside SUBJECT/WALK/VIEW")

    def _video(self, path: Path) -> None:
        parts = path.stem.split("-")
        angle = view_of(parts[-1])
        if angle is None or len(parts) < 3:
            self._leave("name", f"{path}: the name is not SUBJECT-WALK-VIEW, such as 001-nm-01-090.avi")
        elif parts[-2] == "bkgrd":
            walk = "-".join(parts[-4:-2]) if len(parts) >= 5 and _is_walk("-".join(parts[-4:-2])) else None
            subject = "-".join(parts[: -4 if walk else -2])
            self.layout.backgrounds.setdefault((subject, walk, angle), path)
        elif len(parts) >= 4 and _is_walk("-".join(parts[-3:-1])):
            key = SequenceKey("-".join(parts[:-3]), "-".join(parts[-3:-1]), angle)
            self._keep(self.layout.videos, key, path)
        else:
            self._leave("name", f"{path}: the name is not SUBJECT-WALK-VIEW, such as 001-nm-01-090.avi")
