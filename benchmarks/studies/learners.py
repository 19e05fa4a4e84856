"""What learning attackers gain by more draws, more people, and by undoing: ``python -m benchmarks.studies.learners``.

Chooses without looking at a test person: people 001-030 train the recognizers, 031-050 the anonymizer, 051-080 are
enrolled and probed (`dynamics.toml`; ``joint`` learns from 031-050, too). Prints rank-1 in percent on untouched walks
(nm, bg, cl, all) and on what a system makes of them, rung by rung and draw by draw, with 95 % intervals over people.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.studies.dynamics import share
from gaitbench.errors import GaitbenchError
from gaitbench.evaluation.attacks.ladder import Ladder
from gaitbench.evaluation.attacks.plan import Cell
from gaitbench.evaluation.attacks.views import Views
from gaitbench.evaluation.run.needs import needs_of_role
from gaitbench.evaluation.run.setup import open_run
from gaitbench.evaluation.stages.prepare import prepare_all
from gaitbench.evaluation.stages.systems import Systems
from gaitbench.results.schema_attacks import Attack

ROLES = ("recognizer", "models", "gallery", "probe")
#: Rungs that learn from what the system shows.
LEARNING = ("semi-informed", "joint", "de-anonymize")


def main() -> None:
    """Print a line for each recognizer, rung and number of draws."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--anonymizer", default="model-2")
    parser.add_argument("--rungs", nargs="+", default=["ignorant", *LEARNING])
    parser.add_argument(
        "--recognizers", nargs="+", default=["gei-lda", "robust-vtm", "gait-dynamics", "gait-tcn"]
    )
    parser.add_argument("--draws", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--store", type=Path)
    options = parser.parse_args()

    opened = open_run(
        str(Path(__file__).with_name("dynamics.toml")), store=options.store, jobs=options.jobs, device="cpu"
    )
    needs = {role: prepare_all(opened, needs_of_role(opened, role)) for role in ROLES}
    systems = Systems(opened, needs["models"])
    for draws in options.draws:
        suite = replace(opened.suite, attacks=replace(opened.suite.attacks, training_draws=draws))
        run = replace(opened, suite=suite)
        ladder = Ladder(run, Views(run, systems, needs))
        for recognizer in options.recognizers:
            for rung in options.rungs:
                if draws > 1 and rung not in LEARNING:
                    continue
                cell = Cell(options.anonymizer, "none", Attack(rung, recognizer, "silhouette", "all-views"))
                started = time.process_time()
                try:
                    found = ladder.outcome(cell)
                except GaitbenchError as error:
                    print(f"{recognizer} {rung}: {error}", flush=True)
                    continue
                before = [share(found, found.correct_before, walk) for walk in ("nm", "bg", "cl", "")]
                after, tested = share(found, found.correct_after), found.strangers
                passed = "" if tested is None else f"strangers {'passed' if tested.passed else 'FAILED'}"
                print(
                    f"{recognizer:14s} {rung:14s} {draws} draws: {after}  {passed}  "
                    f"(untouched {'  '.join(before)}; {time.process_time() - started:.0f} s)",
                    flush=True,
                )


if __name__ == "__main__":
    main()
