"""A small planted world: people whose gait, seen from any angle, is linear in what they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Gaits:
    X: np.ndarray
    y: np.ndarray
    walk: np.ndarray
    angle: np.ndarray

    def pick(self, chosen):
        return Gaits(self.X[chosen], self.y[chosen], self.walk[chosen], self.angle[chosen])

    @property
    def fit_args(self):
        return (self.X, self.y), {"angle": self.angle, "walk": self.walk}


def planted_gaits(
    people=30, walks=3, angles=(0, 54, 90, 180), size=(16, 11), seed=0, noise=0.01, latent=8, contrast=0.58
):
    """Pictures (n, h, w) about 0.5: a smooth map of a person's vector for each angle, plus the walk's own drift."""
    rng = np.random.default_rng(seed)
    world = np.random.default_rng(1234)  # the cameras are the same for all people
    maps = world.normal(size=(len(angles), latent, size[0] * size[1])) * 0.05
    means = 0.5 + world.normal(size=(len(angles), size[0] * size[1])) * 0.1
    rows, y, walk, angle = [], [], [], []
    for p in range(people):
        identity = rng.normal(size=latent)
        for w in range(walks):
            v = identity + 0.15 * rng.normal(size=latent)
            for k, a in enumerate(angles):
                rows.append(means[k] + v @ maps[k] + noise * rng.normal(size=size[0] * size[1]))
                y.append(f"{seed}-{p:03d}")
                walk.append(f"nm-{w + 1:02d}")
                angle.append(a)
    # Drawn together about 0.5: gait energy images lie in [0, 1], and attackers refuse others.
    X = np.asarray(0.5 + contrast * (np.array(rows) - 0.5), np.float32).reshape(-1, *size)
    return Gaits(X, np.array(y), np.array(walk), np.array(angle))
