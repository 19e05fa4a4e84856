"""Success and likeness of Model 2 by strength, on its training people: ``python -m benchmarks.studies.strength``.

Chooses the default strength without looking at a test person: the people of the role `models` stand in gallery and
probes, the slides' attacker (robust VTM, trained on the role `recognizer`) names them. IoU: frames of complete
silhouettes against the original's. At 0 it says how well the network draws a walk again.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from gaitbench.datasets.silhouettes.completeness import complete_frames
from gaitbench.datasets.splits import Split
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.rows.success_rows import success_rows
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.anonymize import by_subject, load_masks
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.prepared import load_prepared
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.results.schema_attacks import Attack
from gaitbench.system_value import SystemValue


def likeness(run, shown) -> float:
    """Mean IoU of complete frames with the original's, over the sequences that have any."""
    found = []
    for subject, needs in by_subject(shown.needs).items():
        masks, _ = load_masks(run, shown.keys[subject])
        for need in needs:
            original = load_prepared(run, need, shown.needs[need]).sequence
            if original is None or str(need.key) not in masks:
                continue
            whole = complete_frames(original.silhouettes)
            if whole.any():
                a, b = masks[str(need.key)][whole], original.silhouettes[whole]
                found.append(float(((a & b).sum((1, 2)) / (a | b).sum((1, 2))).mean()))
    return float(np.mean(found))


def main() -> None:
    """Print success (all angles, the lowest and the highest angle) and IoU for each strength."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", default="quick")
    parser.add_argument(
        "--strengths", type=float, nargs="+", default=[0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0]
    )
    parser.add_argument(
        "--attacker", default="ignorant", help="ignorant: the slides'; semi-informed knows the system"
    )
    parser.add_argument("--test", action="store_true", help="the test people instead: not to choose by")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()

    run = open_run(options.suite, store=options.store, jobs=options.jobs)
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    if not options.test:
        # a split gives nobody two roles: the first test people stand in for the models, and are not used
        own = run.suite.split
        split = Split(own.recognizer, own.test[:1], own.models)
        run = replace(run, suite=replace(run.suite, split=split))
    plain = replace(run, suite=replace(run.suite, quality=replace(run.suite.quality, frames_per_sequence=1)))
    roles = {role: needs_of_role(plain, role) for role in ("recognizer", "gallery", "probe")}
    needs = {role: prepare_all(run, found) for role, found in roles.items()}
    ladder = Ladder(run, Views(run, systems, needs))
    attack = Attack(options.attacker, "robust-vtm", "silhouette", "all-views")
    print("strength  success %  lowest angle  highest angle  named before  IoU", flush=True)
    for strength in options.strengths:
        text = str(SystemValue("model-2", {"strength": float(strength)}))
        outcome = ladder.outcome(Cell(text, "none", attack))
        rows = [r for r in success_rows(run, outcome, ("none",)) if r.rate is not None]
        rate = 100.0 * sum(r.m for r in rows) / sum(r.s for r in rows)
        before = sum(r.s for r in rows) / sum(r.n for r in rows)
        rates = [r.rate for r in rows]
        shown = ladder.views.anonymized(text)
        print(
            f"{strength:8g}  {rate:9.2f}  {min(rates):12.2f}  {max(rates):13.2f}  {before:12.3f}  "
            f"{likeness(run, shown):.3f}", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
