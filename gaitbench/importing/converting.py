"""Sequences of a data set that gaitbench reads, written in another layout: nothing is extracted, all of it is kept."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.people.quality import FAULTS, Quality, judged, look_at
from gaitbench.clips.people.strips import some, strip_of, tile
from gaitbench.datasets.clock import RATE
from gaitbench.datasets.opening import open_data, quiet_sources
from gaitbench.datasets.prepare import full_silhouettes
from gaitbench.datasets.sequence import Dataset, Recording, SequenceKey
from gaitbench.datasets.silhouettes.alignment import has_person
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.imported.notes import (
    SequenceNote,
    read_sequence_note,
    sequence_place,
)
from gaitbench.datasets.sources.imported.tree import silhouettes_place
from gaitbench.datasets.sources.member_source import MemberSource
from gaitbench.datasets.video import frame_rate
from gaitbench.errors import DataError, GaitbenchError
from gaitbench.importing.asked import Asked, Done
from gaitbench.importing.clock import is_usual, on_clock
from gaitbench.importing.writing import Clip, Silhouettes, at_every_number, write_sequence

__all__ = ["Opening", "convert_keys", "mark_of_files"]


@dataclass(frozen=True)
class Opening:
    """How a data set is opened, so that each process opens it once.

    Parameters
    ----------
    root : Path
    name : str
        Of the format.
    rate : float or None
    pattern : str or None
    """

    root: Path
    name: str
    rate: float | None = None
    pattern: str | None = None


@functools.lru_cache(maxsize=2)
def _opened(opening: Opening) -> Dataset:
    return open_data(opening.root, opening.name, rate=opening.rate, pattern=opening.pattern)


def convert_keys(opening: Opening, keys: Sequence[SequenceKey], asked: Asked) -> list[Done]:
    """Bring in some sequences (runs in a worker); what is wrong with one is its own matter."""
    found = []
    with quiet_sources():
        dataset = _opened(opening)
        for key in keys:
            try:
                found.append(_converted(dataset, key, asked))
            except GaitbenchError as error:
                found.append(Done(str(key), "failed", problem=_with_name(key, str(error))))
            except Exception as error:
                if type(dataset).__module__.startswith("gaitbench."):
                    raise
                why = " ".join(f"{type(error).__name__}: {error}".split())[:200]
                found.append(Done(str(key), "failed", problem=f"{key}: {opening.name} fails ({why})"))
    return found


def _with_name(key: SequenceKey, text: str) -> str:
    return text if str(key) in text else f"{key}: {text}"


def _converted(dataset: Dataset, key: SequenceKey, asked: Asked) -> Done:
    rate = _rate_of(dataset, key)
    with_video = asked.video and asked.layout == "casia-b"
    mark = mark_of_files(_files_of(dataset, key), [rate, with_video])
    if sequence_place(asked.dest, key).is_file():
        note = read_sequence_note(asked.dest, key)
        if note.mark == mark:
            return Done(str(key), "present", note, _doubt(key, note.score, note.faults, asked))
    was_there = (asked.dest / silhouettes_place(key)).exists() or (asked.dest / f"{key}.npz").exists()
    read = _with_silhouettes(dataset.load(key, video=with_video))
    assert read.silhouettes is not None
    usual = is_usual(rate)
    numbers = read.frame_numbers if usual else on_clock((read.frame_numbers - 1) / rate)
    total = read.frame_count if usual else int(numbers[-1])
    quality = judged([look_at(mask, aligned=read.aligned) for mask in read.silhouettes])
    notes = list(read.notes)
    if not usual:
        notes.append(f"{rate:.4g} frames a second: numbered anew at 25 a second")
    colours, background = _clips(dataset, key, replace(read, frame_numbers=numbers), total, usual)
    if colours is not None and colours.frames is not None and len(numbers) < total:
        notes.append(
            f"{total - len(numbers)} frames of the colours have no silhouette: each repeats the one before"
        )
    note = SequenceNote(
        str(key), mark, len(numbers), total, read.aligned, round(quality.score, 4), quality.faults, tuple(notes)
    )  # fmt: skip
    silhouettes = read.silhouettes
    found = Silhouettes(
        (silhouettes.shape[1], silhouettes.shape[2]), numbers, lambda: iter(silhouettes), read.aligned
    )
    write_sequence(asked, key, found, note, _strip(read, quality), colours, background)
    return Done(
        str(key), "present" if was_there else "written", note, _doubt(key, note.score, note.faults, asked)
    )


def _with_silhouettes(read: Recording) -> Recording:
    """A recording of pictures alone, as a package may give it, with silhouettes that are extracted from them."""
    if read.silhouettes is not None:
        return read
    found = full_silhouettes(read)
    seen = has_person(found)
    if not seen.any():
        raise DataError(f"{read.key}: nobody is visible in {len(seen)} frames")
    assert read.frames is not None
    notes = (*read.notes, "silhouettes extracted from the pictures")
    if not seen.all():
        notes = (*notes, f"{np.count_nonzero(~seen)} of {len(seen)} frames that show nobody left out")
    return replace(
        read, silhouettes=found[seen], frames=read.frames[seen], frame_numbers=read.frame_numbers[seen], notes=notes
    )  # fmt: skip


def _doubt(key: SequenceKey, score: float, faults: dict[str, int], asked: Asked) -> str:
    """Silhouettes that somebody gave are kept; that they are rubbish is said."""
    if score >= asked.least:
        return ""
    why = ", ".join(f"{count} {FAULTS[fault]}" for fault, count in faults.items() if fault in FAULTS)
    share = f"{100 * score:.0f} % of its frames look like one whole person ({why})"
    return f"{key}: {share}; brought in as they are: look at them"


def _strip(read: Recording, quality: Quality) -> bytes:
    assert read.silhouettes is not None
    at = some(len(read.silhouettes))
    tiles = [tile(read.silhouettes[i], None if read.frames is None else read.frames[i]) for i in at]
    return strip_of(tiles, [quality.good[i] for i in at])


def _clips(
    dataset: Dataset, key: SequenceKey, read: Recording, total: int, usual: bool
) -> tuple[Clip | None, Clip | None]:
    """Colours and the empty scene: the source's own files where their clock is ours, else frames written anew."""
    if read.frames is None:
        return None, None
    layout = dataset.layout if isinstance(dataset, CasiaB) else None
    frames, empty = read.frames, read.background
    film = layout.videos.get(key) if layout is not None else None
    if film is not None and usual:
        colours = Clip(file=film)
    else:
        colours = Clip(frames=lambda: at_every_number(frames, read.frame_numbers.tolist(), total))
    scene = layout.background(key) if layout is not None else None
    if scene is not None:
        return colours, Clip(file=scene)
    return colours, None if empty is None or not len(empty) else Clip(frames=lambda: _shown(empty))


