"""An import as a data set: ``SUBJECT/WALK/VIEW/*.png`` with names of any kind, and videos.

Where all names are of CASIA-B's kind the tree is CASIA-B's, and every tool that knows that reads it. Other names,
crops that somebody has aligned, and what the data are called are known by the notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.casia_layout import Layout
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.imported.notes import (
    ImportNote,
    note_place,
    read_import_note,
    read_sequence_note,
    sequence_place,
)
from gaitbench.datasets.sources.tree import LeftOut, entries, is_junk, is_video
from gaitbench.datasets.video import read_video
from gaitbench.datasets.views import view_of_label
from gaitbench.errors import DataError
from recognizer.gait_energy.mask_files import MaskError, decode

__all__ = ["ImportedSet", "background_stem", "silhouettes_place"]

_VIDEOS = "video"


def silhouettes_place(key: SequenceKey) -> Path:
    """Folder of a sequence's silhouettes, below the root."""
    return Path(key.subject, key.walk, key.view)


def background_stem(key: SequenceKey) -> str:
    """Name, without its ending, of the clip of the empty scene behind a sequence; as exported walkers have it."""
    return f"{key.subject}-{key.walk}-bkgrd-{key.view}"


class ImportedSet(CasiaB):
    """What ``gaitbench import`` wrote as a tree (the `Dataset` protocol); frames are numbered at 25 a second.

    Parameters
    ----------
    root : Path or str

    Raises
    ------
    DataError
        On first use, where nothing is there, or a note is damaged.
    """

    def __init__(self, root: Path | str) -> None:
        super().__init__(root, rate=RATE)

    @staticmethod
    def fits(root: Path) -> bool:
        """The notes of `gaitbench import`, and a tree."""
        return note_place(root).is_file() and read_import_note(root).layout == "casia-b"

    @cached_property
    def note(self) -> ImportNote:
        """What the import is."""
        return read_import_note(Path(self.root))

    @property
    def name(self) -> str:
        """As the source was called; ``walkers`` where these are."""
        return "walkers" if self.rendered else self.note.source

    @property
    def layout(self) -> Layout:
        """Where everything lies (scanned once)."""
        if self._layout is None:
            self._layout = _scan(Path(self.root))
        return self._layout

    def _files(self) -> Iterator[tuple[str, str]]:
        yield from super()._files()
        for key in self.layout.silhouettes:
            yield f"{key}/note", str(sequence_place(Path(self.root), key))

    def part(self, layout: Layout) -> ImportedSet:
        """The same import with these sequences alone."""
        found = ImportedSet(self.root)
        found._layout = layout
        return found

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read one sequence, as it came in: nothing is cleaned a second time, what is noted is what was said then.

        Parameters
        ----------
        key : SequenceKey
        frames : int, optional
            Only the first so many.
        video : bool
            Colours, too, where there are any.

        Raises
        ------
        DataError
            If it is not there, or a file of it is gone or damaged.
        """
        folder = self.layout.silhouettes.get(key)
        if folder is None:
            raise DataError(f"{key}: no such sequence under {self.root}; see its keys")
        note = read_sequence_note(Path(self.root), key)
        files = list(frame_files(folder).files.items())
        if len(files) != note.frames:
            raise DataError(
                f"{key}: {len(files)} pictures in {folder}, {note.frames} came in; import it again elsewhere"
            )
        taken = files[:frames]
        masks = _masks([path for _, path in taken])
        numbers = np.array([number for number, _ in taken], np.int32)
        total = note.total if len(taken) == len(files) else int(numbers[-1])
        colours = background = None
        clip = self.layout.videos.get(key) if video else None
        if clip is not None:
            rgb = read_video(clip, int(numbers[-1]))
            if len(rgb) < numbers[-1] or rgb.shape[1:3] != masks.shape[1:]:
                raise DataError(
                    f"{key}: {clip} is not the video that came in with it; import it again elsewhere"
                )
            colours = rgb[numbers - 1]
        if video:
            background = self._background(key)
        return Recording(key, colours, background, masks, numbers, total, note.notes, note.aligned)


def _masks(paths: list[Path]) -> NDArray[np.bool_]:
    """Silhouettes as they were written: black and white."""
    try:
        pictures = [decode(path) for path in paths]
    except MaskError as error:
        raise DataError(str(error)) from None
    for path, picture in zip(paths, pictures, strict=True):
        if picture.shape != pictures[0].shape or picture.ndim != 2 or picture.dtype != np.uint8:
            raise DataError(f"{path}: not the picture that was written; import it again elsewhere")
    return np.stack(pictures) > 0


def _scan(root: Path) -> Layout:
    if not note_place(root).is_file():
        raise DataError(
            f"{root}: nothing that gaitbench import wrote; give the folder that it was called with"
        )
    layout = Layout(root)
    for subject in _folders(root, layout):
        for walk in _folders(subject, layout):
            for view in _folders(walk, layout):
                key = SequenceKey(subject.name, walk.name, view_of_label(view.name))
                if sequence_place(root, key).is_file():
                    layout.silhouettes[key] = view
                else:
                    text = f"{view}: not whole, or not of this import; import again"
                    layout.left_out.append(LeftOut("outside", text))
    if not layout.silhouettes:
        raise DataError(f"{root}: no sequence was imported; run gaitbench import again")
    clips = root / _VIDEOS
    named = {e.name.rpartition(".")[0]: Path(e.path) for e in entries(clips)} if clips.is_dir() else {}
    named = {stem: path for stem, path in named.items() if is_video(path.name) and not is_junk(path.name)}
    for key in layout.silhouettes:
        if str(key) in named:
            layout.videos[key] = named[str(key)]
        if background_stem(key) in named:
            layout.backgrounds[key.subject, key.walk, key.angle] = named[background_stem(key)]
    return layout


def _folders(folder: Path, layout: Layout) -> list[Path]:
    try:
        found = [e for e in entries(folder) if e.is_dir() and not is_junk(e.name)]
    except OSError as error:
        layout.left_out.append(
            LeftOut("unreadable", f"{folder}: cannot be read ({error.strerror}); check the permissions")
        )
        return []
    return [Path(e.path) for e in found]
