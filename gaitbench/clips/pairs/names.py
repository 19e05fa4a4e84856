"""Which person, walk and view a video shows, by its name. The rule is ours.

A video is named ``SUBJECT_WALK_VIEW.mp4`` or ``SUBJECT_WALK.mp4``: the first part is the subject, the last of three or
more the view, what lies between is the walk. Names of CASIA-B's kind (``001-nm-01-090.avi``) are read as such. Where a
name has no ``_``, the folders say it: ``SUBJECT/WALK/VIEW.mp4`` or ``SUBJECT/WALK.mp4``. A view of one to three digits
is a number of degrees; without a view all videos are of one camera, ``cam``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from gaitbench.datasets.key_text import check_part, read_key
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.anonymized_files import Problem
from gaitbench.datasets.sources.tree import LeftOut, is_archive, is_junk, is_video
from gaitbench.datasets.views import view_of_label
from gaitbench.errors import DataError

__all__ = ["ONE_VIEW", "Films", "film_key", "key_of_parts", "scan_films", "video_files"]

#: The view of videos whose names say none.
ONE_VIEW = "cam"
_RULE = "name it SUBJECT_WALK.mp4 or SUBJECT_WALK_VIEW.mp4, or write a table for --pairs"
_CASIA = re.compile(r"[^/\\_]+-[a-z]+-[0-9]+-[0-9]{3}\Z")
#: Clips of the empty scene, as CASIA-B and the walkers name them.
_EMPTY = re.compile(r"(^|[-_])(bkgrd|background)([-_]|\Z)", re.IGNORECASE)
#: Folders below the root that are looked through.
_DEEPEST = 6


@dataclass
class Films:
    """The videos of one folder.

    Parameters
    ----------
    root : Path
    places : dict of SequenceKey to Path
    problems : list of Problem
        Names that say nobody, and people who are there twice.
    left_out : list of LeftOut
        What lies there and is no video.
    junk : int
        Files that systems leave behind.
    """

    root: Path
    places: dict[SequenceKey, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    junk: int = 0


def key_of_parts(subject: str, walk: str, view: str = "") -> SequenceKey:
    """A sequence from its parts as people write them; no view is `ONE_VIEW`.

    Raises
    ------
    DataError
        If a part can be none, see `gaitbench.datasets.key_text.check_part`.

    Examples
    --------
    >>> str(key_of_parts("anna", "nm-01", "54")), str(key_of_parts("bob", "morning"))
    ('anna-nm-01-054', 'bob-morning-cam')
    """
    label = check_part(view or ONE_VIEW, "view").removesuffix("°")
    if label.isascii() and label.isdecimal() and len(label) <= 3:
        if int(label) > 360:
            raise DataError(f"view {label} is no angle; write 0 to 360 degrees, or a name")
        label = f"{int(label):03d}"
    return SequenceKey(check_part(subject, "subject"), check_part(walk, "walk"), view_of_label(label))


def film_key(place: PurePath) -> SequenceKey:
    """Who is seen in a video, from its path below the folder that was handed in.

    Raises
    ------
    DataError
        If its name says no subject and walk.

    Examples
    --------
    >>> [str(film_key(PurePath(p))) for p in ("anna_nm-01_090.mp4", "x/001-nm-01-090.avi", "bob/2/left.mov")]
    ['anna-nm-01-090', '001-nm-01-090', 'bob-2-left']
    """
    stem = place.stem
    found = read_key(stem) if _CASIA.match(stem) else None
    if found is not None:
        return key_of_parts(*found)
    parts = stem.split("_") if "_" in stem else [*place.parts[:-1], stem]
    if len(parts) < 2 or not all(parts):
        raise DataError(f"{place}: its name says no subject and walk; {_RULE}")
    if len(parts) == 2:
        return key_of_parts(*parts)
    return key_of_parts(parts[0], "_".join(parts[1:-1]), parts[-1])


def scan_films(root: Path) -> Films:
    """The videos below a folder, by what their names say.

    Raises
    ------
    DataError
        If there is no such folder, or no video in it whose name says who it shows.
    """
    if not root.is_dir():
        what = "is a file" if root.exists() else "no such folder"
        raise DataError(f"{root}: {what}; give a folder of videos, or a table by --pairs")
    found = Films(root)
    for path in _files(root, found):
        place = path.relative_to(root)
        try:
            key = film_key(place)
        except DataError as error:
            found.problems.append(Problem("name", f"file={place}", f"{error} ({root})"))
            continue
        if key in found.places:
            text = f"{key}: {place} beside {found.places[key].relative_to(root)} in {root}; the first is read"
            found.problems.append(Problem("double", f"key={key}", text))
            continue
        found.places[key] = path
    if not found.places:
        first = found.problems[0].message if found.problems else f"{root}: no video here; {_RULE}"
        raise DataError(first)
    return found


def _files(root: Path, found: Films) -> Iterator[Path]:
    """Every video below a root, in order; what is none is noted."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        found.junk += sum(is_junk(n) for n in (*folders, *names))
        deep = len(here.relative_to(root).parts) >= _DEEPEST
        if deep and folders:
            found.left_out.append(LeftOut("deep", f"{here / folders[0]} lies too deep below {root}"))
        folders[:] = [] if deep else sorted(n for n in folders if not is_junk(n))
        for name in sorted(n for n in names if not is_junk(n)):
            path = here / name
            if is_video(name) and not _EMPTY.search(path.stem):
                yield path
            elif is_archive(name):
                found.left_out.append(LeftOut("archive", f"{path} is an archive"))
            else:
                what = "a clip of the empty scene" if is_video(name) else "no video"
                found.left_out.append(LeftOut("other", f"{path}: {what}"))


def video_files(root: Path, left_out: list[LeftOut] | None = None) -> Iterator[Path]:
    """Every video below a folder but those of the empty scene, in order.

    Parameters
    ----------
    root : Path
    left_out : list of LeftOut, optional
        Filled with what lies there and is none.
    """
    found = Films(root)
    yield from _files(root, found)
    if left_out is not None:
        left_out += found.left_out
