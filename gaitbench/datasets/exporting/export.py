"""Embedded walkers as files in CASIA-B's layout and in others, so that every tool that reads those can read them.

Reading the export back with its source and `prepare` gives the same gait sequences, bit for bit, as the walkers
in memory. Same walkers, same files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import joblib
import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.exporting.layouts import LAYOUTS
from gaitbench.datasets.prepare import full_silhouettes
from gaitbench.datasets.sequence import WALKS, Recording, SequenceKey
from gaitbench.datasets.silhouettes.extraction import ExtractionSettings
from gaitbench.datasets.sources.casia_layout import MARKER
from gaitbench.datasets.video_writing import write_lossless_avi
from gaitbench.errors import DataError
from gaitbench.processes import worker_pool
from gaitbench.store.atomic import whole_file, whole_folder, write_text

if TYPE_CHECKING:
    from gaitbench.datasets.walkers import Walkers

__all__ = ["ExportSummary", "export_walkers"]

#: The walk whose empty scene also becomes CASIA-B's one background clip per subject and view.
_STANDARD_WALK = WALKS[0]


@dataclass(frozen=True)
class ExportSummary:
    """Sequences written now, and those that were there already."""

    written: int
    present: int


def export_walkers(
    walkers: Walkers,
    directory: Path | str,
    subjects: Sequence[str],
    angles: Sequence[int],
    walks: Sequence[str],
    *,
    layout: str = "casia-b",
    video: bool = True,
    frames: int | None = None,
    jobs: int = 1,
    progress: Callable[[float, str], None] | None = None,
) -> ExportSummary:
    """Write walkers in CASIA-B's layout, or in one of `gaitbench.datasets.exporting.layouts`.

    ``001/nm-01/000/001-nm-01-000-001.png`` are the extracted whole-frame silhouettes, numbered by the video's
    1-based frame; frames in which nobody is found are black, as some are in CASIA-B, and frames that were dropped
    have no file. ``video/001-nm-01-000.avi`` is lossless RGB, where a dropped frame repeats the one before. CASIA-B has
    one background clip per subject and view, ``001-bkgrd-000.avi``; here the scene changes from walk to walk, so
    that each walk has its own beside it, ``001-nm-01-bkgrd-000.avi``.

    A sequence appears under its name only when it is whole; an interrupted export goes on where it was.

    Parameters
    ----------
    walkers : Walkers
    directory : Path or str
        New, empty, or an earlier export of the same walkers.
    subjects, angles, walks : sequences
        What to write.
    layout : str
        ``casia-b``, or one without videos.
    video : bool
        Write the videos too (about 110 kB a frame); CASIA-B's layout alone has any.
    frames : int, optional
        Only the first `frames` frames of each sequence.
    jobs : int
        Processes.
    progress : callable, optional
        Called with the finished share (0..1) and a line of text.

    Raises
    ------
    DataError
        If the directory holds something else, or the disk is full or not writable.
    """
    directory = Path(directory)
    known = set(walkers.keys())
    tasks = [(s, w) for s in subjects for w in walks]
    for key in (SequenceKey(s, w, a) for s, w in tasks for a in angles):
        if key not in known:
            raise DataError(f"the walkers have no sequence {key}; they have {walkers.subjects} subjects")
    _mark(walkers, directory, frames, layout)
    run = worker_pool(jobs, len(tasks), return_as="generator")
    work = (
        joblib.delayed(_export_walk)(
            walkers, directory, s, w, tuple(angles), video, frames, _standard(w, walks)
        )
        if layout == "casia-b"
        else joblib.delayed(_export_plainly)(walkers, directory, s, w, tuple(angles), frames, layout)
        for s, w in tasks
    )
    written = present = 0
    for done, (new, old) in enumerate(run(work), start=1):
        written, present = written + new, present + old
        if progress is not None:
            subject, walk = tasks[done - 1]
            progress(done / len(tasks), f"{subject} {walk}")
    return ExportSummary(written, present)


def _standard(walk: str, walks: Sequence[str]) -> bool:
    """Whether the task of `walk` writes the subject's standard background clip."""
    return walk == (_STANDARD_WALK if _STANDARD_WALK in walks else walks[0])


