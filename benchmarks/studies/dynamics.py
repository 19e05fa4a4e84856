"""What the order of frames tells an attacker: ``python -m benchmarks.studies.dynamics``.

Chooses the statistics of `gait-dynamics` without looking at a test person: people 001-030 train the recognizers,
031-050 the anonymizer, 051-080 are enrolled and probed (`dynamics.toml`). Prints rank-1 in percent on untouched walks
(nm, bg, cl, all) and on what a system makes of them, rung by rung, with 95 % intervals over people.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.outcomes import Outcome
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.metrics import SubjectBootstrap
from gaitbench.results.schema_attacks import Attack
from gaitbench.system_value import SystemValue

SETS = ("mean", "spread", "covariance")
ORDER = ("lags", "turns", "timing")
#: What is tried: the recognizer of today, what a set of frames gives, what order alone gives, other sizes.
CHOICES = {
    "as it is": {},
    "sets": {"statistics": SETS},
    "order": {"statistics": ORDER},
    "turns": {"statistics": ("turns",)},
    "timing": {"statistics": ("timing",)},
    "sets, lags, timing": {"statistics": (*SETS, "lags", "timing")},
    "without mean and spread": {"statistics": ("covariance", *ORDER)},
    "components 60": {"components": 60},
    "components 200": {"components": 200},
    "followed 16": {"followed": 16},
    "followed 40": {"followed": 40},
    "lags 3 6 9": {"lags": (3, 6, 9)},
    "lags 2 4 8 12": {"lags": (2, 4, 8, 12)},
    "shrinkage 0.3": {"shrinkage": 0.3},
}
#: The same by the encoder of the anonymizer itself, where it has one (`pose-code`).
POSES = {
    "poses, as it is": {},
    "poses, sets": {"statistics": SETS},
    "poses, sets and order": {"statistics": (*SETS, *ORDER)},
}


def share(outcome: Outcome, right: np.ndarray, walk: str = "") -> str:
    """Rank-1 in percent with its interval over people, of the probes whose walk begins so."""
    taken = np.array([k.walk.startswith(walk) for k in outcome.keys])
    who, right = outcome.subjects[taken], right[taken]
    rate = SubjectBootstrap(who, resamples=2000, seed=0).ratio(right, np.ones(len(right)))
    return "{:5.1f} [{:4.1f}, {:5.1f}]".format(*rate)


def main() -> None:
    """Print a line for each choice: untouched walks, then every rung."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=60, help="of a sequence; `standard` reads 28")
    parser.add_argument("--anonymizer", default="model-2")
    parser.add_argument("--rungs", nargs="+", default=["ignorant", "semi-informed"])
    known = [*CHOICES, *POSES]
    parser.add_argument("--choices", nargs="*", choices=known, default=known)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()

    run = open_run(str(Path(__file__).with_suffix(".toml")), store=options.store, jobs=options.jobs)
    run = replace(run, suite=replace(run.suite, data=replace(run.suite.data, frames=options.frames)))
    needs = {role: prepare_all(run, needs_of_role(run, role)) for role in ("recognizer", "gallery", "probe")}
    systems = Systems(run, prepare_all(run, needs_of_role(run, "models")))
    ladder = Ladder(run, Views(run, systems, needs))
    recognizers = {name: name for name in ("gei-lda", "robust-vtm")}
    for name in options.choices:
        kind, settings = (
            ("gait-dynamics", CHOICES[name])
            if name in CHOICES
            else ("pose-code", {**POSES[name], "system": options.anonymizer})
        )
        recognizers[name] = str(SystemValue(kind, settings))
    print(f"{options.frames} frames, {options.anonymizer}; untouched: nm, bg, cl, all; then {options.rungs}")
    for label, recognizer in recognizers.items():
        found = [
            ladder.outcome(
                Cell(options.anonymizer, "none", Attack(rung, recognizer, "silhouette", "all-views"))
            )
            for rung in options.rungs
        ]
        before = [share(found[0], found[0].correct_before, walk) for walk in ("nm", "bg", "cl", "")]
        after = [share(one, one.correct_after) for one in found]
        print(f"{label:24s} {'  '.join(before)} | {'  '.join(after)}", flush=True)


if __name__ == "__main__":
    main()
