"""Gait recognition from silhouettes: the attacker of an anonymization evaluation.

Everything is scikit-learn style and stands on its own (numpy, scipy, scikit-learn, threadpoolctl, safetensors).
Torch is needed by `SetCnn` and `GaitTcn` alone and imported when they work.
Arrays: silhouettes (T, h, w); gait energy images float32 (n, h, w) in [0, 1], or their features (n, d);
subjects and walks as str arrays (n,); viewing angles in degrees as int arrays (n,).
"""

from __future__ import annotations

import importlib
from typing import Any

_PUBLIC = {
    "Appearance": "attackers.appearance",
    "Attacker": "attackers.attacker",
    "ByCycle": "attackers.by_cycle",
    "GaitDynamics": "attackers.gait_dynamics",
    "GaitPeriod": "gait_energy.period",
    "GaitTcn": "attackers.gait_tcn",
    "GeiLda": "attackers.gei_lda",
    "GeiNearestNeighbor": "attackers.gei_nn",
    "NotConvergedError": "subspaces.rpca",
    "PlsProjection": "subspaces.pls",
    "Ranking": "attackers.attacker",
    "RobustPCA": "subspaces.rpca",
    "RobustVTM": "attackers.robust_vtm",
    "SequenceRanking": "sequences",
    "SetCnn": "attackers.set_cnn",
    "TruncatedVTM": "attackers.truncated_vtm",
    "ViewAngleClassifier": "subspaces.view_angle",
    "ViewTransformationModel": "subspaces.vtm",
    "cumulative_match": "rank_measures",
    "euclidean_distances": "matching",
    "gait_energy_image": "gait_energy.image",
    "gait_energy_image_of_each_cycle": "gait_energy.image",
    "gait_energy_images": "gait_energy.image",
    "gait_period": "gait_energy.period",
    "gei_from_files": "gait_energy.picture_files",
    "gei_from_frames": "gait_energy.frames",
    "load_attacker": "serialization",
    "load_pretrained": "pretrained",
    "mean_average_precision": "rank_measures",
    "nearest_neighbors": "matching",
    "normalize_frames": "gait_energy.frames",
    "pretrained_card": "pretrained",
    "save_attacker": "serialization",
    "sequence_distances": "sequences",
    "squared_distances": "matching",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: ``import recognizer`` alone stays light."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'recognizer' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"recognizer.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
