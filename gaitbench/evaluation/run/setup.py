"""From names and paths, as a user gives them, to a run that can start."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path

from gaitbench.datasets.clock import check_rate
from gaitbench.datasets.key_text import walk_parts
from gaitbench.datasets.opening import open_data
from gaitbench.datasets.sequence import Dataset
from gaitbench.datasets.splits import ROLES, read_partition
from gaitbench.errors import ConfigError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.plug_ins import without_broken
from gaitbench.evaluation.run.progress import Progress, SilentProgress
from gaitbench.store import Store
from gaitbench.store.remote.opening import open_store
from gaitbench.suites import Suite, load_suite

log = logging.getLogger(__name__)

__all__ = ["open_dataset", "open_run", "resolve_device"]


def resolve_device(name: str) -> str:
    """``"cpu"``, ``"cuda"`` or ``"cuda:N"`` for what a user asks for; see `gaitbench.training.resolve_device`."""
    from gaitbench.training.device import resolve_device as resolve

    return str(resolve(name))


def open_dataset(
    suite: Suite,
    root: Path | None,
    data_format: str | None = None,
    *,
    fps: float | None = None,
    pattern: str | None = None,
) -> Dataset:
    """The embedded walkers, or the data set at `root`; see `gaitbench.datasets.opening.open_data`.

    The walkers have their second session where the suite names a walk of it (``2@nm-01``).
    """
    if root is None and data_format in (None, "walkers"):
        from gaitbench.datasets.walkers import Walkers
        from gaitbench.datasets.walkers.second_session import TwoSessions

        if fps is not None:
            raise ConfigError(f"--fps {fps} goes with --data; the embedded walkers have their own frame rate")
        if pattern is not None:
            raise ConfigError(f"--pattern {pattern} goes with --data; the embedded walkers have no files")
        if suite.data.camera or suite.data.walkers:
            return _of_first_session(suite)
        walks = [w for role in (*ROLES[:2], "gallery", "probe") for w in getattr(suite.walks, role)]
        kind = TwoSessions if any(walk_parts(walk)[0] is not None for walk in walks) else Walkers
        walkers: Dataset = kind(seed=suite.data.seed)
        return walkers
    for what, value in (("data.camera", suite.data.camera), ("data.walkers", suite.data.walkers)):
        if value:
            raise ConfigError(
                f"suite {suite.name}: {what} {value!r} is of the embedded walkers, and --data has pictures of its own; "
                "leave one of them out"
            )
    return open_data(root, data_format, rate=check_rate(fps), pattern=pattern)


def _of_first_session(suite: Suite) -> Dataset:
    """Walkers of another kind, or on another film."""
    from gaitbench.datasets.walkers.kinds import walkers_of

    walks = [w for role in (*ROLES[:2], "gallery", "probe") for w in getattr(suite.walks, role)]
    if second := [walk for walk in walks if walk_parts(walk)[0] is not None]:
        what = "data.camera" if suite.data.camera else "data.walkers"
        raise ConfigError(
            f"suite {suite.name}: {what} {suite.data.camera or suite.data.walkers!r} has walks of the first session "
            f"alone, and the suite asks for {second[0]}; leave out one of them"
        )
    return walkers_of(suite.data.walkers, suite.data.camera, seed=suite.data.seed)


def open_run(
    suite: str | Suite,
    *,
    data: Path | Dataset | None = None,
    data_format: str | None = None,
    fps: float | None = None,
    pattern: str | None = None,
    partition: Path | None = None,
    store: Path | str | Store | None = None,
    jobs: int | None = None,
    seed: int | None = None,
    device: str = "auto",
    angles: tuple[int, ...] | None = None,
    progress: Progress | None = None,
) -> RunContext:
    """Check everything a run needs before it starts.

    Parameters
    ----------
    suite : str or Suite
        Name of a suite, a TOML file, or one that is read already.
    data : path or Dataset, optional
        Root of a data set, or one that is open; the embedded walkers if not given.
    data_format : str, optional
        How the root is read, as registered (``casia-b``, ``manifest``, a third party's); guessed, and said, if not
        given.
    fps : float, optional
        Frames a second of silhouettes without a video.
    pattern : str, optional
        How pictures are named, see `gaitbench.datasets.sources.pattern`.
    partition : path, optional
        OpenGait's partition of the data, in place of the suite's split.
    store : path, str or Store, optional
        Folder of the artifacts, or the address of an object store (default: `gaitbench.store.store.default_place`).
    jobs : int, optional
        Worker processes; the number of processors if not given.
    seed : int, optional
        Replaces the suite's seed.
    angles : tuple of int, optional
        Probe only these angles.

    Raises
    ------
    GaitbenchError
        For an unknown suite, angle or device, or data that cannot be read.
    UnreachableError
        If the store is on an object store that does not answer.
    """
    loaded = (load_suite(suite) if isinstance(suite, str) else suite).with_seed(seed)
    if jobs is not None and jobs < 1:
        raise ConfigError(f"--jobs {jobs} is not possible; take 1 or more")
    if not 0 <= loaded.seed < 2**32:
        raise ConfigError(f"--seed {loaded.seed} is not possible; take 0 to {2**32 - 1}")
    most = 4 * (os.cpu_count() or 1)
    if jobs is not None and jobs > most:
        log.warning("--jobs %d is more than four for each processor: %d are started", jobs, most)
        jobs = most
    kept = store if isinstance(store, Store) else open_store(store)
    kept.refresh()
    for path in kept.sweep():
        log.warning("%s was left unfinished by a process that was killed; it is removed", path)
    dataset = (
        open_dataset(loaded, data, data_format, fps=fps, pattern=pattern)
        if data is None or isinstance(data, Path)
        else data
    )
    if partition is not None:
        there = dataset.keys()
        split = read_partition(partition, {key.subject for key in there})
        loaded = replace(loaded, split=split)
        counts = ", ".join(f"{len(getattr(split, role))} {role}" for role in ROLES)
        log.warning("%s takes the place of the suite's split: %s", partition, counts)
    usable, broken = without_broken(loaded)
    run = RunContext(
        suite=usable,
        dataset=dataset,
        store=kept,
        device=resolve_device(device),
        jobs=jobs or os.cpu_count() or 1,
        probe_angles=angles,
        progress=progress or SilentProgress(),
        asked=loaded if broken else None,
    )
    for failure in broken:
        run.log.fail(failure.stage, failure.cell, failure.message)
    return run
