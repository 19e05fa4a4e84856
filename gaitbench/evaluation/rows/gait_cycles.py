"""How many sequences were read, and how many of them show a gait cycle surely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["gait_cycles"]


def gait_cycles(experiment: Experiment) -> dict[str, dict[str, Any]]:
    """Per role: sequences that were read, those whose gait period is sure, median frames and median period in frames.

    A GEI is the mean over whole cycles where the period is sure, and over all frames elsewhere (see
    `recognizer.gait_period`).
    """
    store = experiment.run.store
    found: dict[str, dict[str, Any]] = {}
    for role, needs in experiment.needs.items():
        metas = [store.load_meta("sequences", key) for key in needs.values()]
        read = [meta for meta in metas if meta["failure"] is None]
        periods = [meta["cycle"] for meta in read if meta["cycle"] is not None]
        found[role] = {
            "sequences": len(read),
            "sure": len(periods),
            "frames": float(np.median([meta["frames"] for meta in read])) if read else None,
            "period": round(float(np.median(periods)), 2) if periods else None,
        }
    return found
