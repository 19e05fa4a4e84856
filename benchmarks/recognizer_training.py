"""Training of `RobustVTM` on fifty people seen from eleven angles, beside the same without robust PCA."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from benchmarks.harness import Case, Peer
from recognizer import RobustVTM, TruncatedVTM

SUBJECTS, WALKS, ANGLES = 50, 10, tuple(range(0, 181, 18))
SIZE = (64, 44)
LATENT = 12


class Gaits(NamedTuple):
    """Images float32 (n, h, w), subjects, angles and walks (n,)."""

    x: NDArray[np.float32]
    subjects: NDArray[np.str_]
    angles: NDArray[np.int64]
    walks: NDArray[np.str_]


@cache
def cameras() -> tuple[np.ndarray, np.ndarray]:
    """For every angle the mean picture (K, h, w) and what a person's numbers do to it (K, latent, h, w)."""
    rng = np.random.default_rng(0)
    rows, columns = np.ogrid[: SIZE[0], : SIZE[1]]
    means, maps = [], []
    for angle in ANGLES:
        wide = 5 + 4 * np.sin(np.radians(angle)) * rows / SIZE[0]
        body = np.clip(1.5 - np.abs(columns - SIZE[1] / 2) / wide, 0, 1)
        means.append(body)
        smooth = np.stack([gaussian_filter(rng.normal(size=SIZE), 3) for _ in range(LATENT)])
        maps.append(smooth / smooth.std() * 0.06 * (body > 0))
    return np.stack(means), np.stack(maps)


def gaits(people: int, walks: int, seed: int) -> Gaits:
    """Gait energy images of so many people: each walk drifts a little, each picture has its own noise."""
    rng = np.random.default_rng(seed)
    means, maps = cameras()
    identity = rng.normal(size=(people, 1, LATENT)) + 0.2 * rng.normal(size=(people, walks, LATENT))
    x = means + np.einsum("pwl,klij->pwkij", identity, maps, optimize=True)
    x = np.clip(x + 0.02 * rng.normal(size=x.shape), 0, 1).astype(np.float32).reshape(-1, *SIZE)
    person, walk, view = (i.ravel() for i in np.indices((people, walks, len(ANGLES))))
    names = np.array([f"{seed}-{p:03d}" for p in person])
    return Gaits(x, names, np.array(ANGLES)[view], np.array([f"nm-{w + 1:02d}" for w in walk]))


def rank1(attacker: RobustVTM, people: Gaits) -> float:
    """Share of strangers' second walks that are named from their first ones, seen from all angles."""
    first = people.walks == "nm-01"
    attacker.enroll(people.x[first], people.subjects[first], angle=people.angles[first])
    found = attacker.predict(people.x[~first], angle=people.angles[~first])
    return float(np.mean(found == people.subjects[~first]))


def cases() -> Iterator[Case]:
    x, subjects, angles, walks = gaits(SUBJECTS, WALKS, seed=0)
    strangers = gaits(20, 2, seed=1)
    yield Case(
        f"{SUBJECTS} people x {WALKS * len(ANGLES)} GEIs of {SIZE[0]} x {SIZE[1]}: robust-vtm",
        lambda: RobustVTM().fit(x, subjects, angle=angles, walk=walks),
        [
            Peer(
                "without robust PCA",
                lambda: TruncatedVTM().fit(x, subjects, angle=angles, walk=walks),
                "-",
            )
        ],
        lambda a, b: abs(rank1(a, strangers) - rank1(b, strangers)),
        "under 30 s on two cores",
        3,
        most_seconds=30.0,
    )
