"""The stage `prepare`: every sequence a run needs, extracted, aligned and kept, one artifact a sequence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import Dataset, GaitSequence, Recording, SequenceKey, TrueMasks
from gaitbench.errors import DataError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.worker_processes import share_out
from gaitbench.store import closure_digest, digest

__all__ = ["artifact_key", "prepare_all", "prepare_one"]


def artifact_key(run: RunContext, need: Need) -> str:
    """Content hash of a prepared sequence: data, settings and the code that makes it."""
    dataset, suite = _holder(run.dataset, need.key), run.suite.data
    return digest(
        dataset.fingerprint(),
        closure_digest(_prepare_walk, type(dataset)),
        str(need.key),
        need.pictures,
        need.body,
        need.pairs,
        need.watched,
        suite.frames,
        list(suite.size),
    )


def _holder(dataset: Dataset, key: SequenceKey) -> Dataset:
    """The data set that a sequence is of: a set that adds to another gives the other's, bit for bit.

    What was prepared, and trained, of the other then counts for both.
    """
    held_by = getattr(dataset, "held_by", None)
    return dataset if held_by is None else held_by(key)


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
            total, done = sum(len(t) for t in todo.values()), 0
            for count in share_out(run, stage, _prepare_walk, [(t,) for t in todo.values()], fewest=2):
                done += count
                run.progress.update(done / total, f"{done} of {total} sequences")
    if not getattr(run.dataset, "in_memory", False):
        # what is read from files may have been read in a way that is worth a word
        for key in keys.values():
            run.log.notes.update(run.store.load_meta("sequences", key).get("notes", ()))
    return keys


def _prepare_walk(run: RunContext, task: list[tuple[Need, str]]) -> int:
    """Prepare the sequences of one walk (runs in a worker); returns their number."""
    dataset, frames, size = run.dataset, run.suite.data.frames, run.suite.data.size
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
            if isinstance(error.__context__, OSError):
                # a disk that does not answer is no property of the sequence: keep no failure of it
                raise DataError(f"{error}; what is finished is kept, so mend that and run again") from error
            # a generator that raised is spent: go on behind the sequence that could not be read
            recording = error
            rest = angles[angles.index(angle) + 1 :]
            recordings = iter(dataset.load_walk(subject, walk, rest, frames=frames)) if rest else iter(())
        for need, key in by_angle[angle]:
            run.store.save("sequences", key, *prepare_one(dataset, recording, need, frames, size))
    return len(task)


def prepare_one(
    dataset: Dataset, recording: Recording | DataError, need: Need, frames: int | None, size: tuple[int, int]
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and meta of one artifact of kind ``sequences``; a recording that failed gives its message."""
    from gaitbench.datasets.labels import completeness_score, texture_frames, texture_score
    from gaitbench.datasets.prepare import prepare

    def shown(numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        """What is kept, and what the texture is told from: the other pictures need no crop."""
        told = texture_frames(len(numbers)) if need.pictures else np.zeros(0, dtype=np.int64)
        return np.union1d(need.kept(len(numbers)), told)

    meta: dict[str, Any] = {"failure": None, "scores": {}, "index": [], "frame_count": 0, "size": list(size)}
    if isinstance(recording, DataError):
        return {}, {**meta, "failure": str(recording)}
    try:
        sequence = prepare(
            recording, size=size, rgb=shown if need.pictures or need.watched else False, frames=frames
        )
    except DataError as error:
        return {}, {**meta, "failure": str(error)}
    t = len(sequence.silhouettes)
    arrays: dict[str, NDArray[Any]] = {
        "silhouettes": np.packbits(sequence.silhouettes.reshape(t, -1), axis=1),
        "frame_numbers": np.asarray(sequence.frame_numbers, dtype=np.int32),
    }
    if sequence.boxes is not None:
        arrays["boxes"] = sequence.boxes
    meta["frame_count"] = int(sequence.frame_count)
    meta["notes"] = list(recording.notes)
    if frames is not None and t < frames:
        meta["notes"].append(f"fewer than the suite's {frames} frames show the person")
    if sequence.rgb is not None and t < need.watched:
        meta["notes"].append(
            f"fewer than the {need.watched} frames that attackers of pictures see: some are seen twice"
        )
    if need.pictures:
        meta["scores"]["completeness"] = float(completeness_score(sequence))
    if sequence.rgb is not None:
        if need.pictures:
            meta["scores"]["texture"] = float(texture_score(sequence))
        index = need.kept(t)
        arrays["rgb"] = sequence.rgb[index]
        if sequence.plate is not None:
            arrays["plate"] = sequence.plate[index]
        meta["index"] = index.tolist()
    if need.body is not None:
        # without it the control `oracle` has no silhouettes for this probe, and names it
        with contextlib.suppress(DataError):
            measured = need.frames(t) if sequence.rgb is not None else np.zeros(0, dtype=np.int64)
            arrays.update(_oracle(dataset, need, recording, sequence, measured, frames, size))
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
    from gaitbench.datasets.silhouettes.colour_padding import widen_colours

    assert need.body is not None
    # colours are rendered, widened and cut out only where a picture is kept
    numbers = sequence.frame_numbers[index]

    def crops(truth: TrueMasks) -> GaitSequence:
        assert truth.rgb is not None
        lit = np.isin(truth.frame_numbers, numbers)
        truth.rgb[lit] = widen_colours(truth.rgb[lit], truth.masks[lit])
        whole = Recording(need.key, truth.rgb, None, truth.masks, truth.frame_numbers, len(truth.masks))
        return prepare(whole, size=size, rgb=lambda own: np.flatnonzero(np.isin(own, numbers)))

    at = np.flatnonzero(np.isin(recording.frame_numbers, numbers)).tolist()
    truth = dataset.true_masks(need.key, body=need.body, frames=frames, rgb=at)
    if truth is None:
        return {}
    other = crops(truth)
    # the same instants as the extracted sequence; where the other body has none, its nearest one
    nearest = np.abs(other.frame_numbers[None, :] - sequence.frame_numbers[:, None]).argmin(axis=1)
    masks = other.silhouettes[nearest]
    if not np.array_equal(other.frame_numbers[nearest[index]], numbers):  # another frame stands in
        numbers = other.frame_numbers[nearest[index]]
        at = np.flatnonzero(np.isin(truth.frame_numbers, numbers)).tolist()
        truth = dataset.true_masks(need.key, body=need.body, frames=frames, rgb=at)
        assert truth is not None
        other = crops(truth)
    assert other.rgb is not None
    return {
        "oracle_silhouettes": np.packbits(masks.reshape(len(masks), -1), axis=1),
        "oracle_rgb": other.rgb[nearest[index]] * masks[index][..., None].astype(np.uint8),
    }
