"""The stage `prepare`: every sequence a run needs, extracted, aligned and kept, one artifact a sequence."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import Dataset, GaitSequence, Recording, SequenceKey
from gaitbench.errors import DataError
from gaitbench.evaluation.context import RunContext
from gaitbench.store import Store, code_digest, digest

__all__ = [
    "Need",
    "Prepared",
    "artifact_key",
    "load_prepared",
    "needs_of_role",
    "prepare_all",
    "unpack_masks",
]

_CODE = (
    "gaitbench.datasets.video",
    "gaitbench.datasets.casia_b",
    "gaitbench.datasets.casia_layout",
    "gaitbench.datasets.extraction",
    "gaitbench.datasets.plate",
    "gaitbench.datasets.components",
    "gaitbench.datasets.alignment",
    "gaitbench.datasets.prepare",
    "gaitbench.datasets.labels",
    "gaitbench.evaluation.sequences",
)


@dataclass(frozen=True)
class Need:
    """A sequence that a run needs.

    Parameters
    ----------
    key : SequenceKey
    pictures : int
        Frames whose RGB crop is kept, evenly spread: 0 none, -1 all.
    body : str or None
        Subject whose body the `oracle` shows instead (embedded walkers only).
    """

    key: SequenceKey
    pictures: int = 0
    body: str | None = None


@dataclass(frozen=True)
class Prepared:
    """A prepared sequence as the store gives it.

    Parameters
    ----------
    sequence : GaitSequence or None
        All frames, without pictures; None if the preparation failed.
    pictures : GaitSequence or None
        The frames whose pictures are kept, with RGB and, where there is one, the oracle.
    index : int array (K,)
        Which frames of `sequence` those are.
    failure : str or None
        Why there is no sequence.
    scores : dict of str to float
        Label scores (`texture`, `completeness`), where pictures were read.
    """

    key: SequenceKey
    sequence: GaitSequence | None
    pictures: GaitSequence | None
    index: NDArray[np.int64]
    failure: str | None
    scores: dict[str, float]


def needs_of_role(run: RunContext, role: str) -> list[Need]:
    """What the suite asks of the data for `recognizer`, `models`, `gallery` or `probe`, sorted by key.

    Sequences that the data set lacks are left out and noted once in ``run.missing``.
    """
    suite = run.suite
    walks: tuple[str, ...] = getattr(suite.walks, role)
    subjects = suite.split.test if role in ("gallery", "probe") else getattr(suite.split, role)
    angles = run.angles_probed if role == "probe" else suite.data.angles
    pictures = {"models": suite.training_pictures, "probe": suite.quality.frames_per_sequence}.get(role, 0)
    wanted = sorted(SequenceKey(s, w, a) for s in subjects for w in walks for a in angles)
    there = set(run.dataset.keys())
    missing = [str(k) for k in wanted if k not in there]
    run.missing += [m for m in missing if m not in run.missing]
    found = [k for k in wanted if k in there]
    if not found:
        raise DataError(
            f"the data hold none of the {len(wanted)} sequences that suite {suite.name} needs as {role} "
            f"(first: {wanted[0]}); check the split, the walks and the angles of the suite against the data"
        )
    donors: list[str] = []
    if role == "probe" and "oracle" in suite.systems.controls and run.dataset.rendered:
        people = {k.subject for k in there}
        donors = [s for s in suite.split.models if s in people]
    return [Need(k, pictures, _other_body(k, donors) if donors else None) for k in found]


def _other_body(key: SequenceKey, donors: Sequence[str]) -> str:
    """The oracle's body: one of the people who train the models, hence never one of the gallery."""
    return donors[int(digest("oracle", key.subject, key.walk), 16) % len(donors)]


def artifact_key(run: RunContext, need: Need) -> str:
    """Content hash of a prepared sequence: data, settings and the code that makes it."""
    fingerprint = run.dataset.fingerprint()
    code = list(_CODE)
    if run.dataset.rendered:
        code.append("gaitbench.datasets.walkers")
    suite = run.suite.data
    return digest(
        fingerprint,
        code_digest(*code),
        str(need.key),
        need.pictures,
        need.body,
        suite.frames,
        list(suite.size),
    )


