"""Rows of the attribution: where the gain of one colorizer over another comes from, one choice at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gaitbench.evaluation.pictures import quality
from gaitbench.evaluation.pictures.quality import PictureScores
from gaitbench.evaluation.rows.pictures.quality_rows import SETS, paired_pictures
from gaitbench.evaluation.rows.success_rows import bootstrap_of
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.stages.train_ahead import train_ahead
from gaitbench.results.schema_pictures import Ablation

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["ablation_labels", "ablation_rows", "gain_of"]

#: Our own colorizer stands at the end, against the slides' proposed.
_OURS = "gaitbench"


def ablation_labels() -> dict[str, str]:
    """By what each step changes, the text of the colorizer that has it."""
    from gaitbench.colorizers.learned.ablations import attribution_steps

    return {step.changed: str(step.value) for step in attribution_steps()} | {_OURS: _OURS}


def ablation_rows(experiment: Experiment) -> list[Ablation]:
    """Train and measure every step over the suite's first anonymizer and, on walkers, over the oracle.

    Gains are paired picture by picture with the step before.
    """
    from gaitbench.colorizers.learned.ablations import attribution_steps

    systems = experiment.systems
    labels = ablation_labels()
    after = {step.changed: step.after or "" for step in attribution_steps()} | {_OURS: "proposed"}
    train_ahead(systems, "colorizer", labels.values())
    shown = [experiment.run.suite.systems.anonymizer_names[0], "oracle"]
    rows: list[Ablation] = []
    for name in [n for n in shown if n in experiment.anonymized]:
        found: dict[tuple[str, str], PictureScores] = {}
        for changed, label in labels.items():
            for part in quality.measure(experiment.run, systems, experiment.anonymized[name], label):
                found[changed, part.reference] = part
                before = found.get((after[changed], part.reference))
                rows += _rows(experiment, part, changed, after[changed], before)
    return rows


def _rows(
    experiment: Experiment, part: PictureScores, changed: str, after: str, before: PictureScores | None
) -> list[Ablation]:
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
                after, *gain_of(experiment.run, part, before, members),
            )
        )  # fmt: skip
    return rows


def gain_of(
    run: RunContext, part: PictureScores, before: PictureScores | None, members: NDArray[np.bool_]
) -> tuple[float | None, float | None, float | None]:
    """Mean difference in PSNR to the step before, with its interval over people; pairs that are finite in both."""
    if before is None:
        return None, None, None
    left, right = paired_pictures(part, before)
    kept = members[left]
    delta = part.values["psnr"][left[kept]] - before.values["psnr"][right[kept]]
    if not np.isfinite(delta).any():
        return None, None, None
    delta = np.where(np.isfinite(delta), delta, np.nan)
    boot = bootstrap_of(run, np.array([part.keys[i].subject for i in left[kept]]))
    return boot.mean(delta)
