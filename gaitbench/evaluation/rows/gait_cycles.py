"""How many sequences were read, and how many of them show a gait cycle surely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gaitbench.datasets.clock import RATE
from gaitbench.evaluation.run.context import RunContext
from gaitbench.evaluation.run.needs import Need
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.store import closure_digest, digest
from recognizer import gait_period

if TYPE_CHECKING:
    from gaitbench.evaluation.experiment import Experiment

__all__ = ["gait_cycles"]


def gait_cycles(experiment: Experiment) -> dict[str, dict[str, Any]]:
    """Per role: sequences that were read, those whose gait period is sure, median frames and median period in frames.

    A GEI is the mean over whole cycles where the period is sure, and over all frames elsewhere (see
    `recognizer.gait_period`).
    """
    found: dict[str, dict[str, Any]] = {}
    for role, needs in experiment.needs.items():
        frames, periods = _measured(experiment.run, needs)
        sure = periods[periods > 0]
        found[role] = {
            "sequences": len(frames),
            "sure": len(sure),
            "frames": float(np.median(frames)) if len(frames) else None,
            "period": round(float(np.median(sure)), 2) if len(sure) else None,
        }
    return found


def _measured(run: RunContext, needs: Mapping[Need, str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Frames and period (0: not sure) of each sequence that could be read; kept apart from the sequences.

    So another rule for the period makes no sequence anew.
    """

    def make() -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        frames, periods = [], []
        for need, key in needs.items():
            sequence = load_prepared(run, need, key).sequence
            if sequence is not None:
                period = gait_period(sequence.silhouettes, frame_numbers=sequence.frame_numbers, fps=RATE)
                frames.append(len(sequence.silhouettes))
                periods.append(period.frames or 0.0)
        return {"frames": np.array(frames, np.int64), "periods": np.array(periods, np.float64)}, {}

    arrays = run.store.get("cycles", digest(closure_digest(gait_period), list(needs.values())), make)[0]
    return arrays["frames"], arrays["periods"]
