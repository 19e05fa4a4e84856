"""Drawn films with known truth: a person in two colours walks past a textured wall."""

import cv2
import numpy as np

from gaitbench.datasets.video_writing import write_mp4

SIZE = (180, 240)
SHIRT, TROUSERS = (200, 40, 40), (40, 60, 180)


def wall(size=SIZE):
    """A scene with texture, RGB."""
    draws = np.random.default_rng(5)
    coarse = draws.integers(90, 170, (size[0] // 12, size[1] // 12, 3), dtype=np.uint8)
    soft = cv2.resize(coarse, size[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.addWeighted(soft, 0.7, cv2.resize(coarse, size[::-1], interpolation=cv2.INTER_NEAREST), 0.3, 0)


def person(x, t, height=110, foot=165, size=SIZE):
    """Silhouettes of shirt and head, and of the legs."""
    upper, lower = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    top = foot - height
    cv2.ellipse(
        upper,
        (round(x), round(top + 0.08 * height)),
        (round(0.06 * height), round(0.08 * height)),
        0,
        0,
        360,
        1,
        -1,
    )
    cv2.ellipse(
        upper,
        (round(x), round(top + 0.33 * height)),
        (round(0.11 * height), round(0.2 * height)),
        0,
        0,
        360,
        1,
        -1,
    )
    swing = 0.16 * height * np.sin(0.45 * t)
    for side in (-1, 1):
        hip = (round(x), round(top + 0.5 * height))
        cv2.line(lower, hip, (round(x + side * swing), foot), 1, round(0.09 * height))
    lower[foot + 1 :] = 0
    return upper.astype(bool), lower.astype(bool) & ~upper.astype(bool)


def walk(frames=60, start=-40.0, step=5.5, size=SIZE, **how):
    """Frames (T, H, W, 3), true silhouettes (T, H, W); the scene is empty before and after."""
    draws = np.random.default_rng(9)
    scene, film, masks = wall(size), [], []
    for t in range(frames):
        frame = scene.copy()
        upper, lower = person(start + step * t, t, size=size, **how)
        frame[upper], frame[lower] = SHIRT, TROUSERS
        noise = draws.normal(0, 1.5, frame.shape)
        film.append(np.clip(frame + noise, 0, 255).astype(np.uint8))
        masks.append(upper | lower)
    return np.stack(film), np.stack(masks)


def write(path, film, fps=25.0, times=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    write_mp4(path, film, fps, crf=12, times=times)
    return path
