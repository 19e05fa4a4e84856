"""The stage `anonymize`: what an anonymizer makes of sequences, kept subject by subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import GaitSequence
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.run.worker_processes import share_out
from gaitbench.evaluation.stages.checked import checked_masks
from gaitbench.evaluation.stages.prepared import Prepared, load_prepared, unpack_masks
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.store import closure_digest, digest
from gaitbench.systems import Anonymizer

__all__ = ["Anonymized", "anonymize", "beside_originals", "by_subject", "load_masks"]


@dataclass(frozen=True)
class Anonymized:
    """The sequences of one role as one anonymizer shows them.

    Parameters
    ----------
    name : str
        The anonymizer.
    draw : str
        The noise draw, see `gaitbench.evaluation.run.noise`.
    needs : dict of Need to str
        The sequences and their artifact keys.
    keys : dict of str to str
        Subject -> artifact with the silhouettes of that subject's sequences.
    failures : dict of str to str
        Sequence name -> why it could not be anonymized.
    """

    name: str
    draw: str
    needs: dict[Need, str]
    keys: dict[str, str]
    failures: dict[str, str]


def by_subject(needs: dict[Need, str]) -> dict[str, list[Need]]:
    """The sequences of each subject, in order of their keys."""
    found: dict[str, list[Need]] = {}
    for need in sorted(needs, key=lambda n: n.key):
        found.setdefault(need.key.subject, []).append(need)
    return found


def anonymize(
    run: RunContext, systems: Systems, name: str, needs: dict[Need, str], draw: str = "probe"
) -> Anonymized:
    """Anonymize every sequence, subject by subject.

    A sequence whose anonymization fails is named in `failures`: the protocol counts a failed probe as identified.
    """
    subjects = by_subject(needs)
    try:
        system_key = systems.anonymizer_key(name)
    except GaitbenchError as error:
        return Anonymized(name, draw, needs, {}, {str(n.key): str(error) for n in needs})
    code = closure_digest(_one_subject)
    keys = {
        subject: digest(
            "anonymized",
            name,
            system_key,
            code,
            run.suite.seed,
            draw,
            run.suite.systems.noise,
            [needs[n] for n in mine],
        )
        for subject, mine in subjects.items()
    }
    failures: dict[str, str] = {}
    todo: list[str] = []  # subjects
    for subject in subjects:
        try:
            kept = run.store.load_meta("anonymized", keys[subject])
        except KeyError:
            todo.append(subject)
            continue
        if kept:  # what failed may have wanted for something outside (a weights file): it is tried again
            todo.append(subject)
        failures.update(kept)
    system: Anonymizer | None = None
    if todo:
        try:
            system = systems.anonymizer(name)
        except GaitbenchError as error:
            return Anonymized(name, draw, needs, {}, {str(n.key): str(error) for n in needs})
    if not todo:
        return Anonymized(name, draw, needs, keys, failures)
    with run.stage("anonymize") as stage:
        stage.made()
        tasks = [(system, name, {n: needs[n] for n in subjects[s]}, draw, keys[s]) for s in todo]
        for i, failed in enumerate(share_out(run, stage, _one_subject, tasks, uses=[system])):
            mine = {str(n.key) for n in subjects[todo[i]]}
            failures = {name: why for name, why in failures.items() if name not in mine} | failed
            run.progress.update((i + 1) / len(todo), f"{name}: subject {todo[i]}")
    return Anonymized(name, draw, needs, keys, failures)


def _one_subject(
    run: RunContext, system: Anonymizer, name: str, needs: dict[Need, str], draw: str, kept_as: str
) -> dict[str, str]:
    """Anonymize one subject's sequences and keep them (runs in a worker); returns what failed."""
    arrays: dict[str, NDArray[Any]] = {}
    failures: dict[str, str] = {}
    for need, key in needs.items():
        prepared: Prepared = load_prepared(run, need, key)
        if prepared.sequence is None:
            failures[str(need.key)] = prepared.failure or "not prepared"
            continue
        try:
            noise = draw_noise(run.suite.seed, name, need.key, draw, level=run.suite.systems.noise)
            masks = checked_masks(system, name, prepared.sequence, noise)
        except GaitbenchError as error:
            failures[str(need.key)] = str(error)
            continue
        arrays[str(need.key)] = np.packbits(masks.reshape(len(masks), -1), axis=1)
    run.store.save("anonymized", kept_as, arrays, failures)
    return failures


def beside_originals(
    run: RunContext, shown: Anonymized
) -> Iterator[tuple[Need, NDArray[np.bool_], GaitSequence, Prepared]]:
    """Each sequence that was anonymized: its silhouettes after, the original, and all that is prepared of it."""
    for subject, needs in by_subject(shown.needs).items():
        masks, _ = load_masks(run, shown.keys[subject])
        for need in needs:
            prepared = load_prepared(run, need, shown.needs[need])
            if str(need.key) in masks and prepared.sequence is not None:
                yield need, masks[str(need.key)], prepared.sequence, prepared


def load_masks(run: RunContext, key: str) -> tuple[dict[str, NDArray[np.bool_]], dict[str, str]]:
    """Anonymized silhouettes of one subject: sequence name -> bool (T, h, w); and what failed."""
    arrays, failures = run.store.expect("anonymized", key)
    size = run.suite.data.size
    return {name: unpack_masks(bits, size) for name, bits in arrays.items()}, failures
