"""Nearest neighbour, and CMC + mAP, beside scikit-learn and the usual loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import sklearn
from sklearn.neighbors import NearestNeighbors

from benchmarks.harness import Case, Peer
from recognizer import cumulative_match, mean_average_precision, nearest_neighbors


def loop(distances: np.ndarray, probe_y: np.ndarray, gallery_y: np.ndarray) -> tuple[np.ndarray, float]:
    """Sort the whole gallery for each probe, as re-identification code usually does."""
    curve, precisions = np.zeros(10), []
    for row, name in zip(distances, probe_y, strict=True):
        names = gallery_y[np.argsort(row, kind="stable")]
        hit = names == name
        precisions.append(np.mean(np.cumsum(hit)[hit] / (np.flatnonzero(hit) + 1)))
        first = np.unique(names, return_index=True)
        place = np.count_nonzero(first[1] < np.argmax(hit))
        if place < 10:
            curve[place:] += 1
    return curve / len(probe_y), float(np.mean(precisions))


def cases() -> Iterator[Case]:
    rng = np.random.default_rng(0)
    probes, gallery = (rng.normal(size=(10_000, 1000)).astype(np.float32) for _ in range(2))
    peers = [
        Peer(
            "scikit-learn",
            lambda: NearestNeighbors(n_neighbors=1, algorithm="brute").fit(gallery).kneighbors(probes),
            sklearn.__version__,
            least_ratio=1.8,
        )
    ]
    try:
        import faiss

        def search() -> Any:
            index = faiss.IndexFlatL2(gallery.shape[1])
            index.add(gallery)
            squares, found = index.search(probes, 1)
            return np.sqrt(squares), found

        peers.append(Peer("faiss-cpu", search, least_ratio=0.95))
    except ImportError:
        print("recognizer_matching: faiss-cpu is not installed (extra bench); skipped")
    yield Case(
        "nearest of 10,000 x 10,000 x 1,000 float32",
        lambda: nearest_neighbors(probes, gallery),
        peers,
        lambda a, b: float(np.abs(a[1] - b[0][:, 0]).max()),
        "1.8 x scikit-learn, level with faiss, under 100 MB",
        3,
        most_difference=1e-2,
        most_mb=100,
    )
    gallery_y = np.repeat([f"{i:04d}" for i in range(1000)], 10)
    probe_y = np.array([f"{i:04d}" for i in range(1000)])
    distances = rng.random((1000, 10_000)).astype(np.float32)
    yield Case(
        "CMC + mAP, 1,000 probes x 10,000 entries",
        lambda: (
            cumulative_match(distances, probe_y, gallery_y),
            mean_average_precision(distances, probe_y, gallery_y),
        ),
        [Peer("sorting loop", lambda: loop(distances, probe_y, gallery_y), "-", least_ratio=30)],
        lambda a, b: max(float(np.abs(a[0] - b[0]).max()), abs(a[1] - b[1])),
        "30 x",
        5,
        most_difference=1e-12,
    )
