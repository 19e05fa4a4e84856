"""Every sequence of a data set looked at once, in several processes; only facts come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from gaitbench.datasets.opening import by_subject, quiet_sources
from gaitbench.datasets.sequence import Dataset, SequenceKey
from gaitbench.datasets.sources.casia_b import CasiaB
from gaitbench.datasets.sources.casia_layout import Layout
from gaitbench.datasets.sources.imported.tree import ImportedSet
from gaitbench.datasets.sources.tables.manifest import ManifestSet
from gaitbench.doctor.reading.exports import lost_of
from gaitbench.doctor.reading.facts import Facts
from gaitbench.doctor.reading.films import facts_of_source, film_of, rate_of
from gaitbench.doctor.reading.measure import facts_of_raw
from gaitbench.doctor.reading.outcome import outcome_of
from gaitbench.doctor.reading.raw import read_raw
from gaitbench.errors import ConfigError
from gaitbench.processes import fitting_jobs, one_blas_thread, worker_pool

__all__ = ["Asked", "look_at_all"]

#: Fewer tasks than this are not worth the start of processes.
_FEWEST = 8


@dataclass(frozen=True)
class Asked:
    """What a suite asks of the data.

    Parameters
    ----------
    keys : frozenset of SequenceKey
    frames : int or None
        Frames of a sequence; None: all.
    size : (int, int)
        Height and width of the crops.
    """

    keys: frozenset[SequenceKey] = frozenset()
    frames: int | None = None
    size: tuple[int, int] = (64, 44)


def look_at_all(
    dataset: Dataset, asked: Asked, *, jobs: int = 1, progress: Callable[[float, str], None] | None = None
) -> list[Facts]:
    """Facts of every sequence, in the order of the keys; about a kilobyte each.

    Parameters
    ----------
    dataset : Dataset
    asked : Asked
    jobs : int
        Worker processes. A third party's data set stays in this one.
    progress : callable, optional
        Told of the share that is done, and of what.

    Raises
    ------
    ConfigError
        If a worker is killed, most likely for want of memory.
    """
    keys = dataset.keys()
    tasks = by_subject(keys)
    ours = type(dataset).__module__.startswith("gaitbench.")
    if jobs == 1 or len(tasks) < _FEWEST or not ours:
        found: Iterator[list[Facts]] = (_look(dataset, task, asked) for task in tasks)
    else:
        found = _shared_out(dataset, tasks, asked, jobs)
    facts: list[Facts] = []
    for part in found:
        facts += part
        if progress is not None:
            progress(len(facts) / len(keys), f"{len(facts)} of {len(keys)} sequences")
    return facts


def _shared_out(
    dataset: Dataset, tasks: Sequence[tuple[SequenceKey, ...]], asked: Asked, jobs: int
) -> Iterator[list[Facts]]:
    from joblib import delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    work = (delayed(_look)(_part(dataset, task), task, _of(asked, task)) for task in tasks)
    try:
        with worker_pool(jobs, len(tasks), return_as="generator") as pool:
            yield from pool(work)
    except TerminatedWorkerError as error:
        raise ConfigError(
            "a worker process was killed, most likely for want of memory; run the same command again with fewer "
            f"--jobs (now {fitting_jobs(jobs, len(tasks))})"
        ) from error


def _look(dataset: Dataset, keys: Sequence[SequenceKey], asked: Asked) -> list[Facts]:
    """One task; runs in a worker."""
    import cv2

    cv2.setNumThreads(1)
    # what of a file is broken is said by us
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    with one_blas_thread(), quiet_sources():
        return [_facts(dataset, key, asked) for key in keys]


def _facts(dataset: Dataset, key: SequenceKey, asked: Asked) -> Facts:
    rate = rate_of(dataset, key)
    raw = read_raw(dataset, key)
    if raw is None:
        facts = facts_of_source(dataset, key, rate)
    else:
        lost = lost_of(dataset, key, raw.numbers)
        facts = replace(facts_of_raw(key, raw, rate), film=film_of(dataset, key), lost=lost)
    if key not in asked.keys:
        return facts
    return replace(facts, outcome=outcome_of(dataset, facts, key, asked.frames, asked.size))


def _of(asked: Asked, keys: Sequence[SequenceKey]) -> Asked:
    return replace(asked, keys=asked.keys & frozenset(keys))


def _part(dataset: Dataset, keys: Sequence[SequenceKey]) -> Dataset:
    """The data set with these sequences alone, where all of it would be sent to a process with every task."""
    if not isinstance(dataset, CasiaB):
        return dataset
    whole = dataset.layout

    def own(places: dict) -> dict:  # type: ignore[type-arg]
        return {key: places[key] for key in keys if key in places}

    subjects = {key.subject for key in keys}
    scenes = {place: path for place, path in whole.backgrounds.items() if place[0] in subjects}
    layout = Layout(whole.root, own(whole.silhouettes), own(whole.videos), scenes)
    if isinstance(dataset, ImportedSet):
        return dataset.part(layout)
    part = ManifestSet(whole.root, layout, own(getattr(dataset, "frames", {})))
    part.root, part.rate = dataset.root, dataset.rate
    return part
