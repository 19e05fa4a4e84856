"""The data and the suite of a diagnosis, opened as `run-all` opens them."""

from __future__ import annotations

import inspect
import os
from dataclasses import dataclass, replace
from pathlib import Path

from gaitbench.datasets.clock import check_rate
from gaitbench.datasets.opening import guess_format, open_data, quiet_sources
from gaitbench.datasets.sequence import Dataset
from gaitbench.datasets.splits import read_partition
from gaitbench.errors import ConfigError, DataError
from gaitbench.registry import DATASETS
from gaitbench.suites import Suite, load_suite

__all__ = ["Source", "open_source"]


@dataclass(frozen=True)
class Source:
    """What there is to look at.

    Parameters
    ----------
    dataset : Dataset
    suite : Suite
    format : str
        Name of the format.
    because : str
        Why it is that.
    jobs : int
    """

    dataset: Dataset
    suite: Suite
    format: str
    because: str
    jobs: int


def open_source(
    root: Path,
    *,
    suite: str,
    name: str | None = None,
    pattern: str | None = None,
    partition: Path | None = None,
    fps: float | None = None,
    jobs: int | None = None,
) -> Source:
    """Check and open everything.

    Parameters
    ----------
    root : Path
    suite : str
        Name of a suite, or a TOML file.
    name, pattern, partition, fps, jobs : optional
        As `gaitbench.evaluation.run.setup.open_run` takes them.

    Raises
    ------
    GaitbenchError
        In one line: nothing there, nothing recognised, an unknown name, an impossible number.
    """
    if jobs is not None and jobs < 1:
        raise ConfigError(f"--jobs {jobs} is not possible; take 1 or more")
    if not root.exists():
        raise DataError(f"{root}: no such folder or file; give the root of the data")
    loaded = load_suite(suite)
    because = "as --format says"
    if name is None and pattern is not None:
        name, because = "pictures", "as --pattern says"
    elif name is None:
        with quiet_sources():
            name = guess_format(root)
        because = f"guessed: {_reason(name)}"
    with quiet_sources():
        dataset = open_data(root, name, rate=check_rate(fps), pattern=pattern)
        keys = dataset.keys()
    if partition is not None:
        loaded = replace(loaded, split=read_partition(partition, {key.subject for key in keys}))
    return Source(dataset, loaded, name, because, jobs or os.cpu_count() or 1)


def _reason(name: str) -> str:
    """Why a format was guessed, in its own words."""
    fits = getattr(DATASETS.get(name), "fits", None)
    said = inspect.getdoc(fits) if fits is not None else None
    if not said:
        return "no other format claims it"
    first = said.splitlines()[0].rstrip(".")
    return first[0].lower() + first[1:] if first[:2].istitle() else first
