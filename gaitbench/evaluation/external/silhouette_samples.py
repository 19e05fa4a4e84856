"""What was handed in to look at, where no pictures were painted: silhouettes before and after, and their GEIs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.features import gei_of
from gaitbench.evaluation.external.experiment import ExternalAnonymizer, ExternalExperiment
from gaitbench.evaluation.pictures.samples import choose, write_sample
from gaitbench.evaluation.run.noise import draw_noise
from gaitbench.evaluation.stages.checked import checked_masks
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.results.schema import Sample

__all__ = ["silhouette_samples"]

#: Frames of a strip.
_FRAMES = 20


def silhouette_samples(experiment: ExternalExperiment, folder: Path) -> list[Sample]:
    """Write strips and gait energy images of a few probes under ``folder/samples``, and return their rows.

    The anonymized people are cut out by their own box, as the attackers of silhouettes see them. Probes that cannot be
    read are passed over: each stands among the problems already.
    """
    run, name = experiment.run, experiment.plan.name
    system: Any = ExternalAnonymizer(experiment.files, aligned=True)
    rows = []
    with run.stage("samples") as stage:
        stage.made()
        probes = {
            need: key
            for need, key in experiment.needs["probe"].items()
            if need.key in experiment.files.figures
        }
        for need in choose(probes, experiment.sets, run.suite.samples):
            sequence = load_prepared(run, need, probes[need]).sequence
            if sequence is None:
                continue
            try:
                masks = checked_masks(system, name, sequence, draw_noise(run.suite.seed, name, need.key))
            except GaitbenchError:
                continue
            arrays: dict[str, NDArray[Any]] = {
                "silhouette": _grey(sequence.silhouettes[:_FRAMES]), "anonymized": _grey(masks[:_FRAMES]),
                "gei-before": _bytes(gei_of(sequence.silhouettes)), "gei-after": _bytes(gei_of(masks)),
            }  # fmt: skip
            rows.append(write_sample(arrays, need, experiment.sets, folder))
    return rows


def _grey(masks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.repeat((masks * np.uint8(255))[..., None], 3, axis=3)


def _bytes(gei: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    found: NDArray[np.uint8] = np.rint(255 * np.clip(gei, 0, 1)).astype(np.uint8)
    return found
