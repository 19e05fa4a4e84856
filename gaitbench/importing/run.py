"""An import from beginning to end: what is there, process by process, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from gaitbench.datasets.clock import check_rate
from gaitbench.datasets.opening import by_subject
from gaitbench.datasets.sources.casia_layout import MARKER
from gaitbench.datasets.sources.imported.notes import ImportNote, note_place, read_import_note
from gaitbench.errors import ConfigError, DataError
from gaitbench.importing.asked import Asked, Done
from gaitbench.importing.converting import Opening, convert_keys
from gaitbench.importing.films.film import FilmTask, import_film
from gaitbench.importing.placing import put_file
from gaitbench.importing.showing.outcome import Outcome
from gaitbench.importing.sources import Source, open_source
from gaitbench.processes import fitting_jobs, one_blas_thread, worker_pool
from gaitbench.store.atomic import write_bytes

__all__ = ["run_import"]


def run_import(
    root: Path,
    asked: Asked,
    *,
    name: str | None = None,
    rate: float | None = None,
    pattern: str | None = None,
    jobs: int | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Outcome:
    """Bring a source in.

    Parameters
    ----------
    root : Path
        A data set that gaitbench reads, a video, or a folder of videos.
    asked : Asked
    name, rate, pattern : optional
        As `gaitbench.datasets.opening.open_data` takes them; ``videos`` is a format, too.
    jobs : int, optional
        Worker processes; the processors if not given.
    progress : callable, optional
        Told of the share that is done, and of what.

    Raises
    ------
    GaitbenchError
        In one line, where nothing can be brought in: all other faults are in the outcome.
    """
    if jobs is not None and jobs < 1:
        raise ConfigError(f"--workers {jobs} is not possible; take 1 or more")
    if not 0 <= asked.least <= 1:
        raise ConfigError(f"--least {asked.least} is no share; give 0 (write everything) to 1")
    for option, place in (("masks", asked.masks), ("background", asked.background), ("passes", asked.passes)):
        if place is not None and not place.exists():
            raise ConfigError(f"--{option} {place}: no such {'folder' if option == 'masks' else 'file'}")
    if asked.masks is not None and not asked.masks.is_dir():
        raise ConfigError(f"--masks {asked.masks} is no folder; give one with a folder of pictures a video")
    if asked.masks is not None and asked.background is not None:
        raise ConfigError("--background is for background subtraction; leave it out with --masks")
    inside, dest = root.resolve(), asked.dest.resolve()
    if inside == dest or dest.is_relative_to(inside) or inside.is_relative_to(dest):
        raise ConfigError(f"{asked.dest} and {root} lie in each other; give a folder beside the source")
    source = open_source(root, asked, name=name, rate=check_rate(rate), pattern=pattern)
    _begin(source, asked, [rate, pattern])
    tasks: list[tuple[Any, ...]] = [(source.opening, keys, asked) for keys in by_subject(source.keys)]
    tasks += [(task, asked) for task in source.films]
    total, found = len(source.keys) + len(source.films), list[Done]()
    finished = 0
    for task, part in _worked(tasks, jobs or os.cpu_count() or 1):
        found += part
        finished += 1 if isinstance(task[0], FilmTask) else len(task[1])
        if progress is not None:
            progress(finished / total, f"{finished} of {total}")
    found += [Done(what, "failed", problem=text) for what, text in source.problems]
    return Outcome(
        str(root), source.format, source.because, asked.dest, asked.layout, asked.least, tuple(found),
        tuple(source.said),
    )  # fmt: skip


def _worked(tasks: Sequence[tuple[Any, ...]], jobs: int) -> Iterator[tuple[tuple[Any, ...], list[Done]]]:
    from joblib import delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    if fitting_jobs(jobs, len(tasks)) == 1:
        yield from ((task, _work(*task)) for task in tasks)
        return
    try:
        with worker_pool(jobs, len(tasks), return_as="generator", pre_dispatch="2*n_jobs") as pool:
            yield from zip(tasks, pool(delayed(_work)(*task) for task in tasks), strict=True)
    except TerminatedWorkerError as error:
        raise ConfigError(
            "a worker process was killed, most likely for want of memory; run the same command again with fewer "
            f"--workers (now {fitting_jobs(jobs, len(tasks))}): it goes on where it was"
        ) from error


def _work(*task: Any) -> list[Done]:
    """One task; runs in a worker."""
    import cv2

    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # what is broken is said by us
    with one_blas_thread():
        return _one(*task)


def _one(*task: Any) -> list[Done]:
    first = task[0]
    if isinstance(first, FilmTask):
        return import_film(first, task[1])
    assert isinstance(first, Opening)
    return convert_keys(first, task[1], task[2])


def _begin(source: Source, asked: Asked, how: Sequence[Any]) -> None:
    """Note what the import is, or check that an earlier note says the same: nothing is mixed."""
    note = ImportNote(
        source.label, asked.layout, source.rendered,
        msgspec.json.encode([source.format, *how, asked.video]).decode(),
    )  # fmt: skip
    place, dest = note_place(asked.dest), asked.dest
    try:
        if place.is_file():
            if read_import_note(dest) != note:
                raise DataError(
                    f"{dest}: holds an import of other data, or in another way; choose an empty folder"
                )
        elif dest.exists() and not dest.is_dir():
            raise DataError(f"{dest}: is a file; give a folder")
        elif dest.is_dir() and any(not e.name.startswith(".") for e in dest.iterdir()):
            raise DataError(f"{dest}: holds something else already; choose an empty folder")
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.marker is not None:
            marker = source.marker
            put_file(dest / MARKER, lambda part: _copied(marker, part))
        write_bytes(place, msgspec.json.encode(note))
    except OSError as error:
        raise DataError(f"{dest}: cannot be written ({error.strerror}); choose another folder") from None


def _copied(source: Path, part: Path) -> None:
    part.write_bytes(source.read_bytes())
