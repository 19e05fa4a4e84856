"""Gait energy images of aligned silhouettes, as a run makes them, beside the plain mean and a loop over frames."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from benchmarks.harness import Case, Peer
from recognizer import gait_energy_images, gait_period

SEQUENCES, FRAMES, HEIGHT, WIDTH = 200, 60, 64, 44


def walker(seed: int) -> np.ndarray:
    """Somebody who walks on the spot, aligned, bool (60, 64, 44)."""
    rng = np.random.default_rng(seed)
    out = np.zeros((FRAMES, HEIGHT, WIDTH), np.uint8)
    period = float(rng.uniform(22, 30))
    for t, frame in enumerate(out):
        swing = 10 * np.sin(2 * np.pi * t / period)
        cv2.circle(frame, (22, 6), 5, 1, -1)
        cv2.ellipse(frame, (22, 24), (7, 14), 0, 0, 360, 1, -1)
        for side in (-1, 1):
            cv2.line(frame, (22, 32), (22 + int(side * swing), 63), 1, 5)
    return out.view(np.bool_)


def plain_mean(frames: np.ndarray) -> np.ndarray:
    """The mean of the same frames by numpy, which adds booleans one by one as float64."""
    return frames[: gait_period(frames).complete_frames(len(frames))].mean(axis=0).astype(np.float32)


def frame_loop(frames: np.ndarray) -> np.ndarray:
    """One frame after the other, as gait code usually does it."""
    total = np.zeros(frames.shape[1:])
    count = gait_period(frames).complete_frames(len(frames))
    for frame in frames[:count]:
        total += frame.astype(np.float64)
    return (total / count).astype(np.float32)


def cases() -> Iterator[Case]:
    sequences = [walker(seed) for seed in range(SEQUENCES)]
    yield Case(
        f"{SEQUENCES} aligned sequences x {FRAMES} frames of {HEIGHT} x {WIDTH}",
        lambda: gait_energy_images(sequences),
        [
            Peer("numpy mean", lambda: np.stack([plain_mean(s) for s in sequences]), np.__version__),
            Peer("per-frame loop", lambda: np.stack([frame_loop(s) for s in sequences]), "-"),
        ],
        lambda a, b: float(np.abs(a - b).max()),
        "identical pixels; finding the period is most of the work in all three",
        5,
        most_difference=1e-7,
    )
