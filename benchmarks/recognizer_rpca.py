"""Robust PCA (principal component pursuit by inexact ALM) beside pyrpca."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.harness import Case, Peer
from recognizer import RobustPCA

ROWS = 11 * 64 * 44


def planted(columns: int, rank: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    low = rng.normal(size=(ROWS, rank)) @ rng.normal(size=(rank, columns))
    low[rng.random(low.shape) < 0.05] += 10
    return low


def objective(low: np.ndarray, data: np.ndarray) -> float:
    singular = np.sqrt(np.maximum(np.linalg.eigvalsh(low.T @ low), 0))
    return float(singular.sum() + np.abs(data - low).sum() / np.sqrt(len(data)))


def cases() -> Iterator[Case]:
    try:
        from pyrpca import rpca_pcp_ialm
    except ImportError:
        print("recognizer_rpca: pyrpca is not installed (extra bench); skipped")
        return
    for columns, rank, times, repeats in ((50, 5, 8, 5), (300, 30, 6, 3)):
        data = planted(columns, rank)
        lam = 1 / np.sqrt(ROWS)
        yield Case(
            f"{ROWS} x {columns}, rank {rank}, 5 % spoiled, tol 1e-7",
            lambda data=data: RobustPCA(tol=1e-7).fit(data).low_rank_,
            [
                Peer(
                    "pyrpca",
                    lambda data=data, lam=lam: rpca_pcp_ialm(data, lam, tol=1e-7, verbose=False)[0],
                    least_ratio=times,
                    most_memory=0.5,
                )
            ],
            lambda a, b, data=data: abs(objective(a, data) / objective(b, data) - 1),
            f"{times} x, half the memory",
            repeats,
            most_difference=1e-3,  # at growth 1.5 both stop up to 0.1 % above the optimum
        )
    data = planted(50, 5)
    yield Case(
        f"{ROWS} x 50, growth 1.02: duality gap",
        lambda: RobustPCA(tol=1e-8, growth=1.02, max_iter=1000).fit(data),
        [Peer("growth 1.5", lambda: RobustPCA(tol=1e-8).fit(data), "-")],
        lambda a, b: a.gap_,
        "gap at most 1e-6",
        1,
        most_difference=1e-6,
    )
