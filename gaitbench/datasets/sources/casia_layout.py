"""Finding CASIA-B on a disk: where the silhouettes and the videos of each sequence lie.

Two releases, which may lie side by side under one root:

- silhouettes, ``001/nm-01/000/001-nm-01-000-001.png``; a careless extraction gives ``001/001/nm-01/...``;
- videos, ``001-nm-01-090.avi`` under ``video/`` of ``DatasetB-1`` and ``DatasetB-2``, with the background clips
  ``001-bkgrd-090.avi`` (and, ours, ``001-nm-01-bkgrd-090.avi`` where each walk has a background of its own).

Names are read by position, never by a pattern on a part: the subjects 018, 036, ... are also names of views.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import DataError

__all__ = ["MARKER", "Layout", "scan"]

_log = logging.getLogger(__name__)

#: Written beside exported walkers: says that the people are rendered, and how.
MARKER = "walkers.json"

_LOOKED_FOR = (
    "looked for silhouettes (001/nm-01/000/*.png) and videos (video/001-nm-01-000.avi, also under DatasetB-1 "
    "and DatasetB-2)"
)


@dataclass
class Layout:
    """What was found.

    Parameters
    ----------
    root : Path
        The folder that holds the set, one level down or up from the given one where that was wrong.
    silhouettes : dict of SequenceKey to Path
        Folder of PNG files.
    videos : dict of SequenceKey to Path
    backgrounds : dict of (subject, walk or None, angle) to Path
        Clips of the empty scene; walk None is CASIA-B's own, for all walks of a subject.
    """

    root: Path
    silhouettes: dict[SequenceKey, Path] = field(default_factory=dict)
    videos: dict[SequenceKey, Path] = field(default_factory=dict)
    backgrounds: dict[tuple[str, str | None, int], Path] = field(default_factory=dict)

    def background(self, key: SequenceKey) -> Path | None:
        """Clip of the empty scene behind a sequence: the walk's own, else the subject's."""
        own = self.backgrounds.get((key.subject, key.walk, key.angle))
        return own or self.backgrounds.get((key.subject, None, key.angle))


def scan(root: Path) -> Layout:
    """Find the set at `root`, or in its only folder, or (where `root` lies inside the set) above it.

    Raises
    ------
    DataError
        If the root is missing, is a file, or holds nothing of either release.
    """
    if not root.exists():
        raise DataError(f"{root}: no such folder; give the root of CASIA-B")
    if not root.is_dir():
        raise DataError(f"{root}: is a file; give the folder that holds CASIA-B")
    layout = _scan_here(root)
    if layout is not None:
        return layout
    for candidate, what in (*_inside(root), *_above(root)):
        layout = _scan_here(candidate)
        if layout is not None:
            _log.warning(
                "%s: the data set lies one folder %s, at %s; reading it there", root, what, candidate
            )
            return layout
    entries = sorted(e.name for e in _entries(root))
    holds = (
        "it is empty" if not entries else f"it holds {', '.join(entries[:4])}{', ...' if entries[4:] else ''}"
    )
    raise DataError(f"{root}: nothing of CASIA-B here ({holds}); {_LOOKED_FOR}")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Entries without junk (``.DS_Store``, ``._x``, ``Thumbs.db``, ``__MACOSX``), by name."""
    with os.scandir(folder) as found:
        kept = [e for e in found if not e.name.startswith((".", "__")) and e.name.lower() != "thumbs.db"]
    return sorted(kept, key=lambda e: e.name)


def _folders(folder: Path) -> list[Path]:
    return [Path(e.path) for e in _entries(folder) if e.is_dir()]


def _inside(root: Path) -> list[tuple[Path, str]]:
    """The only folder of the root, and its only folder."""
    found: list[tuple[Path, str]] = []
    here = root
    for _ in range(2):
        folders = _folders(here)
        if len(folders) != 1:
            break
        here = folders[0]
        found.append((here, "further down"))
    return found


def _above(root: Path) -> list[tuple[Path, str]]:
    """Up to three folders over a root that lies inside the set: a view, a walk, a subject or ``video``."""
    root = root.resolve()
    name = root.name
    depth = 0
    if _is_angle(name) and _is_walk(root.parent.name):
        depth = 3
    elif _is_walk(name):
        depth = 2
    elif _is_subject(name) and any(_is_walk(f.name) for f in _folders(root)):
        depth = 1
    return [(root.parents[depth - 1], "further up")] if depth else []


def _is_subject(name: str) -> bool:
    return len(name) == 3 and name.isdecimal()


_is_angle = _is_subject


def _is_walk(name: str) -> bool:
    condition, _, number = name.partition("-")
    return condition.isalpha() and condition.islower() and number.isdecimal()


def _scan_here(root: Path) -> Layout | None:
    layout = Layout(root)
    doubled = _scan_silhouettes(root, layout)
    for folder in _video_folders(root):
        _scan_videos(folder, layout)
    if not layout.silhouettes and not layout.videos:
        return None
    if doubled:
        _log.warning(
            "%s: %d subjects lie in a folder twice (such as %s); reading them there",
            root,
            len(doubled),
            doubled[0],
        )
    return layout


def _silhouette_roots(root: Path) -> Iterator[Path]:
    """Folders that may hold the subjects: the root itself, and named folders of the silhouette release."""
    yield root
    for folder in _folders(root):
        if not _is_subject(folder.name) and folder.name.lower() != "video":
            yield folder


def _scan_silhouettes(root: Path, layout: Layout) -> list[str]:
    """Fill in the folders of silhouettes; returns the subjects whose folder is doubled."""
    doubled = []
    for base in _silhouette_roots(root):
        for subject in _folders(base):
            if not _is_subject(subject.name):
                continue
            inner = subject / subject.name
            if inner.is_dir() and not any(_is_walk(f.name) for f in _folders(subject)):
                doubled.append(f"{subject.name}/{subject.name}")
                walks = _folders(inner)
            else:
                walks = _folders(subject)
            for walk in walks:
                if not _is_walk(walk.name):
                    continue
                for view in _folders(walk):
                    if _is_angle(view.name) and _holds_png(view):
                        layout.silhouettes.setdefault(
                            SequenceKey(subject.name, walk.name, int(view.name)), view
                        )
        if layout.silhouettes:
            break
    return doubled


def _holds_png(folder: Path) -> bool:
    with os.scandir(folder) as found:
        return any(e.name.lower().endswith(".png") and not e.name.startswith(".") for e in found)


def _video_folders(root: Path) -> list[Path]:
    candidates = [root / "video", *(f / "video" for f in _folders(root)), root]
    return [c for c in candidates if c.is_dir()]


def _scan_videos(folder: Path, layout: Layout) -> None:
    for entry in _entries(folder):
        stem, dot, suffix = entry.name.rpartition(".")
        if not dot or suffix.lower() != "avi" or not entry.is_file():
            continue
        parts = stem.split("-")
        if not (len(parts) >= 3 and _is_subject(parts[0]) and _is_angle(parts[-1])):
            continue
        subject, angle, middle = parts[0], int(parts[-1]), parts[1:-1]
        if middle[-1] == "bkgrd":
            walk = "-".join(middle[:-1]) or None
            layout.backgrounds.setdefault((subject, walk, angle), Path(entry.path))
        elif _is_walk("-".join(middle)):
            layout.videos.setdefault(SequenceKey(subject, "-".join(middle), angle), Path(entry.path))
