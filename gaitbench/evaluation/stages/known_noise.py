"""The stage `known noise`: the gallery as an attacker shows it who knows the noise of one probe.

For every probe, every enrolled person's walks are anonymized under the noise of *that probe*: the noise names nobody,
since everybody bears it (PROTOCOL, `informed`). The attacker enrols the probe's own view, which he knows: of the views
it is the one that names most.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.sequence import SequenceKey
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.run.worker_processes import share_out
from gaitbench.evaluation.stages.checked import checked_draws
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.store import closure_digest, digest
from gaitbench.systems import Anonymizer

__all__ = ["content_of", "enrolled_under", "load_enrolled"]

#: Probes of one task: each gallery walk is read once for all of them.
_TOGETHER = 12


def enrolled_under(
    run: RunContext, systems: Systems, name: str, gallery: dict[Need, str], probes: Iterable[SequenceKey]
) -> dict[SequenceKey, str]:
    """Show the gallery walks of each probe's angle under the noise of that probe.

    Parameters
    ----------
    name : str
        The anonymizer.
    gallery : dict of Need to str
        Prepared sequences and their artifact keys.
    probes : iterable of SequenceKey

    Returns
    -------
    dict of SequenceKey to str
        Artifact key by probe; see `load_enrolled`.

    Raises
    ------
    GaitbenchError
        If the system cannot be built.
    """
    system_key = systems.anonymizer_key(name)
    suite, code = run.suite, closure_digest(_one_view)
    here: dict[int, dict[Need, str]] = {}
    for need in sorted(gallery, key=lambda n: n.key):
        here.setdefault(need.key.angle, {})[need] = gallery[need]
    keys: dict[SequenceKey, str] = {}
    todo: dict[int, list[SequenceKey]] = {}
    for probe in sorted(probes):
        mine = here.get(probe.angle, {})
        keys[probe] = digest(
            "known noise",
            name,
            system_key,
            code,
            suite.seed,
            suite.systems.noise,
            str(probe),
            list(mine.values()),
        )
        if not run.store.has("known-noise", keys[probe]):
            todo.setdefault(probe.angle, []).append(probe)
    if not todo:
        return keys
    system = systems.anonymizer(name)
    with run.stage("known noise") as stage:
        stage.made()
        tasks = [
            (system, name, here.get(angle, {}), [(p, keys[p]) for p in mine[i : i + _TOGETHER]])
            for angle, mine in todo.items()
            for i in range(0, len(mine), _TOGETHER)
        ]
        for done, angle in enumerate(share_out(run, stage, _one_view, tasks, uses=[system]), start=1):
            run.progress.update(
                done / len(tasks), f"{name}: noise of the probes at {angle} degrees, on everybody"
            )
    return keys


def _one_view(
    run: RunContext,
    system: Anonymizer,
    name: str,
    gallery: dict[Need, str],
    probes: Sequence[tuple[SequenceKey, str]],
) -> int:
    """Anonymize the gallery of one view under the noise of some probes (runs in a worker); returns the angle."""
    arrays: list[dict[str, NDArray[Any]]] = [{} for _ in probes]
    failures: dict[str, str] = {}
    level = run.suite.systems.noise
    for need, key in gallery.items():
        prepared = load_prepared(run, need, key)
        if prepared.sequence is None:
            failures[str(need.key)] = prepared.failure or "not prepared"
            continue
        noises = [draw_noise(run.suite.seed, name, probe, level=level) for probe, _ in probes]
        try:
            shown = checked_draws(system, name, prepared.sequence, noises)
        except GaitbenchError as error:
            failures[str(need.key)] = str(error)
            continue
        # what is the same under all noise comes as one array: it is packed once
        packed = {id(masks): masks for masks in shown}
        bits = {place: _packed(masks) for place, masks in packed.items()}
        for kept, masks in zip(arrays, shown, strict=True):
            kept[str(need.key)] = bits[id(masks)]
    for kept, (_, place) in zip(arrays, probes, strict=True):
        run.store.save("known-noise", place, kept, failures)
    return probes[0][0].angle


def _packed(masks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """As bits, compressed: there is a gallery for every probe."""
    return np.frombuffer(zlib.compress(np.packbits(masks).tobytes(), 1), dtype=np.uint8)


def content_of(run: RunContext, key: str) -> str:
    """A hash of the gallery under one probe's noise: which walks, and every silhouette of them."""
    arrays, _ = run.store.expect("known-noise", key)
    found = hashlib.sha256()
    for name in sorted(arrays):
        found.update(f"{name}\0{arrays[name].nbytes}\0".encode())
        found.update(arrays[name].tobytes())
    return found.hexdigest()


def load_enrolled(run: RunContext, key: str) -> tuple[dict[str, NDArray[np.bool_]], dict[str, str]]:
    """The gallery under one probe's noise: sequence name -> bool (T, h, w); and what failed."""
    arrays, failures = run.store.expect("known-noise", key)
    h, w = run.suite.data.size
    found: dict[str, NDArray[np.bool_]] = {}
    for name, packed in arrays.items():
        bits = np.unpackbits(np.frombuffer(zlib.decompress(packed.tobytes()), dtype=np.uint8))
        frames = len(bits) // (h * w)
        found[name] = bits[: frames * h * w].reshape(frames, h, w).view(np.bool_)
    return found, failures
