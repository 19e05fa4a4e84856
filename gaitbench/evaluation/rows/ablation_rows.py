"""Rows of the ablations: the proposed colorizer with one of its choices changed at a time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.rows.quality_rows import SETS
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.results.schema_pictures import Ablation

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["ablation_rows"]


def ablation_rows(experiment: Experiment) -> list[Ablation]:
    """Train and measure every variant over the suite's first anonymizer and, on walkers, over the oracle."""
    from gaitbench.colorizers.learned.ablations import ablation_variants
    from gaitbench.colorizers.learned.proposed import Proposed

    systems = experiment.systems
    labels = {"": "proposed"}
    for changed, settings in ablation_variants().items():
        labels[changed] = f"proposed, {changed}"
        systems.vary("colorizer", labels[changed], partial(Proposed, settings=settings))
    shown = [experiment.run.suite.systems.anonymizers[0], "oracle"]
    rows: list[Ablation] = []
    for name in [n for n in shown if n in experiment.anonymized]:
        for changed, label in labels.items():
            for part in quality.measure(experiment.run, systems, experiment.anonymized[name], label):
                rows += _rows(experiment, part, changed)
    return rows


def _rows(experiment: Experiment, part: quality.PictureScores, changed: str) -> list[Ablation]:
    rows: list[Ablation] = []
    for name in SETS:
        members = np.array([name in experiment.sets.get(str(k), ()) for k in part.keys], dtype=bool)
        if not members.any():
            continue
        boot = bootstrap_of(experiment.run, np.array([k.subject for k in part.keys])[members])
        sharpness = part.values.get("sharpness")
        rows.append(
            Ablation(
                part.anonymizer, "proposed", changed, name, part.reference, *boot.mean(part.values["psnr"][members]),
                boot.mean(part.values["ssim"][members])[0],
                None if sharpness is None else boot.mean(sharpness[members])[0], int(members.sum()),
            )
        )  # fmt: skip
    return rows
