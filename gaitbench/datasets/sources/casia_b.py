"""CASIA-B from disk: the silhouette release, the video release, or both; and walkers exported in its layout.

Sizes, rates and counts are read from the files, nothing about the set is assumed. The set itself is licensed and
comes from the CASIA institute.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE, frames_at, said_of
from gaitbench.datasets.sequence import Recording, SequenceKey
from gaitbench.datasets.silhouettes.alignment import LEAST_PIXELS, has_person
from gaitbench.datasets.sources.casia_layout import MARKER, Layout, scan
from gaitbench.datasets.sources.export_note import ExportNote, read_note
from gaitbench.datasets.sources.exported import ExportedTruth
from gaitbench.datasets.sources.frame_files import frame_files
from gaitbench.datasets.sources.tree import is_picture
from gaitbench.datasets.video import count_frames, frame_rate, read_timed, read_video
from gaitbench.errors import DataError
from gaitbench.store.file_hashes import content_hashes
from recognizer.gait_energy.mask_files import MaskError
from recognizer.gait_energy.masks import read_masks

__all__ = ["CasiaB"]

#: Frames, at 25 a second, in which the person of a video may enter.
_ENTRY = 250

_log = logging.getLogger(__name__)


class CasiaB(ExportedTruth):
    """CASIA-B under one folder (the `Dataset` protocol).

    Parameters
    ----------
    root : Path or str
        Folder of the set. Silhouettes and videos may lie side by side in it. One folder too deep or too high is
        accepted with a warning.
    rate : float, optional
        Frames a second of silhouettes without a video; 25, and said, if not given. Videos have their own clock.

    Raises
    ------
    DataError
        On first use, when the folder is missing or holds nothing of CASIA-B.
    """

    def __init__(self, root: Path | str, *, rate: float | None = None) -> None:
        self.root = root
        self.rate = rate
        self._layout: Layout | None = None
        self._fingerprint: str | None = None

    @property
    def layout(self) -> Layout:
        """Where everything lies (scanned once)."""
        if self._layout is None:
            self._layout = scan(Path(self.root))
        return self._layout

    @property
    def name(self) -> str:
        """``casia-b``; ``walkers`` where the folder holds exported walkers, whose figures are theirs."""
        return "walkers" if self.rendered else "casia-b"

    @property
    def has_colours(self) -> bool:
        """Whether there is any video: the release of silhouettes has none, and its pictures cannot be judged."""
        return bool(self.layout.videos)

    @cached_property
    def export_note(self) -> ExportNote | None:
        """The note of an export of walkers; None for filmed people."""
        path = self.layout.root / MARKER
        if not path.is_file():
            return None
        return read_note(path)

    def keys(self) -> list[SequenceKey]:
        """Sequences that exist, sorted; those with silhouettes, and those with only a video."""
        return sorted({*self.layout.silhouettes, *self.layout.videos})

    def fingerprint(self) -> str:
        """Hash of the names and contents of all files below the root, and of `rate`; the same wherever the set lies.

        Each file is read once, and its hash remembered; see `gaitbench.store.file_hashes`.

        Raises
        ------
        DataError
            If a file cannot be read.
        """
        if self._fingerprint is None:
            try:
                self._fingerprint = self._hash_files()
            except OSError as error:
                raise DataError(
                    f"{error.filename or self.layout.root} cannot be read ({error.strerror or error}); check the "
                    "disk and the permissions below the root"
                ) from error
        return self._fingerprint

    def _hash_files(self) -> str:
        files = sorted(self._files())
        # where the rate is told, other frames are read
        digest = hashlib.sha256(f"casia-b 2{'' if self.rate is None else f' at {self.rate!r}'}".encode())
        for (name, _), content in zip(files, content_hashes([path for _, path in files]), strict=True):
            digest.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def _files(self) -> Iterator[tuple[str, str]]:
        """Every file that is read, under a name that does not depend on the folders around it."""
        layout = self.layout
        for key, folder in layout.silhouettes.items():
            with os.scandir(folder) as found:
                yield from ((f"{key}/{e.name}", e.path) for e in found if is_picture(e.name) and e.is_file())
        for path in (*layout.videos.values(), *layout.backgrounds.values(), layout.root / MARKER):
            if path.is_file():
                yield path.name, str(path)

    def load(self, key: SequenceKey, *, frames: int | None = None, video: bool = True) -> Recording:
        """Read one sequence.

        Silhouettes come from the PNG files where there are any, colours from the video; they meet by frame
        number. Without PNG files the video is read even if `video` is False: the gait must come from somewhere.

        Parameters
        ----------
        key : SequenceKey
        frames : int, optional
            Only the first so many silhouettes that show somebody; without PNG files that many video frames and those
            of ten seconds more, in which the person may enter.
        video : bool
            Read colours too.

        Raises
        ------
        DataError
            If the sequence is not there, a file is unreadable, all silhouettes are black, or silhouettes and
            video do not fit together.
        """
        folder, clip = self.layout.silhouettes.get(key), self.layout.videos.get(key)
        if folder is None and clip is None:
            raise DataError(f"{key}: neither silhouettes nor a video under {self.layout.root}; see its keys")
        if folder is None:
            assert clip is not None
            return self._filmed(key, clip, frames)
        found = frame_files(folder)
        files = found.files
        rate = self.rate if clip is None else frame_rate(clip)
        clock = np.array(list(files)) / (rate or RATE)
        at = frames_at(clock)
        said = said_of(clock) if rate else "frame rate assumed: 25 a second"
        taken = [list(files)[i] for i in at]
        masks, numbers, notes = _first_with_person(key, folder, {n: files[n] for n in taken}, frames)
        considered = [n for n in taken if n <= numbers[-1]] if frames is not None else list(files)
        notes = (*notes, *([said] if said else []))
        if len(considered) < len(taken):
            total = max(considered)
        else:
            counted = self._frame_count(len(files)) if clip is None else count_frames(clip)
            total = max(counted, *files)
        rgb_frames = None
        if video and clip is not None:
            rgb = read_video(clip, int(numbers[-1]))
            if len(rgb) < numbers[-1]:
                raise DataError(
                    f"{key}: silhouettes up to frame {numbers[-1]} but the video {clip} has {len(rgb)} frames; "
                    "they are not of one recording"
                )
            if rgb.shape[1:3] != masks.shape[1:]:
                raise DataError(
                    f"{key}: silhouettes are {masks.shape[2]} x {masks.shape[1]} pixels but the video {clip} is "
                    f"{rgb.shape[2]} x {rgb.shape[1]}; they are not of one recording"
                )
            rgb_frames = rgb[numbers - 1]
        background = self._background(key) if video else None
        return Recording(key, rgb_frames, background, masks, numbers, total, (*found.notes, *notes))

    def _filmed(self, key: SequenceKey, clip: Path, frames: int | None) -> Recording:
        """A sequence of video alone: who is in it, and from when, is seen when silhouettes are extracted."""
        ratio = max(1.0, (frame_rate(clip) or RATE) / RATE)
        wanted = None if frames is None else math.ceil((frames + _ENTRY) * ratio)
        rgb, times = read_timed(clip, wanted)
        at, said = frames_at(times), said_of(times)
        numbers = (at + 1).astype(np.int32)
        notes = (said,) if said else ()
        return Recording(key, rgb[at], self._background(key), None, numbers, len(rgb), notes)

    def _frame_count(self, files: int) -> int:
        """Frames of a video that is not there: an export notes them, unless it broke a sequence off itself."""
        note = self.export_note
        if note is None or (note.frames is not None and files >= note.frames):
            return 0
        return note.parameters.length

    def _background(self, key: SequenceKey) -> NDArray[np.uint8] | None:
        path = self.layout.background(key)
        return None if path is None else read_video(path)


def _read_silhouettes(
    key: SequenceKey, folder: Path, files: dict[int, Path]
) -> tuple[NDArray[np.bool_], NDArray[np.int32], tuple[str, ...]]:
    """Masks with a person, their frame numbers, and how they were read."""
    try:
        masks, report = read_masks(list(files.values()), name=f"{key} in {folder}")
    except MaskError as error:
        if error.kind == "empty":
            raise _nobody(key, folder, len(files)) from None
        raise DataError(str(error)) from None
    seen = has_person(masks)
    if not seen.any():
        raise _nobody(key, folder, len(files))
    if not seen.all():
        _log.info(
            "%s: %d of %d silhouettes are black and were skipped", key, np.count_nonzero(~seen), len(seen)
        )
    notes = (report.converted,) if report.converted else ()
    return masks[seen], np.array(list(files), np.int32)[seen], notes


def _first_with_person(
    key: SequenceKey, folder: Path, files: dict[int, Path], frames: int | None
) -> tuple[NDArray[np.bool_], NDArray[np.int32], tuple[str, ...]]:
    """The first `frames` silhouettes that show somebody: empty ones before the person enters do not count."""
    if frames is None or len(files) <= frames:
        return _read_silhouettes(key, folder, files)
    count = frames
    while True:
        part = dict(list(files.items())[:count])
        try:
            masks, numbers, notes = _read_silhouettes(key, folder, part)
        except DataError:
            if count >= len(files):
                raise
            masks = np.zeros((0, 1, 1), bool)
        if len(masks) >= frames or count >= len(files):
            return masks[:frames], numbers[:frames], notes
        count = min(len(files), 2 * count)


def _nobody(key: SequenceKey, folder: Path, count: int) -> DataError:
    return DataError(
        f"{key}: nobody is visible, all {count} silhouettes in {folder} are black "
        f"(under {LEAST_PIXELS} white pixels); leave this sequence out"
    )
