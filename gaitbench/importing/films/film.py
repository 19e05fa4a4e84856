"""One film brought in: its walks found, named, judged, and written; what was done is noted."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from gaitbench.clips.heap import give_memory_back
from gaitbench.clips.people.quality import FAULTS, Quality, judged
from gaitbench.clips.people.strips import some, strip_of, tile
from gaitbench.clips.people.tracks import LEAST, Seen
from gaitbench.datasets.opening import quiet_sources
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.sources.imported.notes import (
    FOLDER,
    SequenceNote,
    read_sequence_note,
    sequence_place,
)
from gaitbench.datasets.video import count_frames
from gaitbench.errors import DataError, GaitbenchError
from gaitbench.importing.asked import Asked, Done
from gaitbench.importing.converting import mark_of_files
from gaitbench.importing.films.given_masks import open_masks
from gaitbench.importing.films.naming import Named, by_film, by_table
from gaitbench.importing.films.passes import Pass
from gaitbench.importing.films.walks import Film, FilmFrames, Walk, film_of, find_walks
from gaitbench.importing.writing import Clip, Silhouettes, write_sequence
from gaitbench.store.atomic import write_bytes
from gaitbench.validation import convert, read_json

__all__ = ["FilmTask", "import_film"]


@dataclass(frozen=True)
class FilmTask:
    """A film and what belongs to it.

    Parameters
    ----------
    name : str
        Below the folder of films.
    path : Path
    key : SequenceKey or None
        What its name says; None where it says nothing and a table does.
    background, masks : Path or None
    rows : tuple of Pass
        Of the table of passes.
    """

    name: str
    path: Path
    key: SequenceKey | None
    background: Path | None = None
    masks: Path | None = None
    rows: tuple[Pass, ...] = ()


class _Refused(msgspec.Struct, frozen=True):
    name: str
    problem: str
    score: float
    strip: bytes


class _FilmNote(msgspec.Struct, frozen=True):
    """What was done with a film, so that it is not done again."""

    mark: str
    least: float
    keys: tuple[str, ...]
    refused: tuple[_Refused, ...] = ()
    problems: tuple[str, ...] = ()


def import_film(task: FilmTask, asked: Asked) -> list[Done]:
    """Bring in the walks of a film (runs in a worker); what is wrong with it is its own matter."""
    give_memory_back()
    with quiet_sources():
        try:
            return _imported(task, asked)
        except GaitbenchError as error:
            text = str(error)
            named = text if task.path.name in text else f"{task.name}: {text}"
            return [Done(task.name, "failed", problem=named)]


def _imported(task: FilmTask, asked: Asked) -> list[Done]:
    mark = _mark(task, asked)
    note = _noted(task, asked)
    if note is not None and note.mark == mark and (not note.refused or asked.least >= note.least):
        return _as_noted(task, note, asked)
    if note is not None and note.mark != mark and note.keys:
        raise DataError(
            f"{task.name}: was imported as {', '.join(note.keys[:4])}{', ...' if note.keys[4:] else ''} already, from "
            "another state of its files or in another way; import into another folder"
        )
    masks = None
    if task.masks is not None:
        masks = open_masks(task.masks, count_frames(task.path), asked.mask_kind)
    film = film_of(task.path, task.background, masks)
    with tempfile.TemporaryDirectory(prefix="gaitbench-import-") as folder:
        find_walks(film, masks, Path(folder))
        found = _written(task, film, mark, asked)
    keys = tuple(one.name for one in found if one.note is not None)
    refused = tuple(
        _Refused(one.name, one.problem, 0.0, one.strip) for one in found if one.status == "refused"
    )
    problems = tuple(one.problem for one in found if one.status == "failed")
    _keep(task, asked, _FilmNote(mark, asked.least, keys, refused, problems))
    return found


def _written(task: FilmTask, film: Film, mark: str, asked: Asked) -> list[Done]:
    found: list[Done] = []
    said = ""
    if task.rows:
        named, lacking = by_table(film, task.rows)
        taken = {id(walk) for one in named for walk in one.walks}
        for number, walk in enumerate(film.walks, start=1):
            if id(walk) not in taken:
                film.notes.append(f"track {number} ({_when(film, walk)}) is in no row of --passes: left out")
        found += [Done(task.name, "failed", problem=f"{task.name}: {text}") for text in lacking]
    else:
        assert task.key is not None
        fine = [walk for walk in film.walks if walk.quality.score >= asked.least]
        named, others, said = by_film(task.key, fine, asked.people)
        for walk in film.walks:
            if walk in others:
                text = f"{_when(film, walk)} somebody else is seen: left out, as --people one says"
                film.notes.append(text)
            elif walk not in fine:
                found.append(_refusal(task, film, walk))
        if not film.walks:
            text = f"{task.name}: {'; '.join(['nobody is seen in it', *film.notes])} ({film.frames} frames)"
            found.append(Done(task.name, "failed", problem=text))
    reader = FilmFrames(film.path)  # walks one after the other are read in one go
    for one in sorted(named, key=lambda n: n.first):
        found.append(_one(task, film, reader, one, mark, said, asked))
    return found


def _one(
    task: FilmTask, film: Film, reader: FilmFrames, named: Named, mark: str, said: str, asked: Asked
) -> Done:
    """Write one walk; numbers begin with 1 at its first frame."""
    key = named.key
    seen = _seen(named)
    if len(seen) < LEAST:
        text = f"{task.name}: {key} shows somebody in {len(seen)} frames alone; at least {LEAST} are needed"
        return Done(str(key), "failed", problem=text)
    quality = judged([one.look for one in seen])
    first, last = seen[0].place, seen[-1].place
    strip = _strip(film, named, seen, quality)
    if quality.score < asked.least:
        return Done(
            str(key), "refused", problem=_rubbish(task, str(key), film, first, last, quality), strip=strip
        )
    numbers = film.numbers - film.numbers[first] + 1
    total = int(numbers[last])
    where = f"frames {film.taken[first] + 1} to {film.taken[last] + 1} of {task.name}"
    notes = tuple(part for part in (*film.notes, said, named.note, where) if part)
    note = SequenceNote(
        str(key), mark, len(seen), total, False, round(quality.score, 4), quality.faults, notes
    )
    silhouettes = Silhouettes(
        film.size, numbers[[one.place for one in seen]], lambda: (one.mask(film.size) for one in seen)
    )
    colours = background = None
    if asked.video and asked.layout == "casia-b":
        colours = Clip(frames=lambda: _colours(film, reader, first, last))
        if film.scene is not None:
            empty = film.scene.picture
            background = Clip(frames=lambda: [empty])
    was_there = sequence_place(asked.dest, key).is_file()
    write_sequence(asked, key, silhouettes, note, strip, colours, background)
    return Done(str(key), "present" if was_there else "written", note)


def _strip(film: Film, named: Named, seen: list[Seen], quality: Quality) -> bytes:
    """Pictures of a walk that is whole; of a part, or of several, silhouettes: the pictures are of other frames."""
    walk = named.walks[0]
    if len(named.walks) == 1 and (walk.first, walk.last) == (seen[0].place, seen[-1].place):
        return walk.strip
    at = some(len(seen))
    return strip_of([tile(seen[i].mask(film.size)) for i in at], [quality.good[i] for i in at])


def _seen(named: Named) -> list[Seen]:
    """The person in each frame between the ends of a pass: the largest where there are several."""
    by_place: dict[int, Seen] = {}
    for walk in named.walks:
        for one in walk.seen():
            other = by_place.get(one.place)
            if named.first <= one.place <= named.last and (other is None or one.look.area > other.look.area):
                by_place[one.place] = one
    return [by_place[place] for place in sorted(by_place)]


def _colours(film: Film, reader: FilmFrames, first: int, last: int) -> Iterator[NDArray[np.uint8]]:
    """Frames of a walk, 25 a second: where the film has fewer, each until the next."""
    numbers = film.numbers[first : last + 1]
    times = np.append(np.diff(numbers), 1)
    yield from reader.give(np.repeat(film.taken[first : last + 1], times).tolist())


def _when(film: Film, walk: Walk) -> str:
    return f"from {film.seconds(walk.first):.1f} to {film.seconds(walk.last):.1f} s"


def _refusal(task: FilmTask, film: Film, walk: Walk) -> Done:
    text = _rubbish(task, "", film, walk.first, walk.last, walk.quality)
    return Done(f"{task.name} {_when(film, walk)}", "refused", problem=text, strip=walk.strip)


def _rubbish(task: FilmTask, key: str, film: Film, first: int, last: int, quality: Quality) -> str:
    why = ", ".join(f"{count} {FAULTS[fault]}" for fault, count in quality.faults.items())
    when = f"from {film.seconds(first):.1f} to {film.seconds(last):.1f} s"
    share = f"{100 * quality.score:.0f} % of {len(quality.good)} frames look like one whole person ({why})"
    return f"{task.name}{f' ({key})' if key else ''}: {when} only {share}; not written: look at the sheet"


def _as_noted(task: FilmTask, note: _FilmNote, asked: Asked) -> list[Done]:
    found = []
    for text in note.keys:
        key = SequenceKey.parse(text)
        if not sequence_place(asked.dest, key).is_file():
            raise DataError(f"{task.name}: {text} was imported and is gone; import into another folder")
        found.append(Done(text, "present", read_sequence_note(asked.dest, key)))
    found += [Done(one.name, "refused", problem=one.problem, strip=one.strip) for one in note.refused]
    return [*found, *(Done(task.name, "failed", problem=text) for text in note.problems)]


def _mark(task: FilmTask, asked: Asked) -> str:
    files = [task.path, *([task.background] if task.background is not None else [])]
    if task.masks is not None:
        files += sorted(p for p in task.masks.iterdir() if p.is_file())
    try:
        return mark_of_files(
            files, [asked.video and asked.layout == "casia-b", asked.mask_kind, asked.people, task.rows]
        )
    except OSError as error:
        raise DataError(f"{error.filename}: cannot be read ({error.strerror}); check the path") from None


def _note_place(task: FilmTask, asked: Asked) -> Path:
    return asked.dest / FOLDER / "films" / f"{hashlib.sha256(task.name.encode()).hexdigest()[:24]}.json"


def _noted(task: FilmTask, asked: Asked) -> _FilmNote | None:
    place = _note_place(task, asked)
    if not place.is_file():
        return None
    again = "no note of an import; remove it and import again"
    return convert(_FilmNote, read_json(place, way_out=again), f"{place} ({again}):")


def _keep(task: FilmTask, asked: Asked, note: _FilmNote) -> None:
    place = _note_place(task, asked)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(place, msgspec.json.encode(note))
    except OSError as error:
        raise DataError(f"{place}: cannot be written ({error.strerror}); free some space") from None
