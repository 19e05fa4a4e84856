"""The protocol of a run as named values, each with a hash: two records are comparable where these agree."""

from __future__ import annotations

from typing import Any

from gaitbench.evaluation.run.context import RunContext
from gaitbench.store import digest

__all__ = ["protocol_of"]


def protocol_of(run: RunContext) -> dict[str, dict[str, Any]]:
    """Everything that decides what a figure means, by name.

    Returns
    -------
    dict of str to {"value": JSON value, "hash": str}
        `data`, `split`, `walks`, `gallery`, `attackers`, `inputs`, `noise`, `references`, `statistics`.
    """
    suite = run.suite
    inputs: Any = list(suite.attacks.inputs)
    if set(inputs) - {"silhouette"}:
        inputs = {"names": inputs, "frames": suite.attacks.frames_per_sequence}
    attackers: Any = sorted({"ignorant", *suite.attacks.attackers})
    if suite.attacks.training_draws > 1 and set(attackers) - {"ignorant", "lazy-informed"}:
        attackers = {"names": attackers, "training_draws": suite.attacks.training_draws}
    values: dict[str, Any] = {
        "data": {
            "dataset": run.dataset.name, "fingerprint": run.dataset.fingerprint(), "size": list(suite.data.size),
            "frames": suite.data.frames, "angles": list(run.angles_probed), "gallery_angles": list(suite.data.angles),
        },
        "split": {role: list(getattr(suite.split, role)) for role in ("recognizer", "models", "test")},
        "walks": {r: list(getattr(suite.walks, r)) for r in ("recognizer", "models", "gallery", "probe")},
        "gallery": suite.systems.gallery,
        "attackers": attackers,
        "recognizers": sorted({*suite.systems.recognizer_names, *suite.attacks.recognizer_names}),
        "inputs": inputs,
        "noise": {"seed": suite.seed, "draw": f"per {suite.systems.noise}"},
        "references": {"names": list(suite.quality.references), "frames": suite.quality.frames_per_sequence},
        "statistics": {"resamples": suite.resamples, "confidence": suite.confidence, "clusters": "subjects"},
    }  # fmt: skip
    return {name: {"value": value, "hash": digest(name, value)} for name, value in values.items()}
