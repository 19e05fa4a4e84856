"""Figures of a run from its published distances, by other code: ``python -m benchmarks.studies.recompute RUN``.

``distances.parquet`` is all that is read of the attacks. Ranks by scipy, the equal error rate by scikit-learn's ROC
curve and a root, D_sys by the formula of Gomez-Barrero et al. (2018) written out, success by counting. Every
figure is held against the record's; the exit code is 1 where one differs by more than 1e-6.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import rankdata
from sklearn.metrics import roc_curve

from gaitbench.results.distances import read_distances
from gaitbench.results.record import Record

NAMES = ["anonymizer", "colorizer", "attacker", "recognizer", "input", "gallery"]
LIMIT = 1e-6

Array = NDArray[np.float64]


def filled(values: Array, own: NDArray[np.bool_]) -> Array:
    """Where there is nothing to look at the own person comes last."""
    blank = np.isnan(values).any(axis=1)
    out = values.copy()
    out[blank] = own[blank]
    return out


def d_sys(genuine: Array, impostor: Array) -> float:
    """Sum over bins of p(s | genuine) D(s), D = 2 LR / (1 + LR) - 1 where LR > 1."""
    edges = np.linspace(
        min(genuine.min(), impostor.min()), max(genuine.max(), impostor.max()), 1 + bins(genuine)
    )
    p, q = (np.histogram(x, edges)[0] / len(x) for x in (genuine, impostor))
    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a > b:
            ratio = a / b if b else np.inf
            total += a * (1.0 if np.isinf(ratio) else 2 * ratio / (1 + ratio) - 1)
    return float(total)


def bins(genuine: Array) -> int:
    """As many as a tenth of the genuine pairs, 1 to 100."""
    return min(100, max(1, len(genuine) // 10))


def equal_error_rate(genuine: Array, impostor: Array) -> float:
    """Where scikit-learn's ROC curve crosses the diagonal of equal errors."""
    labels = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    false, true, _ = roc_curve(labels, -np.r_[genuine, impostor], drop_intermediate=False)
    return float(brentq(lambda x: 1 - np.interp(x, false, true) - x, 0.0, 1.0, xtol=1e-12))


def figures(
    subjects: NDArray[np.str_],
    angles: NDArray[np.int_],
    failed: NDArray[np.bool_],
    people: NDArray[np.str_],
    before: Array,
    after: Array,
) -> dict[str, float]:
    """All figures of one attack, in the record's units."""
    own = subjects[:, None] == people
    final = filled(after, own)
    final[failed] = np.where(own[failed], -np.inf, 0.0)
    rank = rankdata(final, method="ordinal", axis=1)[own]
    first = rankdata(filled(before, own), method="ordinal", axis=1)[own] == 1
    first &= ~np.isnan(before).any(axis=1)
    found = ((rank == 1) & ~np.isnan(after).any(axis=1)) | failed
    out = {
        "rank1": 100 * found.mean(), "rank5": 100 * (rank <= 5).mean(), "mrr": 100 * (1 / rank).mean(),
        "s": float(first.sum()), "m": float((first & ~found).sum()),
    }  # fmt: skip
    good = np.isfinite(after).all(axis=1) & ~failed
    if good.any() and len(people) > 2:
        scaled = after[good].copy()
        for angle in np.unique(angles[good]):
            here = angles[good] == angle
            scaled[here] /= scaled[here].mean() or 1.0
        pairs = scaled[own[good]], scaled[~own[good]]
        out |= {"eer": 100 * equal_error_rate(*pairs), "d_sys": d_sys(*pairs)}
    return out


def compare(run_dir: Path) -> tuple[dict[str, float], int]:
    """Largest difference of each figure over all attacks, and how many attacks there were."""
    rows, people, before, after = read_distances(run_dir)
    record = Record.load(run_dir)
    names = np.array(people)
    apart: dict[str, float] = {}
    for row in record.identification:
        here = np.ones(len(rows), dtype=bool)
        for name in NAMES:
            here &= (rows[name] == getattr(row, name)).to_numpy()
        there = rows[here]
        enrolled = np.isfinite(before[here]).any(axis=0) | np.isfinite(after[here]).any(axis=0)
        found = figures(
            there["subject"].to_numpy(dtype=str), there["angle"].to_numpy(dtype=int),
            there["failed"].to_numpy(dtype=bool), names[enrolled],
            before[here][:, enrolled].astype(np.float64), after[here][:, enrolled].astype(np.float64),
        )  # fmt: skip
        for figure, value in found.items():
            said = getattr(row, figure)
            difference = np.inf if said is None else abs(float(said) - value)
            apart[figure] = max(apart.get(figure, 0.0), difference)
    return apart, len(record.identification)


def main() -> int:
    """Recompute, print the agreement."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.recompute", description=__doc__)
    parser.add_argument("run", type=Path, help="folder that run-all wrote")
    apart, attacks = compare(parser.parse_args().run)
    print(
        f"{attacks} attacks; largest difference between the record and what its distances give by other code:"
    )
    wrong = False
    for figure, difference in apart.items():
        agrees = difference <= LIMIT
        wrong |= not agrees
        print(f"{figure:8} {difference:.1e}  {'agrees' if agrees else 'DIFFERS'} (limit {LIMIT:g})")
    return int(wrong or not apart)


if __name__ == "__main__":
    sys.exit(main())