def prepare_all(run: RunContext, needs: Iterable[Need]) -> dict[Need, str]:
    """Make every artifact that is missing, walk by walk, in `run.jobs` processes. Returns need -> artifact key.

    A walk is one motion seen by all its cameras, so it is one task. Finished sequences stay when a run is interrupted.
    """
    keys = {need: artifact_key(run, need) for need in needs}
    todo: dict[tuple[str, str], list[tuple[Need, str]]] = {}
    for need, key in keys.items():
        if not run.store.has("sequences", key):
            todo.setdefault((need.key.subject, need.key.walk), []).append((need, key))
    with run.stage("prepare") as stage:
        if todo:
            stage.made()
            peaks = _run_tasks(run, list(todo.values()))
            stage.workers_mb = sum(peaks.values())
    return keys


def _run_tasks(run: RunContext, tasks: list[list[tuple[Need, str]]]) -> dict[int, float]:
    from joblib import Parallel, delayed

    data = run.suite.data
    total = sum(len(t) for t in tasks)
    peaks: dict[int, float] = {}
    done = 0
    call = delayed(_prepare_walk)
    work = (call(run.dataset, t, run.store.root, data.frames, data.size) for t in tasks)
    with Parallel(n_jobs=run.jobs, return_as="generator_unordered", batch_size=1) as pool:
        for process, peak, count in pool(work):
            if process != os.getpid():
                peaks[process] = peak
            done += count
            run.progress.update(done / total, f"{done} of {total} sequences")
    return peaks


