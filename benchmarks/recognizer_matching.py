"""Distances of probes to people, and ranks + CMC + mAP, as a run calls them, beside scikit-learn, faiss and a loop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import sklearn
from sklearn.metrics import pairwise

from benchmarks.harness import Case, Peer
from gaitbench.metrics import average_precisions, cmc, subject_distances, true_ranks
from recognizer import euclidean_distances

#: The reference run: 40 people, six probes and four gallery walks each, eleven angles; features of `gei-lda`.
PROBES, GALLERY, FEATURES, PEOPLE = 2640, 1760, 2816, 40


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


def least_by_person(d: np.ndarray, names: np.ndarray) -> np.ndarray:
    """The least of each person's columns."""
    return np.stack([d[:, names == name].min(axis=1) for name in dict.fromkeys(names.tolist())], axis=1)


def by_scikit(probes: np.ndarray, gallery: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Distances by scikit-learn, and the least of each person's columns."""
    return least_by_person(pairwise.euclidean_distances(probes, gallery), names)


def by_faiss(probes: np.ndarray, gallery: np.ndarray, names: np.ndarray) -> np.ndarray:
    """The same by faiss: squared distances of all pairs, their roots, and the least of each person's columns."""
    import faiss

    return least_by_person(np.sqrt(np.maximum(faiss.pairwise_distances(probes, gallery), 0)), names)


def cases() -> Iterator[Case]:
    rng = np.random.default_rng(0)
    probes = rng.normal(size=(PROBES, FEATURES)).astype(np.float32)
    gallery = rng.normal(size=(GALLERY, FEATURES)).astype(np.float32)
    names = np.repeat([f"{i:03d}" for i in range(PEOPLE)], GALLERY // PEOPLE)
    yield Case(
        f"{PROBES:,} probes to {PEOPLE} people of {GALLERY:,} entries x {FEATURES:,} float32",
        lambda: subject_distances(euclidean_distances(probes, gallery), names)[1],
        [
            Peer("scikit-learn", lambda: by_scikit(probes, gallery, names), sklearn.__version__),
            Peer("faiss-cpu", lambda: by_faiss(probes, gallery, names), least_ratio=1.0),
        ],
        lambda a, b: float(np.abs(a - b).max()),
        "level with scikit-learn and faiss",
        5,
        most_difference=1e-2,
    )
    gallery_y = np.repeat([f"{i:04d}" for i in range(1000)], 10)
    probe_y = np.array([f"{i:04d}" for i in range(1000)])
    distances = rng.random((1000, 10_000)).astype(np.float32)
    yield Case(
        "CMC + mAP, 1,000 probes x 10,000 entries",
        lambda: (
            cmc(true_ranks(distances, probe_y, gallery_y, most=10), 10),
            float(average_precisions(distances, probe_y, gallery_y).mean()),
        ),
        [Peer("sorting loop", lambda: loop(distances, probe_y, gallery_y), "-", least_ratio=30)],
        lambda a, b: max(float(np.abs(a[0] - b[0]).max()), abs(a[1] - b[1])),
        "30 x",
        5,
        most_difference=1e-12,
    )
