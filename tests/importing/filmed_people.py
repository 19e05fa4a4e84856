"""Drawn films of several people with known truth."""

import numpy as np
from drawn_film import SHIRT, SIZE, TROUSERS, person, wall


def film_of(paths, frames):
    """Frames (T, H, W, 3), and the true silhouettes (T, H, W) of each person as if alone.

    Parameters
    ----------
    paths : list of (function of t -> x or None, height)
        The last stands in front.
    frames : int
    """
    draws = np.random.default_rng(9)
    scene, film = wall(), []
    masks = np.zeros((len(paths), frames, *SIZE), bool)
    for t in range(frames):
        frame = scene.copy()
        for i, (where, height) in enumerate(paths):
            if (x := where(t)) is not None:
                upper, lower = person(x, t + 3 * i, height=height)
                frame[upper], frame[lower] = SHIRT, TROUSERS
                masks[i, t] = upper | lower
        noise = draws.normal(0, 1.5, frame.shape)
        film.append(np.clip(frame + noise, 0, 255).astype(np.uint8))
    return np.stack(film), masks


def passing(start, step, begin=0, end=10**6):
    """Somebody who is at `start` at frame `begin` and goes on by `step` a frame."""
    return lambda t: start + step * (t - begin) if begin <= t < end else None


def overlap(found, true):
    """Median intersection over union of the frames (T, H, W) of two."""
    both = [(a & b).sum() / (a | b).sum() for a, b in zip(found, true, strict=True)]
    return float(np.median(both))
