"""Small people of the planted world as frames: silhouettes that swing, and the clothes they wear."""

from __future__ import annotations

import numpy as np


def walking_boxes(people=6, walks=4, frames=5, size=(32, 24), seed=0):
    """Silhouettes bool (n, T, h, w), subjects, angles: a trunk of a person's width on legs of a person's swing."""
    rng = np.random.default_rng(seed)
    h, w = size
    sets, y, angle = [], [], []
    for p in range(people):
        width, tall, swing = 2 + p % 3 * 2, h // 4 + p // 3 * h // 6, 2 + 2 * (p % 2)
        for k in range(walks):
            view = (0, 90)[k % 2]
            x = np.zeros((frames, h, w), bool)
            for t, phase in enumerate(rng.random() + np.arange(frames) / frames):
                middle = w // 2 + int(rng.integers(-1, 2))
                x[t, 2:tall, middle - width : middle + width] = True
                step = round(swing * np.sin(2 * np.pi * phase) * (1 if view else 0.5))
                x[t, tall:, middle - 1 + step : middle + 1 + step] = True
                x[t, tall:, middle - 1 - step : middle + 1 - step] = True
            sets.append(x)
            y.append(f"p{p}")
            angle.append(view)
    return np.stack(sets), np.array(y), np.array(angle)


def dressed_boxes(people=5, walks=4, frames=3, size=(24, 12), seed=0):
    """RGB frames uint8 (n, T, h, w, 3), subjects, angles: shirt, trousers and light of the walk."""
    rng = np.random.default_rng(seed)
    h, w = size
    clothes = rng.integers(40, 230, (people, 2, 3))
    sets, y, angle = [], [], []
    for p in range(people):
        for k in range(walks):
            light = rng.uniform(0.8, 1.1)
            x = np.zeros((frames, h, w, 3), float)
            x[:, 2 : h // 2, 3:-3] = clothes[p, 0]
            x[:, h // 2 : -1, 4:-4] = clothes[p, 1]
            noise = rng.normal(0, 4, x.shape)
            sets.append(np.where(x > 0, np.clip(x * light + noise, 1, 255), 0).astype(np.uint8))
            y.append(f"p{p}")
            angle.append((0, 90)[k % 2])
    return np.stack(sets), np.array(y), np.array(angle)


def turning_blocks(people, seed, frames=26, shuffled=False):
    """Silhouettes (n, T, 32, 24), four walks each: every second person shows the other's frames in reverse order.

    A block that goes round a square: what is seen in a walk is the same for all, its order is not.
    """
    rng = np.random.default_rng(seed)
    sets, names = [], []
    for person in range(people):
        for _ in range(4):
            phase = 2 * np.pi * (rng.random() + np.arange(frames) / frames)
            phase = phase if person % 2 else phase[::-1]
            if shuffled:
                phase = rng.permutation(phase)
            x = np.zeros((frames, 32, 24), bool)
            for t, p in enumerate(phase):
                row, column = round(15 + 8 * np.sin(p)), round(11 + 6 * np.cos(p))
                x[t, row - 3 : row + 3, column - 3 : column + 3] = True
            sets.append(x)
            names.append(f"p{person}")
    return sets, np.array(names)
