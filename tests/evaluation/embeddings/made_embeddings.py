"""A made set of people whose embeddings are a centre and noise."""

import numpy as np

from gaitbench.evaluation.embeddings.arrays import Embeddings

WALKS = ("nm-01", "nm-02", "nm-05", "cl-01")


def arrays(people=12, angles=(0, 90), parts=2, size=6, kept=1.0, noise=0.6, seed=1, walks=WALKS):
    """Arrays of an .npz file; `kept` of what tells people apart is left."""
    own = np.random.default_rng(0).normal(size=(people, parts, size))
    rng = np.random.default_rng(seed)
    rows = [(p, w, a) for p in range(people) for w in walks for a in angles]
    x = np.stack([kept * own[p] + noise * rng.normal(size=(parts, size)) for p, _, _ in rows])
    return {
        "embeddings": x,
        "subject": np.array([f"{p + 1:03d}" for p, _, _ in rows]),
        "walk": np.array([w for _, w, _ in rows]),
        "angle": np.array([a for _, _, a in rows]),
    }


def made(**settings):
    return of(arrays(**settings))


def of(found, source="made"):
    return Embeddings.of(found["embeddings"], found["subject"], found["walk"], found["angle"], source=source)