def _shown(frames: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    return list(frames)


def _rate_of(dataset: Dataset, key: SequenceKey) -> float:
    """Frames a second of a sequence's numbers: its video's, else what the source was told, else 25."""
    film = dataset.layout.videos.get(key) if isinstance(dataset, CasiaB) else None
    told = frame_rate(film) if film is not None else getattr(dataset, "rate", None)
    return float(told or RATE)


def _files_of(dataset: Dataset, key: SequenceKey) -> list[Path]:
    """The files that a sequence is read from, or the archive that holds them."""
    if isinstance(dataset, MemberSource):
        return sorted({dataset.members.places[name] for name in dataset.places[key].values()})
    if not isinstance(dataset, CasiaB):
        return []
    layout = dataset.layout
    found: list[Path] = []
    for folder in (layout.silhouettes.get(key), getattr(dataset, "frames", {}).get(key)):
        if folder is not None:
            found += sorted(p for p in folder.iterdir() if p.is_file())
    return [*found, *(p for p in (layout.videos.get(key), layout.background(key)) if p is not None)]


def mark_of_files(files: Sequence[Path], more: Sequence[Any]) -> str:
    """What tells one state of some files, read in one way, from another; the same wherever they lie."""
    stats = [(path.name, path.stat()) for path in files]
    told = [[[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats], list(more)]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
