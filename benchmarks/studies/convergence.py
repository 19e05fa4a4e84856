"""Held-out loss curves of the learned colorizers: ``python -m benchmarks.studies.convergence FOLDER``.

A quarter of the people of the role `models` is held out here, and here alone, and looked at while the others are
learned from. Each system is trained at several numbers of steps, because the learning rate falls over a whole training.
Writes ``convergence.png`` and ``convergence.csv``; prints each end.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt

from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.registry import COLORIZERS
from gaitbench.training import Session, Validation

_SHARE = 0.25


def curve(systems: Systems, name: str, steps: int, every: int) -> list[tuple[int, float]]:
    """Held-out loss after so many steps, of one training; nothing stops it early."""
    system = COLORIZERS.get(name)()
    system = type(system)(replace(system.settings, steps=steps))
    session = Session(validation=Validation(share=_SHARE, every=every, patience=10**9))
    system.fit(
        systems.pictures, seed=0, anonymized=systems.training_masks(systems.partner(name)), session=session
    )
    return [(int(row["step"]) + 1, row["validation"]) for row in system.history_ if "validation" in row]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suite", default="quick")
    parser.add_argument("--systems", nargs="+", default=["baseline", "proposed"])
    parser.add_argument("--steps", type=int, nargs="+", default=[1000, 2000, 4000, 8000])
    parser.add_argument("--every", type=int, default=250)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args(arguments)

    run = open_run(options.suite, store=options.store, jobs=options.jobs)
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    options.folder.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(
        1, len(options.systems), figsize=(4.5 * len(options.systems), 3.2), squeeze=False
    )
    rows = []
    for axis, name in zip(axes[0], options.systems, strict=True):
        for steps in options.steps:
            points = curve(systems, name, steps, options.every)
            axis.plot(*zip(*points, strict=True), label=f"{steps} steps")
            rows += [(name, steps, step, value) for step, value in points]
            print(f"{name:16} {steps:6} steps: held-out loss {points[-1][1]:.5f}", flush=True)
        axis.set(title=name, xlabel="step", ylabel="loss of held-out people", yscale="log")
        axis.legend()
    figure.tight_layout()
    figure.savefig(options.folder / "convergence.png", dpi=120)
    with (options.folder / "convergence.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("system", "steps", "step", "held_out_loss"))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
