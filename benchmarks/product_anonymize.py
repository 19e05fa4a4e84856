"""Anonymizing as a run does it, by its own stages: one draw a walk, and a gallery under the noise of every probe.

Frames a second of one core are the case's frames over ours_s; the peers are the same systems without the stage, and
asked draw by draw.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.harness import Case, Peer
from gaitbench.datasets.sequence import GaitSequence, SequenceKey
from gaitbench.evaluation.experiment import Experiment
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.anonymize import anonymize, load_masks
from gaitbench.evaluation.stages.known_noise import enrolled_under, load_enrolled
from gaitbench.evaluation.stages.prepared import load_prepared

FRAMES, PEOPLE, SYSTEMS = 60, 4, ("model-2", "model-1", "deform")
SUITE = f"""
effort = 0.01
resamples = 100
samples = 1
[data]
frames = {FRAMES}
angles = [54, 90]
[split]
recognizer = "001"
models = "051-053"
test = "081-{80 + PEOPLE:03d}"
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-01", "nm-02"]
probe = ["nm-05", "bg-01", "cl-01"]
[systems]
anonymizers = ["model-2", "model-1", "deform"]
[attacks]
attackers = ["ignorant"]
"""

Masks = dict[str, NDArray[np.bool_]]


@cache
def _experiment() -> Experiment:
    """A small run on one core, its sequences prepared; its folder goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="gaitbench-product-"))
    _folders.append(folder)
    (folder / "suite.toml").write_text(SUITE, encoding="utf-8")
    return Experiment(open_run(str(folder / "suite.toml"), store=folder / "store", jobs=1, device="cpu"))


_folders: list[Path] = []


def _forget(stage: str) -> None:
    shutil.rmtree(_experiment().run.store.root / stage, ignore_errors=True)


def by_stage(name: str) -> Masks:
    """The probes, by the stage `anonymize`: read from the store, shown, looked at, kept."""
    test = _experiment()
    _forget("anonymized")
    done = anonymize(test.run, test.systems, name, test.needs["probe"])
    found: Masks = {}
    for key in done.keys.values():
        found |= load_masks(test.run, key)[0]
    return found


def alone(name: str) -> Masks:
    """The same by the system alone, from memory."""
    test, system = _experiment(), _experiment().systems.anonymizer(name)
    return {
        key: system.anonymize(sequence, draw_noise(test.run.suite.seed, name, sequence.key))
        for key, sequence in _sequences("probe").items()
    }


@cache
def _sequences(role: str) -> dict[str, GaitSequence]:
    test = _experiment()
    read = (load_prepared(test.run, need, key) for need, key in test.needs[role].items())
    return {str(one.key): one.sequence for one in read if one.sequence is not None}


def _probes() -> list[SequenceKey]:
    return sorted(n.key for n in _experiment().needs["probe"])


def under_known_noise(name: str) -> Masks:
    """The gallery under the noise of every probe, by the stage `known noise`."""
    test = _experiment()
    _forget("known-noise")
    keys = enrolled_under(test.run, test.systems, name, test.needs["gallery"], _probes())
    found: Masks = {}
    for probe, key in keys.items():
        found |= {f"{walk} {probe}": masks for walk, masks in load_enrolled(test.run, key)[0].items()}
    return found


def draw_by_draw(name: str) -> Masks:
    """The same by the system alone, asked for every draw anew."""
    test, system = _experiment(), _experiment().systems.anonymizer(name)
    return {
        f"{walk} {probe}": system.anonymize(sequence, draw_noise(test.run.suite.seed, name, probe))
        for probe in _probes()
        for walk, sequence in _sequences("gallery").items()
        if sequence.key.angle == probe.angle
    }


def _differing(ours: Masks, theirs: Masks) -> float:
    """Share of pixels that differ; 1 where the walks are others."""
    if ours.keys() != theirs.keys():
        return 1.0
    return float(np.mean([np.mean(ours[key] != theirs[key]) for key in ours]))


def cases() -> Iterator[Case]:
    try:
        probes, walks = len(_probes()), 2 * PEOPLE
        for name in SYSTEMS:
            _experiment().systems.anonymizer(name)  # trained, before anything is timed
            yield Case(
                f"anonymize, {name}: {probes} walks x {FRAMES} frames", partial(by_stage, name),
                [Peer("the system alone", partial(alone, name), "-")], _differing,
                "the stage costs next to nothing, same pixels", 3, most_difference=0.0,
            )  # fmt: skip
            yield Case(
                f"informed, {name}: {probes} probes x {walks} walks x {FRAMES}",
                partial(under_known_noise, name),
                [Peer("draw by draw", partial(draw_by_draw, name), "-", least_ratio=1.2)], _differing,
                "a walk is read once for many draws, same pixels", 3, most_difference=0.0,
            )  # fmt: skip
    finally:
        for folder in _folders:
            shutil.rmtree(folder, ignore_errors=True)
