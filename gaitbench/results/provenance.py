"""Where a result comes from: versions, commit, machine, suite, seeds."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import msgspec

import gaitbench

__all__ = ["Provenance", "collect_provenance", "file_stamp", "git_commit", "hash_of", "library_versions"]


class _Part(msgspec.Struct, frozen=True):
    """An object of the record; what is read again has a type, further fields are welcome."""


class DatasetOrigin(_Part, frozen=True):
    """The data set of a run; `read` is how files were read, with the number of sequences."""

    name: str
    rendered: bool
    fingerprint: str
    missing: list[Any]
    read: dict[str, int] = {}


class SystemsOrigin(_Part, frozen=True):
    """Where the resolved suite names systems, in any of its parts: texts, or objects with text and label."""

    anonymizers: list[Any] = []
    colorizers: list[Any] = []
    recognizers: list[Any] = []
    others_painted_by: list[Any] = []
    naturalness_of: list[Any] = []
    sweep: list[Any] = []
    sweep_painted_by: list[Any] = []


class SuiteOrigin(_Part, frozen=True):
    """What is read of the resolved suite."""

    confidence: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.95
    systems: SystemsOrigin = SystemsOrigin()
    attacks: SystemsOrigin = SystemsOrigin()
    quality: SystemsOrigin = SystemsOrigin()
    extras: SystemsOrigin = SystemsOrigin()


class ProtocolPart(_Part, frozen=True):
    """A part of the protocol, with the hash by which runs are told apart."""

    hash: str = ""
    value: Any = None


class VerdictOrigin(_Part, frozen=True):
    """The answer about somebody else's files, and why it cannot be given."""

    answer: str = ""
    why: list[str] = []


class CountsOrigin(_Part, frozen=True):
    """What was handed in, in words."""

    lines: list[str] = []


class EvaluatedOrigin(_Part, frozen=True):
    """What ``evaluate`` notes."""

    verdict: VerdictOrigin = VerdictOrigin()
    counts: CountsOrigin = CountsOrigin()


class GaitCycles(_Part, frozen=True):
    """Of one role: sequences that were read, those with a sure gait period, median frames, median period in frames."""

    sequences: int
    sure: int
    frames: float | None = None
    period: float | None = None


class Provenance(_Part, frozen=True):
    """What the object ``provenance`` of ``run.json`` must hold, and what it may hold that is read again.

    A record keeps the object as it stood in the file.
    """

    package_version: str
    git_commit: str | None
    created: str
    suite_name: str
    suite: SuiteOrigin
    suite_hash: str
    dataset: DatasetOrigin
    split_hash: str
    seed: int
    device: str
    platform: dict[str, Any]
    libraries: dict[str, Any]
    protocol: dict[str, ProtocolPart] = {}
    evaluated: EvaluatedOrigin = EvaluatedOrigin()
    gait_cycles: dict[str, GaitCycles] = {}
    #: Views that have only a label -> the number that stands for each in tables and scores.
    views: dict[str, int] = {}


#: Distributions whose version can move a figure.
_LIBRARIES = (
    "av", "matplotlib", "numpy", "opencv-python-headless", "pandas", "pyarrow", "safetensors",
    "scikit-learn", "scipy", "torch",
)  # fmt: skip


def file_stamp(moment: datetime) -> str:
    """A moment as text for file names: UTC, ISO 8601 basic form, no colons (Windows forbids them).

    Examples
    --------
    >>> file_stamp(datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))
    '20260304T050607Z'
    """
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def hash_of(value: Any) -> str:
    """SHA-256 (hex) of a JSON value in canonical form: sorted names, no spaces, no NaN."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def library_versions() -> dict[str, str]:
    """Installed versions of the libraries that figures depend on, read without importing them."""
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def git_commit(root: Path | None = None) -> tuple[str | None, bool | None]:
    """Commit of the installation, and whether its files differ from it.

    Parameters
    ----------
    root : Path, optional
        Folder that holds the package; by default that of the imported ``gaitbench``.

    Returns
    -------
    commit, dirty : str or None, bool or None
        `None` twice when `root` is not the top of a git checkout (a wheel inside some other checkout's
        virtual environment must not be credited with that checkout's commit).
    """
    top = (root or Path(gaitbench.__file__).parent.parent).resolve()
    found = _git(top, "rev-parse", "--show-toplevel")
    if found is None or Path(found).resolve() != top:
        return None, None
    commit = _git(top, "rev-parse", "HEAD")
    changed = _git(top, "status", "--porcelain", "--", "gaitbench", "recognizer")
    return commit, None if changed is None else bool(changed)


def collect_provenance(
    *,
    suite_name: str,
    suite: Mapping[str, Any],
    dataset: Mapping[str, Any],
    split_hash: str,
    seed: int,
    device: str,
    created: datetime | None = None,
) -> dict[str, Any]:
    """The object ``provenance`` of ``run.json``.

    Parameters
    ----------
    suite_name : str
        Name of the suite, or of its file.
    suite : Mapping
        The resolved suite, as JSON values; its hash is taken here.
    dataset : Mapping
        ``name``, ``rendered``, ``fingerprint``, ``subjects``, ``sequences``, ``missing``.
    split_hash : str
        Hash of the table subject -> role.
    seed : int
        The run's seed.
    device : str
        What was computed on, e.g. ``"cpu"``.
    created : datetime, optional
        Time of the run; by default now.
    """
    commit, dirty = git_commit()
    moment = (created or datetime.now(UTC)).astimezone(UTC)
    return {
        "package_version": gaitbench.__version__,
        "git_commit": commit,
        "git_dirty": dirty,
        "created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "suite_name": suite_name,
        "suite": dict(suite),
        "suite_hash": hash_of(dict(suite)),
        "dataset": dict(dataset),
        "split_hash": split_hash,
        "seed": seed,
        "device": device,
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
        },
        "libraries": library_versions(),
    }
