"""How fast an attack searches its gallery block by block: pairs a second, beside distances alone and faiss.

    python -m benchmarks.studies.matching_in_blocks [people ...]

Made-up people, 14 views, one walk each in gallery and probes, pictures of 8 x 8: the products are cheap, so what is
measured is what a search does with distances: three gallery protocols, average precision, strangers, verification.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.studies.ou_mvlp import VIEWS, names
from gaitbench.datasets.sequence import SequenceKey
from gaitbench.evaluation.attacks.blocks.entries import Entries
from gaitbench.evaluation.attacks.blocks.searching import search
from gaitbench.evaluation.attacks.blocks.size import block_rows
from gaitbench.evaluation.attacks.features import Features
from recognizer import GeiNearestNeighbor, euclidean_distances


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main(people: int) -> None:
    rng = np.random.default_rng(0)
    own = np.repeat(rng.normal(size=(people, 64)), len(VIEWS), axis=0)
    sides = []
    for walk in ("00", "01"):
        keys = tuple(SequenceKey(name, walk, view) for name in names(people) for view in VIEWS)
        x = np.clip((own + rng.normal(size=own.shape)) / 14 + 0.5, 0, 1).astype(np.float32)
        sides.append(Features(x.reshape(-1, 8, 8), keys, {}, walk))
    probes, gallery = sides
    model = GeiNearestNeighbor().fit(gallery.x, gallery.subjects, angle=gallery.angles)
    model.enroll(gallery.x, gallery.subjects, angle=gallery.angles)
    angles, everybody = np.array(sorted(VIEWS)), np.unique(gallery.subjects)
    rows = block_rows(len(gallery.keys), len(angles), people)

    def searched() -> None:
        entries = Entries(gallery, angles, everybody)
        search(
            lambda some: entries.measure(model, "gei-nn", some), probes, angles, everybody, rows,
            gallery="all-views", seed=0,
        )  # fmt: skip

    flat = [np.asarray(side.x).reshape(-1, 64) for side in sides]

    def alone() -> None:
        for start in range(0, len(flat[0]), rows):
            euclidean_distances(flat[0][start : start + rows], flat[1])

    def by_faiss() -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        index = faiss.IndexFlatL2(64)
        index.add(flat[1])
        index.search(flat[0], 1)

    pairs = len(flat[0]) * len(flat[1])
    for name, work in (
        ("search", searched),
        ("distances alone", alone),
        ("faiss, the nearest alone", by_faiss),
    ):
        took = seconds(work)
        print(
            f"{people:,} people, {pairs / 1e6:,.1f} M pairs, {name}: {took:.2f} s, {pairs / took / 1e6:,.1f} M/s"
        )
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")


if __name__ == "__main__":
    for count in map(int, sys.argv[1:] or ["200", "400", "800"]):
        main(count)