def _prepare_walk(
    dataset: Dataset,
    task: list[tuple[Need, str]],
    root: Path,
    frames: int | None,
    size: tuple[int, int],
) -> tuple[int, float, int]:
    """Prepare the sequences of one walk (runs in a worker): process id, its peak memory in MB, their number."""
    import cv2

    cv2.setNumThreads(1)  # the processes are the parallelism
    store = Store(root)
    subject, walk = task[0][0].key.subject, task[0][0].key.walk
    by_angle: dict[int, list[tuple[Need, str]]] = {}
    for need, key in task:
        by_angle.setdefault(need.key.angle, []).append((need, key))
    angles = list(by_angle)
    recordings = iter(dataset.load_walk(subject, walk, angles, frames=frames))
    for angle in angles:
        recording: Recording | DataError
        try:
            recording = next(recordings)
        except DataError as error:
            # a generator that raised is spent: go on behind the sequence that could not be read
            recording = error
            rest = angles[angles.index(angle) + 1 :]
            recordings = iter(dataset.load_walk(subject, walk, rest, frames=frames)) if rest else iter(())
        for need, key in by_angle[angle]:
            store.save("sequences", key, *_prepare_one(dataset, recording, need, frames, size))
    return os.getpid(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(task)


def _prepare_one(
    dataset: Dataset, recording: Recording | DataError, need: Need, frames: int | None, size: tuple[int, int]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    from gaitbench.datasets.labels import completeness_score, texture_score
    from gaitbench.datasets.prepare import prepare

    meta: dict[str, Any] = {"failure": None, "scores": {}, "index": [], "frame_count": 0, "size": list(size)}
    if isinstance(recording, DataError):
        return {}, {**meta, "failure": str(recording)}
    try:
        sequence = prepare(recording, size=size, rgb=need.pictures != 0)
    except DataError as error:
        return {}, {**meta, "failure": str(error)}
    t = len(sequence.silhouettes)
    arrays: dict[str, NDArray[Any]] = {
        "silhouettes": np.packbits(sequence.silhouettes.reshape(t, -1), axis=1),
        "frame_numbers": np.asarray(sequence.frame_numbers, dtype=np.int32),
    }
    meta["frame_count"] = int(sequence.frame_count)
    index = np.zeros(0, dtype=np.int64)
    if need.pictures and sequence.rgb is None:
        meta["scores"] = {"completeness": float(completeness_score(sequence))}
    elif need.pictures and sequence.rgb is not None:
        k = t if need.pictures < 0 else min(need.pictures, t)
        index = np.unique(np.linspace(0, t - 1, k).round().astype(int))
        meta["scores"] = {
            "texture": float(texture_score(sequence)), "completeness": float(completeness_score(sequence)),
        }  # fmt: skip
        arrays["rgb"] = sequence.rgb[index]
    meta["index"] = index.tolist()
    if need.body is not None:
        # without it the control `oracle` has no silhouettes for this probe, and names it
        with contextlib.suppress(DataError):
            arrays.update(_oracle(dataset, need, recording, sequence, index, frames, size))
    return arrays, meta


def _oracle(
    dataset: Dataset,
    need: Need,
    recording: Recording,
    sequence: GaitSequence,
    index: NDArray[np.int64],
    frames: int | None,
    size: tuple[int, int],
) -> dict[str, NDArray[Any]]:
    from gaitbench.datasets.prepare import prepare

    assert need.body is not None
    # colours are rendered only where a picture is kept
    numbers = sequence.frame_numbers[index]
    at = np.flatnonzero(np.isin(recording.frame_numbers, numbers)).tolist()
    truth = dataset.true_masks(need.key, body=need.body, frames=frames, rgb=at)
    if truth is None:
        return {}
    other = prepare(
        Recording(need.key, truth.rgb, None, truth.masks, truth.frame_numbers, len(truth.masks)),
        size=size,
        rgb=True,
    )
    assert other.rgb is not None
    # the same instants as the extracted sequence; where the other body has none, its nearest one
    nearest = np.abs(other.frame_numbers[None, :] - sequence.frame_numbers[:, None]).argmin(axis=1)
    masks = other.silhouettes[nearest]
    if not np.array_equal(
        other.frame_numbers[nearest[index]], numbers
    ):  # another frame stands in: colour all
        truth = dataset.true_masks(need.key, body=need.body, frames=frames, rgb=True)
        assert truth is not None
        pictures = Recording(need.key, truth.rgb, None, truth.masks, truth.frame_numbers, len(truth.masks))
        other = prepare(pictures, size=size, rgb=True)
    assert other.rgb is not None
    return {
        "oracle_silhouettes": np.packbits(masks.reshape(len(masks), -1), axis=1),
        "oracle_rgb": other.rgb[nearest[index]] * masks[index][..., None].astype(np.uint8),
    }


def unpack_masks(bits: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Silhouettes bool (T, h, w) from the store's packed bits uint8 (T, bytes)."""
    h, w = size
    return np.unpackbits(bits, axis=1, count=h * w).reshape(-1, h, w).astype(bool)


def load_prepared(run: RunContext, need: Need, key: str) -> Prepared:
    """Read a prepared sequence from the store."""
    try:
        arrays, meta = run.store.load("sequences", key)
    except KeyError:
        raise DataError(
            f"{need.key}: its stored artifact was damaged and is removed; run the same command again"
        ) from None
    index = np.asarray(meta["index"], dtype=np.int64)
    if meta["failure"] is not None:
        return Prepared(need.key, None, None, index, meta["failure"], {})
    size = (int(meta["size"][0]), int(meta["size"][1]))
    oracle = unpack_masks(arrays["oracle_silhouettes"], size) if "oracle_silhouettes" in arrays else None
    sequence = GaitSequence(
        key=need.key,
        silhouettes=unpack_masks(arrays["silhouettes"], size),
        rgb=None,
        frame_numbers=arrays["frame_numbers"],
        frame_count=meta["frame_count"],
        oracle_silhouettes=oracle,
    )
    pictures = None
    if "rgb" in arrays:
        pictures = replace(
            sequence,
            silhouettes=sequence.silhouettes[index],
            rgb=arrays["rgb"],
            frame_numbers=sequence.frame_numbers[index],
            oracle_silhouettes=None if oracle is None else oracle[index],
            oracle_rgb=arrays.get("oracle_rgb"),
        )
    return Prepared(need.key, sequence, pictures, index, None, meta["scores"])
