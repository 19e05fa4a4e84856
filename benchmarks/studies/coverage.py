"""How often intervals hold the truth, and how often tests cry wolf: ``python -m benchmarks.studies.coverage``.

Made studies of 40 people with six sequences each, many of them; people differ (beta), so that the sequences of one
correlate. Two kinds of rates: a rate with a fixed denominator, and one conditioned as the success rate is, over the
sequences that were named before (their number differs between people, and people who are named more often may be
hidden less often: ``tied``). Beside ours: the bootstrap over subjects (BCa) that was in use before. Then the p-values
of paired differences where there is none: how often they are under 0.05 and 0.005.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gaitbench.metrics import Intervals, SubjectBootstrap

SUBJECTS, SEQUENCES = 40, 6
RATES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)
#: Sum of the beta's parameters: the correlation of a person's sequences is 1 / (1 + sum).
STRENGTHS = (1.5, 3.0, 5.0, 10.0)
KINDS = ("fixed", "conditioned", "tied")

Array = NDArray[np.float64]


def study(
    kind: str, rate: float, strength: float, studies: int, seed: int, subjects: int = SUBJECTS
) -> tuple[Array, Array, float]:
    """Hits and trials (subjects, studies) and the true rate."""
    rng = np.random.default_rng([seed, KINDS.index(kind), round(rate * 1e6), round(strength * 10)])
    shape = (subjects, studies)
    own = rng.beta(rate * strength, (1 - rate) * strength, shape)
    if kind == "fixed":
        trials = np.full(shape, SEQUENCES)
        truth = rate
    else:
        known = rng.beta(3.0, 1.0, shape)
        truth = rate
        if kind == "tied":  # who is known better is hit half as often
            own = np.where(known > 0.75, 0.5 * own, own)
            better = 0.75**4  # E[known; known <= 0.75] / E[known], for a beta(3, 1): the rest is 1 - better
            truth = rate * (better + 0.5 * (1 - better))
        trials = rng.binomial(SEQUENCES, known)
    return rng.binomial(trials, own).astype(np.float64), trials.astype(np.float64), truth


def covered(found: Intervals, truth: float) -> tuple[float, float, float]:
    """Share of studies whose interval holds the truth, lies above it, lies below it."""
    there = np.isfinite(found.value)
    low, high = found.low[there], found.high[there]
    return (
        float(np.mean((low <= truth) & (truth <= high))),
        float(np.mean(low > truth)),
        float(np.mean(high < truth)),
    )


def table(
    studies: int, seed: int, *, old: bool, subjects: int = SUBJECTS
) -> list[tuple[str, float, float, float]]:
    """(kind, correlation, rate, coverage) of every cell; `old`: by the bootstrap."""
    boot = SubjectBootstrap([f"{i:03d}" for i in range(subjects)], resamples=1000, seed=seed)
    rows = []
    for kind in KINDS:
        for strength in STRENGTHS:
            for rate in RATES:
                top, bottom, truth = study(kind, rate, strength, studies, seed, subjects)
                found = boot.means(top, bottom) if old else boot.rates(top, bottom)
                rows.append((kind, 1 / (1 + strength), rate, covered(found, truth)[0]))
    return rows


def show(rows: list[tuple[str, float, float, float]]) -> None:
    """Print coverage in percent, one line a kind and correlation."""
    print(f"{'kind':12} {'corr.':>5} " + " ".join(f"{100 * r:6.1f}" for r in RATES))
    for kind, correlation in dict.fromkeys((r[0], r[1]) for r in rows):
        cells = [r[3] for r in rows if (r[0], r[1]) == (kind, correlation)]
        print(f"{kind:12} {correlation:5.2f} " + " ".join(f"{100 * c:6.1f}" for c in cells))
    values = np.array([r[3] for r in rows])
    inside = np.mean((values >= 0.93) & (values <= 0.98))
    print(
        f"lowest {100 * values.min():.1f}, highest {100 * values.max():.1f} %; {100 * inside:.0f} % of {len(rows)} "
        "cells between 93 and 98 %"
    )


#: Differences of one sequence between two systems, mean 0: symmetric, skewed, and rare.
SHAPES: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Array]] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "skewed (log-normal)": lambda rng, shape: rng.lognormal(0, 0.75, shape) - np.exp(0.75**2 / 2),
    "long tails (t, 3)": lambda rng, shape: rng.standard_t(3, shape),
}


def false_alarms(studies: int, seed: int) -> None:
    """Print how often p is under 0.05 and 0.005 where there is no difference."""
    print(f"\n{'differences':22} {'people':>6} {'p < 0.05':>9} {'p < 0.005':>10}   (5 and 0.5 % are right)")
    for people in (40, 12, 6):
        boot = SubjectBootstrap([f"{i:03d}" for i in range(people)], resamples=100)
        for name, draw in SHAPES.items():
            rng = np.random.default_rng([seed, people])
            delta = SEQUENCES * draw(rng, (people, studies))
            ones = np.full_like(delta, SEQUENCES)
            p = boot.differences(delta, ones, np.zeros_like(delta), ones).p_value
            assert p is not None
            print(f"{name:22} {people:6} {100 * np.mean(p < 0.05):8.1f}% {100 * np.mean(p < 0.005):9.2f}%")


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.coverage", description=__doc__)
    parser.add_argument("--studies", type=int, default=5000, metavar="N", help="made studies a cell")
    parser.add_argument("--people", type=int, default=SUBJECTS, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--bootstrap", action="store_true", help="the bootstrap of before, too (minutes)")
    options = parser.parse_args()
    print(f"coverage (%) of 95 % intervals, {options.people} people x {SEQUENCES} sequences, by rate (%)")
    show(table(options.studies, options.seed, old=False, subjects=options.people))
    if options.bootstrap:
        print("\nthe same by bootstrap over subjects (BCa)")
        show(table(min(options.studies, 1000), options.seed, old=True, subjects=options.people))
    false_alarms(4 * options.studies, options.seed)


if __name__ == "__main__":
    main()
