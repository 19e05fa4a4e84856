"""Small walking figures, drawn in a moment: legs that swing, a body of its own for each subject, clothes."""

import cv2
import numpy as np

from gaitbench.datasets.sequence import GaitSequence, SequenceKey


def walk(subject, angle=90, frames=12, size=(32, 22), walk="nm-01", rgb=True):
    """One sequence; the body and the clothes depend on `subject` alone."""
    rng = np.random.default_rng([subject, 7])
    girth, head, swing, phase = rng.uniform([3.0, 2.0, 0.25, 0.0], [6.0, 3.2, 0.45, 6.3])
    coat, legs, wall = rng.integers(40, 230, (3, 3))
    height, width = 8 * size[0] // 8 * 4, 4 * size[1]
    unit, middle = height / 64, width / 2
    silhouettes = np.zeros((frames, *size), bool)
    pictures = np.zeros((frames, *size, 3), np.uint8)
    for t in range(frames):
        body = np.zeros((height, width), np.uint8)
        scene = np.broadcast_to(wall.astype(np.uint8), (height, width, 3)).copy()

        def stroke(a, b, thick, color, body=body, scene=scene):
            ends = [tuple(int(v) for v in p) for p in (a, b)]
            cv2.line(body, *ends, 1, max(1, int(thick * unit)))
            cv2.line(scene, *ends, [int(c) for c in color], max(1, int(thick * unit)))

        hip = (middle, 34 * unit)
        for side in (1, -1):
            lean = swing * np.sin(phase + 0.8 * t) * side * (0.25 + 0.75 * np.sin(np.deg2rad(angle)))
            stroke(hip, (hip[0] + np.sin(lean) * 27 * unit, hip[1] + np.cos(lean) * 27 * unit), 5, legs)
        stroke((middle, 14 * unit), hip, 2 * girth, coat)
        stroke((middle, 4 * unit), (middle, 10 * unit), 2 * head, coat // 2)
        silhouettes[t] = cv2.resize(body.astype(np.float32), size[::-1], interpolation=cv2.INTER_AREA) > 0.5
        pictures[t] = cv2.resize(scene, size[::-1], interpolation=cv2.INTER_AREA)
    numbers = np.arange(1, frames + 1, dtype=np.int32)
    key = SequenceKey(f"{subject:03d}", walk, angle)
    return GaitSequence(key, silhouettes, pictures if rgb else None, numbers, frames)


def crowd(subjects=range(1, 5), angles=(0, 90), **options):
    """One walk of each subject at each angle."""
    return [walk(s, a, **options) for s in subjects for a in angles]


def with_silhouettes(sequence, silhouettes):
    """The same sequence with other silhouettes."""
    return GaitSequence(
        sequence.key, silhouettes, None, np.arange(1, len(silhouettes) + 1, dtype=np.int32), len(silhouettes)
    )