def _mark(walkers: Walkers, directory: Path, frames: int | None, layout: str) -> None:
    """Note what the export is made of, or check that an earlier note says the same."""
    from gaitbench.datasets.walkers import RENDER_VERSION
    from gaitbench.datasets.walkers.films import FilmedWalkers
    from gaitbench.datasets.walkers.uneven import UnevenWalkers

    note: dict[str, Any] = {
        "what": "walkers rendered by gaitbench, not filmed people",
        "render_version": RENDER_VERSION,
        "seed": walkers.seed,
        "parameters": {
            "seed": walkers.seed, "subjects": walkers.subjects, "length": walkers.length, "fps": walkers.fps,
        },
        "frames": frames,
        "extraction": asdict(ExtractionSettings()),
    }  # fmt: skip
    if isinstance(walkers, FilmedWalkers):
        note["film"] = walkers.film
    if isinstance(walkers, UnevenWalkers):
        note["kind"] = "uneven"
    if layout != "casia-b":
        note["layout"] = layout
    path = directory / MARKER
    text = json.dumps(note, indent=1) + "\n"
    try:
        present = path.read_bytes() if path.is_file() else None
        foreign = directory.is_file() or (
            present is None and directory.is_dir() and any(e.name[0] != "." for e in directory.iterdir())
        )
    except OSError as error:
        raise DataError(f"{directory}: cannot be read ({error.strerror}); choose another folder") from None
    if present is not None:
        if present != text.encode("utf-8"):
            raise DataError(
                f"{directory}: holds an export of other walkers or frames, or of another version (see {MARKER}); "
                "choose an empty folder"
            )
        return
    if foreign:
        raise DataError(f"{directory}: holds something else already; choose an empty folder")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        write_text(path, text)
    except OSError as error:
        raise DataError(f"{directory}: cannot be written ({error.strerror}); choose another folder") from None


def _export_walk(
    walkers: Walkers,
    directory: Path,
    subject: str,
    walk: str,
    angles: tuple[int, ...],
    video: bool,
    frames: int | None,
    standard: bool,
) -> tuple[int, int]:
    """Write one walk; returns sequences written and sequences present."""
    missing = [a for a in angles if not _whole(directory, SequenceKey(subject, walk, a), video)]
    try:
        for recording in walkers.load_walk(subject, walk, missing, frames=frames):
            _write_sequence(directory, recording, walkers.fps, video)
        if video and standard:
            for angle in angles:
                _write_standard_background(walkers, directory, SequenceKey(subject, walk, angle))
    except OSError as error:
        raise DataError(
            f"{directory}: cannot be written ({error.strerror}); free some space and run again"
        ) from None
    return len(missing), len(angles) - len(missing)


def _export_plainly(
    walkers: Walkers,
    directory: Path,
    subject: str,
    walk: str,
    angles: tuple[int, ...],
    frames: int | None,
    layout: str,
) -> tuple[int, int]:
    """Write one walk in a layout without videos; returns sequences written and sequences present."""
    written = LAYOUTS[layout]
    missing = [a for a in angles if not (directory / written.place(SequenceKey(subject, walk, a))).exists()]
    try:
        for recording in walkers.load_walk(subject, walk, missing, frames=frames):
            written.write(directory, directory / written.place(recording.key), recording)
    except OSError as error:
        raise DataError(
            f"{directory}: cannot be written ({error.strerror}); free some space and run again"
        ) from None
    return len(missing), len(angles) - len(missing)


def _paths(directory: Path, key: SequenceKey) -> tuple[Path, Path, Path]:
    """Folder of silhouettes, video, and the walk's own background clip."""
    clips = directory / "video"
    background = clips / f"{key.subject}-{key.walk}-bkgrd-{key.angle:03d}.avi"
    return directory / key.subject / key.walk / f"{key.angle:03d}", clips / f"{key}.avi", background


def _whole(directory: Path, key: SequenceKey, video: bool) -> bool:
    folder, *clips = _paths(directory, key)
    return folder.is_dir() and (not video or all(c.is_file() for c in clips))


def _write_sequence(directory: Path, recording: Recording, fps: float, video: bool) -> None:
    """Write everything under names that readers skip, then rename: the silhouettes last."""
    key = recording.key
    folder, clip, background = _paths(directory, key)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with whole_folder(folder) as part:
        silhouettes = full_silhouettes(recording)
        for number, mask in zip(recording.frame_numbers, silhouettes, strict=True):
            content = cv2.imencode(".png", mask.view(np.uint8) * np.uint8(255))[1]
            (part / f"{key}-{number:03d}.png").write_bytes(content.tobytes())
        if video:
            assert recording.frames is not None and recording.background is not None
            write_lossless_avi(background, recording.background, fps)
            write_lossless_avi(clip, _every_frame(recording), fps)


def _every_frame(recording: Recording) -> Iterator[NDArray[np.uint8]]:
    """All frames of the video; a dropped one repeats the one before (or, at the start, after) it."""
    assert recording.frames is not None
    place = (
        np.searchsorted(recording.frame_numbers, np.arange(1, recording.frame_count + 1), side="right") - 1
    )
    for i in np.maximum(place, 0):
        yield recording.frames[i]


def _write_standard_background(walkers: Walkers, directory: Path, key: SequenceKey) -> None:
    """CASIA-B's one clip per subject and view: the empty scene of the first normal walk."""
    path = directory / "video" / f"{key.subject}-bkgrd-{key.angle:03d}.avi"
    if path.is_file():
        return
    if key.walk == _STANDARD_WALK:
        with whole_file(path) as part:
            shutil.copyfile(_paths(directory, key)[2], part)
        return
    empty = walkers.load(SequenceKey(key.subject, _STANDARD_WALK, key.angle), frames=1).background
    assert empty is not None
    write_lossless_avi(path, empty, walkers.fps)
