"""How often a gait period is told, and how wrong it is, by length: ``python -m benchmarks.studies.periods``.

Walkers 051-062 of the training role, one walk in plain clothes and one in a coat, extracted as a run extracts them; the
truth is the period of the walker's motion. `Shown` is the length over the period that was told.
"""

from __future__ import annotations

import argparse

import numpy as np

from gaitbench.datasets.clock import RATE
from gaitbench.datasets.prepare import prepare
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.datasets.walkers.dataset import Walkers
from gaitbench.errors import DataError
from recognizer import gait_period

LENGTHS = (28, 45, 60, 75, 88)
ANGLES = (0, 36, 54, 90, 126, 180)
WALKS = ("nm-01", "cl-01")


def measured(subjects: list[str]) -> dict[int, list[tuple[float, float | None]]]:
    """By length: true period and the one told (None: not sure), in frames."""
    walkers = Walkers(length=90)
    found: dict[int, list[tuple[float, float | None]]] = {length: [] for length in LENGTHS}
    for subject in subjects:
        for walk in WALKS:
            truth = walkers.annotations(SequenceKey(subject, walk, 90), frames=2).period
            for recording in walkers.load_walk(subject, walk, list(ANGLES), frames=90):
                try:
                    one = prepare(recording, size=(64, 44), rgb=False, frames=90)
                except DataError as error:
                    print(error)
                    continue
                for length in [n for n in LENGTHS if n <= len(one.silhouettes)]:
                    seen, numbers = one.silhouettes[:length], one.frame_numbers[:length]
                    found[length].append((truth, gait_period(seen, frame_numbers=numbers, fps=RATE).frames))
    return found


def main() -> None:
    """Print a line a length."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--subjects", type=int, default=12, help="walkers, from 051 on")
    subjects = [f"{51 + i:03d}" for i in range(parser.parse_args().subjects)]
    print("frames  sequences  sure  median error  95 %  off by more than 1  least shown")
    for length, pairs in measured(subjects).items():
        told = np.array([(truth, period) for truth, period in pairs if period is not None]).reshape(-1, 2)
        if not len(told):
            print(f"{length:6d}  {len(pairs):9d}    0 %")
            continue
        error = np.abs(told[:, 1] - told[:, 0])
        print(
            f"{length:6d}  {len(pairs):9d}  {len(told) / len(pairs):4.0%}  {np.median(error):12.2f}  "
            f"{np.percentile(error, 95):4.2f}  {(error > 1).mean():18.1%}  {(length / told[:, 1]).min():11.2f}"
        )


if __name__ == "__main__":
    main()
